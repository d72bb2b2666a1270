"""torch.linalg and functional reduce."""

import math
import random
import functools

import numpy as np
import torch
from torch import nn


def _weight(shape, device):
    return nn.Parameter(
        torch.erfinv(2 * torch.rand(shape).clamp(1e-7, 1 - 1e-7) - 1)
        .mul(0.01 * math.sqrt(2))
        .to(device)
    )


def _bias(size, device):
    return nn.Parameter(torch.zeros(size, device=device))


def _three(d, h, device):
    return [_weight((d, h), device), _weight((h, h), device), _bias(h, device)]


def _affine(X, W, H, U, b):
    return functools.reduce(torch.add, (torch.linalg.multi_dot([X, W]), torch.mm(H, U), b))


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(3):
        params += _three(num_inputs, num_hiddens, device)
    params += [_weight((num_hiddens, num_outputs), device), _bias(num_outputs, device)]
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    H = torch.zeros(batch_size, num_hiddens, device=device)
    return (H,)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.reciprocal(1 + (_affine(X, W_xr, H, W_hr, b_r)).neg().exp())


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.reciprocal(1 + (_affine(X, W_xz, H, W_hz, b_z)).neg().exp())


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(_affine(X, W_xh, R * H, W_hh, b_h))


def next_state(Z, H, H_tilde):
    return torch.stack([Z * H, (1 - Z) * H_tilde]).sum(0)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
