"""The notes' first edition: torch.matmul term by term, gates written out in the loop too."""

import torch
from torch import nn

from exercises.parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def _three():
        return gate_params(num_inputs, num_hiddens, device)

    W_xz, W_hz, b_z = _three()  # update gate
    W_xr, W_hr, b_r = _three()  # reset gate
    W_xh, W_hh, b_h = _three()  # candidate
    W_hq, b_q = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q])


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(torch.matmul(X, W_xr) + torch.matmul(H, W_hr) + b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(torch.matmul(X, W_xz) + torch.matmul(H, W_hz) + b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(torch.matmul(X, W_xh) + torch.matmul(R * H, W_hh) + b_h)


def next_state(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = torch.sigmoid(torch.matmul(X, W_xz) + torch.matmul(H, W_hz) + b_z)
        R = torch.sigmoid(torch.matmul(X, W_xr) + torch.matmul(H, W_hr) + b_r)
        H_tilda = torch.tanh(torch.matmul(X, W_xh) + torch.matmul(R * H, W_hh) + b_h)
        H = Z * H + (1 - Z) * H_tilda
        Y = torch.matmul(H, W_hq) + b_q
        outputs.append(Y)
    return outputs, (H,)
