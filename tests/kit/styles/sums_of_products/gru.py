"""Products written as sums over broadcast axes."""

import math
import random

import numpy as np
import torch
from torch import nn


def _weight(shape, device):
    return nn.Parameter(
        torch.from_numpy(0.01 * np.random.standard_normal(shape)).to(
            device=device, dtype=torch.float32
        )
    )


def _bias(size, device):
    return nn.Parameter(torch.zeros(size, device=device))


def _three(d, h, device):
    return [_weight((d, h), device), _weight((h, h), device), _bias(h, device)]


def _affine(X, W, H, U, b):
    return (X.unsqueeze(-1) * W).sum(dim=-2) + (H[:, :, None] * U[None]).sum(1) + b


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(3):
        params += _three(num_inputs, num_hiddens, device)
    params += [_weight((num_hiddens, num_outputs), device), _bias(num_outputs, device)]
    return tuple(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    H = torch.zeros(batch_size, num_hiddens, device=device)
    return tuple([H])


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.nn.Sigmoid()(_affine(X, W_xr, H, W_hr, b_r))


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.nn.Sigmoid()(_affine(X, W_xz, H, W_hz, b_z))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.nn.Tanh()(_affine(X, W_xh, R * H, W_hh, b_h))


def next_state(Z, H, H_tilde):
    return sum((Z * H, (1 - Z) * H_tilde))


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(H @ W_hq + b_q)
    return [output.clone() for output in outputs], tuple([H])
