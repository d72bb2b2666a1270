import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    H_new = torch.tanh(X @ W_xh + H @ W_hh + b_h)
