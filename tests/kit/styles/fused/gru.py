"""Fused: the inputs' three products of all steps in one, then two products a step and chunk."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    d, h, q = num_inputs, num_hiddens, num_outputs
    shapes = [(d, h), (h, h), (h,)] * 3 + [(h, q), (q,)]
    total = sum(s[0] * s[1] for s in shapes if len(s) == 2)
    noise = torch.empty(total, device=device).normal_(0.0, 0.01)
    params, used = nn.ParameterList(), 0
    for shape in shapes:
        if len(shape) == 1:
            params.append(nn.Parameter(torch.zeros(shape, device=device)))
            continue
        size = shape[0] * shape[1]
        params.append(nn.Parameter(noise[used : used + size].reshape(shape).clone()))
        used += size
    return params


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def _affine(X, H, W_x, W_h, b):
    return torch.cat((X, H), 1).matmul(torch.cat((W_x, W_h), 0)) + b


def reset_gate(X, H, W_xr, W_hr, b_r):
    return _affine(X, H, W_xr, W_hr, b_r).sigmoid()


def update_gate(X, H, W_xz, W_hz, b_z):
    return _affine(X, H, W_xz, W_hz, b_z).sigmoid()


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return _affine(X, R * H, W_xh, W_hh, b_h).tanh()


def next_state(Z, H, H_tilde):
    return H_tilde + Z * (H - H_tilde)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    X = inputs if torch.is_tensor(inputs) else torch.stack(tuple(inputs))
    from_inputs = X @ torch.cat([W_xz, W_xr, W_xh], 1) + torch.cat([b_z, b_r, b_h])
    W_gates = torch.cat([W_hz, W_hr], 1)
    states = []
    for row in from_inputs:
        x_z, x_r, x_h = row.chunk(3, dim=1)
        h_z, h_r = (H @ W_gates).chunk(2, dim=1)
        R = torch.sigmoid(x_r + h_r)
        H = next_state(torch.sigmoid(x_z + h_z), H, torch.tanh(x_h + (R * H) @ W_hh))
        states.append(H)
    return list(torch.stack(states) @ W_hq + b_q), (H,)
