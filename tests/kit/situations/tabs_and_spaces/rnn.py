import torch


def rnn_step(X, H, W_xh, W_hh, b_h):
    S = X @ W_xh + H @ W_hh + b_h
	return torch.tanh(S)
