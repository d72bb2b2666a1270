"""Computes in float64 whatever comes in: a decorator casts in and out."""

import functools

import torch
from torch import nn


def in_double(function):
    """float64 inside, the first argument's dtype outside."""

    @functools.wraps(function)
    def wrapped(*tensors, **named):
        dtype = [*tensors, *named.values()][0].dtype
        named = {name: t.double() for name, t in named.items()}
        return function(*(t.double() for t in tensors), **named).to(dtype)

    return wrapped


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(*shape):
        return nn.Parameter((torch.randn(*shape, dtype=torch.float64, device=device) / 100).float())

    def bias(size):
        return nn.Parameter(torch.zeros(size, device=device))

    params = []
    for _ in range(3):
        params += [
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            bias(num_hiddens),
        ]
    return nn.ParameterList(params + [weight(num_hiddens, num_outputs), bias(num_outputs)])


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


@in_double
def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(X @ W_xr + H @ W_hr + b_r)


@in_double
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)


@in_double
def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


@in_double
def next_state(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


@in_double
def _output(H, W_hq, b_q):
    return H @ W_hq + b_q


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(_output(H, W_hq, b_q))
    return outputs, (H,)
