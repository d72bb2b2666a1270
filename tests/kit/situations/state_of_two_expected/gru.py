import torch


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(X @ W_xr + H @ W_hr + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


def next_state(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H, C = state
    outputs = []
    for X in inputs:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        H = Z * H + (1 - Z) * H_tilde
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
