"""One tensor wherever a sequence is meant: outputs (T, n, q)."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def new(*size):
        param = nn.Parameter(torch.zeros(size, device=device))
        return nn.init.normal_(param, 0, 0.01) if len(size) > 1 else param

    params = [
        new(*size)
        for _ in range(3)
        for size in [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)]
    ]
    return nn.ParameterList(params + [new(num_hiddens, num_outputs), new(num_outputs)])


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(X @ W_xr + H @ W_hr + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


def next_state(Z, H, H_tilde):
    return torch.stack([Z * H, (1 - Z) * H_tilde]).sum(dim=0)


def gru(inputs, state, params):
    if not isinstance(inputs, torch.Tensor):
        inputs = torch.stack(list(inputs))
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    states = torch.empty(0, *H.shape, dtype=H.dtype, device=H.device)
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        states = torch.cat([states, H.unsqueeze(0)])
    return states @ W_hq + b_q, (H,)
