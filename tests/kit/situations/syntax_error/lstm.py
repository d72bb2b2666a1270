import torch


def input_gate(X, H, W_xi, W_hi, b_i)
    return torch.sigmoid(X @ W_xi + H @ W_hi + b_i)
