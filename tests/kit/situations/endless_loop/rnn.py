import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    while True:
        X = X + 0
