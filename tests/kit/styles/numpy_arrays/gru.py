"""numpy for the first values; the sigmoid written out with exp."""

import numpy as np
import torch
from torch import nn


def _sigmoid(a):
    positive = 1 / (1 + torch.exp(-a.clamp(min=0)))
    small = torch.exp(a.clamp(max=0))
    return torch.where(a >= 0, positive, small / (1 + small))


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    rng = np.random.RandomState(np.random.randint(2**31))

    def _one(*shape):
        array = rng.normal(0, 0.01, shape).astype("float32")
        return nn.Parameter(torch.as_tensor(array, device=device))

    def _zero(size):
        return nn.Parameter(torch.as_tensor(np.zeros(size, "float32"), device=device))

    def _three():
        return _one(num_inputs, num_hiddens), _one(num_hiddens, num_hiddens), _zero(num_hiddens)

    return nn.ParameterList(
        [*_three(), *_three(), *_three(), _one(num_hiddens, num_outputs), _zero(num_outputs)]
    )


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.as_tensor(np.zeros((batch_size, num_hiddens), "float32"), device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return _sigmoid(X @ W_xr + H @ W_hr + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return _sigmoid(X @ W_xz + H @ W_hz + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return 2 * _sigmoid(2 * (X @ W_xh + (R * H) @ W_hh + b_h)) - 1


def next_state(Z, H, H_tilde):
    return Z * H + H_tilde - Z * H_tilde


def gru(inputs, state, params):
    p = [*params]
    H = state[0]
    outputs = []
    for X in inputs:
        Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *p[6:9]))
        outputs.append(H @ p[9] + p[10])
    return outputs, (H,)
