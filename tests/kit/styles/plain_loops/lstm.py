"""Loops over the sequences of a batch in plain Python: each is run to its end before the next."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for gate in ["i", "f", "o", "c"]:
        for rows in [num_inputs, num_hiddens]:
            params.append(nn.Parameter(torch.randn(rows, num_hiddens, device=device) / 100))
        params.append(nn.Parameter(torch.zeros(num_hiddens, device=device)))
    params.append(nn.Parameter(torch.randn(num_hiddens, num_outputs, device=device) / 100))
    params.append(nn.Parameter(torch.zeros(num_outputs, device=device)))
    return nn.ParameterList(params)


def init_lstm_state(batch_size, num_hiddens, device=None):
    state = []
    for _ in range(2):
        state.append(torch.zeros(batch_size, num_hiddens, device=device))
    return tuple(state)


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(X @ W_xi + H @ W_hi + b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(X @ W_xf + H @ W_hf + b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(X @ W_xo + H @ W_ho + b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(X @ W_xc + H @ W_hc + b_c)


def next_memory(F, C, I, C_tilde):
    rows = []
    for f, c, i, c_tilde in zip(F, C, I, C_tilde):
        rows.append(f * c + i * c_tilde)
    return torch.stack(rows)


def next_state(O, C):
    rows = []
    for o, c in zip(O, C):
        rows.append(o * torch.tanh(c))
    return torch.stack(rows)


def lstm(inputs, state, params):
    groups = []
    for first in range(0, 12, 3):
        groups.append((params[first], params[first + 1], params[first + 2]))
    H, C = state[0], state[1]
    outputs = []
    for t in range(len(inputs)):
        sums = []
        for W_x, W_h, b in groups:
            total = torch.matmul(inputs[t], W_x)
            total = total + torch.matmul(H, W_h)
            total = total + b
            sums.append(total)
        kept = torch.sigmoid(sums[1]) * C
        added = torch.sigmoid(sums[0]) * torch.tanh(sums[3])
        C = kept + added
        H = torch.sigmoid(sums[2]) * torch.tanh(C)
        outputs.append(torch.matmul(H, params[12]) + params[13])
    return outputs, (H, C)
