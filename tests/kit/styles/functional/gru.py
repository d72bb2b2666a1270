"""Functional: a gate is a closure, the loop is functools.reduce."""

from functools import reduce

import torch
from torch import nn

from .parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    gates = (gate_params(num_inputs, num_hiddens, device) for _ in range(3))
    output = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(reduce(lambda left, right: (*left, *right), (*gates, output)))


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def gate(activation, W_x, W_h, b):
    return lambda X, H: activation(X @ W_x + H @ W_h + b)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return gate(torch.sigmoid, W_xr, W_hr, b_r)(X, H)


def update_gate(X, H, W_xz, W_hz, b_z):
    return gate(torch.sigmoid, W_xz, W_hz, b_z)(X, H)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return gate(torch.tanh, W_xh, W_hh, b_h)(X, R * H)


def next_state(Z, H, H_tilde):
    return (lambda mix: mix(Z, H) + mix(1 - Z, H_tilde))(torch.mul)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    Z = gate(torch.sigmoid, W_xz, W_hz, b_z)
    R = gate(torch.sigmoid, W_xr, W_hr, b_r)
    tilde = gate(torch.tanh, W_xh, W_hh, b_h)

    def step(so_far, X):
        outputs, H = so_far
        H = next_state(Z(X, H), H, tilde(X, R(X, H) * H))
        return [*outputs, H @ W_hq + b_q], H

    outputs, H = reduce(step, inputs, ([], state[0]))
    return outputs, (H,)
