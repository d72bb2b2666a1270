import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(rnn_step(X, H, W_xh, W_hh, b_h))
