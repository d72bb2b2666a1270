import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    """循环神经网络的一步：输入与旧状态相加，再取双曲正切。"""
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)
