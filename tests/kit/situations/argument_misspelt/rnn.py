import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_hx + H @ W_hh + b_h)
