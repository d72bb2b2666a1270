import torch


def rnn_step(X, H, params):
    W_xh, W_hh, b_h = params
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)
