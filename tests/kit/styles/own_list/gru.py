"""A subclass of nn.ParameterList; products by torch.tensordot."""

import torch

from .parameters import GrowingList


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = GrowingList(device)
    for _ in range(3):
        params.gate(num_inputs, num_hiddens)
    return params.weight(num_hiddens, num_outputs).bias(num_outputs)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(torch.tensordot(X, W_xr, dims=1) + torch.tensordot(H, W_hr, 1) + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(torch.tensordot(X, W_xz, dims=1) + torch.tensordot(H, W_hz, 1) + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(torch.tensordot(X, W_xh, dims=1) + torch.tensordot(R * H, W_hh, 1) + b_h)


def next_state(Z, H, H_tilde):
    return Z * H + (torch.ones_like(Z) - Z) * H_tilde


def gru(inputs, state, params):
    params = list(params)
    W_hq, b_q = params[9], params[10]
    H = state[0]
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, *params[:3])
        R = reset_gate(X, H, *params[3:6])
        H_tilde = candidate_state(X, H, R, *params[6:9])
        H = next_state(Z, H, H_tilde)
        outputs.append(torch.tensordot(H, W_hq, dims=([1], [0])) + b_q)
    return outputs, (H,)
