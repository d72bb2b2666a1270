import numpy as np


def rnn_step(X, H, W_xh, W_hh, b_h):
    return np.tanh(X @ W_xh + H @ W_hh + b_h)
