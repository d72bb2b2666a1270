"""Loops over hidden units in plain Python: each column of the state on its own."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        W = torch.zeros(rows, columns, device=device)
        for j in range(columns):
            W[:, j] = torch.randn(rows, device=device) * 0.01
        return nn.Parameter(W)

    params = []
    for _ in range(3):
        params.append(weight(num_inputs, num_hiddens))
        params.append(weight(num_hiddens, num_hiddens))
        params.append(nn.Parameter(torch.zeros(num_hiddens, device=device)))
    params.append(weight(num_hiddens, num_outputs))
    params.append(nn.Parameter(torch.zeros(num_outputs, device=device)))
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def columns(f, X, H, W_x, W_h, b):
    result = []
    for j in range(b.shape[0]):
        result.append(f(X @ W_x[:, j] + H @ W_h[:, j] + b[j]))
    return torch.stack(result, dim=1)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return columns(torch.sigmoid, X, H, W_xr, W_hr, b_r)


def update_gate(X, H, W_xz, W_hz, b_z):
    return columns(torch.sigmoid, X, H, W_xz, W_hz, b_z)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return columns(torch.tanh, X, R * H, W_xh, W_hh, b_h)


def next_state(Z, H, H_tilde):
    result = torch.zeros_like(H)
    for i in range(H.shape[0]):
        result[i] = Z[i] * H[i] + (1 - Z[i]) * H_tilde[i]
    return result


def gru(inputs, state, params):
    groups = []
    for first in range(0, 9, 3):
        groups.append([params[first], params[first + 1], params[first + 2]])
    W_hq, b_q = params[9], params[10]
    H = state[0]
    outputs = []
    t = 0
    while t < len(inputs):
        X = inputs[t]
        gates = []
        for W_x, W_h, b in groups[:2]:
            gates.append(torch.sigmoid(X @ W_x + H @ W_h + b))
        W_xh, W_hh, b_h = groups[2]
        H_tilde = torch.tanh(X @ W_xh + (gates[1] * H) @ W_hh + b_h)
        H = gates[0] * H + (1 - gates[0]) * H_tilde
        outputs.append(H @ W_hq + b_q)
        t += 1
    return outputs, (H,)
