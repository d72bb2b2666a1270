"""torch's fused operations: addmm, lerp, logaddexp for the sigmoid of one gate."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        return nn.Parameter(torch.empty(rows, columns, device=device).normal_().mul_(0.01))

    groups = nn.ParameterList()
    for _ in range(3):
        groups += (
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            nn.Parameter(torch.zeros(num_hiddens, device=device)),
        )
    groups += (
        weight(num_hiddens, num_outputs),
        nn.Parameter(torch.zeros(num_outputs, device=device)),
    )
    return groups


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def _affine(X, H, W_x, W_h, b):
    return torch.addmm(b, X, W_x).addmm(H, W_h)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return nn.functional.logsigmoid(_affine(X, H, W_xr, W_hr, b_r)).exp()


def update_gate(X, H, W_xz, W_hz, b_z):
    a = _affine(X, H, W_xz, W_hz, b_z)
    return torch.exp(-torch.logaddexp(-a, torch.zeros_like(a)))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return _affine(X, R.mul(H), W_xh, W_hh, b_h).tanh()


def next_state(Z, H, H_tilde):
    return torch.lerp(H_tilde, H, Z)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(torch.addmm(b_q, H, W_hq))
    return outputs, (H,)
