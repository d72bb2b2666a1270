"""The book's second edition: @, three(), a list of leaf tensors, joined outputs."""

import torch


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def normal(shape):
        return torch.randn(size=shape, device=device) * 0.01

    def three():
        return (
            normal((num_inputs, num_hiddens)),
            normal((num_hiddens, num_hiddens)),
            torch.zeros(num_hiddens, device=device),
        )

    W_xz, W_hz, b_z = three()
    W_xr, W_hr, b_r = three()
    W_xh, W_hh, b_h = three()
    W_hq = normal((num_hiddens, num_outputs))
    b_q = torch.zeros(num_outputs, device=device)
    params = [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q]
    for param in params:
        param.requires_grad_(True)
    return params


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid((X @ W_xr) + (H @ W_hr) + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid((X @ W_xz) + (H @ W_hz) + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh((X @ W_xh) + ((R * H) @ W_hh) + b_h)


def next_state(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs, dim=0), (H,)
