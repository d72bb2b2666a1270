"""Prints at import and in every call, much of it."""

import torch
from torch import nn

from .parameters import gate_params, output_params

DEBUG = True
print("gru.py loaded, DEBUG =", DEBUG)


def show(name, tensor):
    if DEBUG:
        print("%-10s %s %s %s" % (name, tuple(tensor.shape), tensor.dtype, tensor))
    return tensor


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for name in ("update", "reset", "candidate"):
        print("making", name)
        params.extend(gate_params(num_inputs, num_hiddens, device))
    params.extend(output_params(num_hiddens, num_outputs, device))
    for p in params:
        show("param", p)
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (show("H0", torch.zeros(batch_size, num_hiddens, device=device)),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return show("R", torch.sigmoid(X @ W_xr + H @ W_hr + b_r))


def update_gate(X, H, W_xz, W_hz, b_z):
    return show("Z", torch.sigmoid(X @ W_xz + H @ W_hz + b_z))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return show("H~", torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h))


def next_state(Z, H, H_tilde):
    return show("H", Z * H + (1 - Z) * H_tilde)


def gru(inputs, state, params):
    (W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q) = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(show("Y", H @ W_hq + b_q))
    return outputs, (H,)
