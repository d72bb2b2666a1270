import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    H = torch.tanh(inputs @ W_xh + H @ W_hh + b_h)
    return [H @ W_hq + b_q], (H,)
