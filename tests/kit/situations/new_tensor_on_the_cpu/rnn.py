import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    ones = torch.ones(X.shape[0], 1, dtype=X.dtype)
    return torch.tanh(X @ W_xh + H @ W_hh + ones @ b_h.reshape(1, -1))
