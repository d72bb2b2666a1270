"""One tensor wherever a sequence is meant: outputs (T, n, q), a state of two views."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def new(*size):
        param = nn.Parameter(torch.zeros(size, device=device))
        return nn.init.normal_(param, 0, 0.01) if len(size) > 1 else param

    groups = [
        [new(num_inputs, num_hiddens), new(num_hiddens, num_hiddens), new(num_hiddens)]
        for _ in range(4)
    ]
    i, f, o, c = groups
    return nn.ParameterList([*i, *f, *o, *c, new(num_hiddens, num_outputs), new(num_outputs)])


def init_lstm_state(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(X @ W_xi + H @ W_hi + b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(X @ W_xf + H @ W_hf + b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(X @ W_xo + H @ W_ho + b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(X @ W_xc + H @ W_hc + b_c)


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * torch.tanh(C)


def lstm(inputs, state, params):
    p = list(params)
    pair = torch.stack(tuple(state))  # H and C in one tensor, (2, n, h)
    outputs = []
    for X in inputs:
        H, C = pair
        C = next_memory(
            forget_gate(X, H, *p[3:6]),
            C,
            input_gate(X, H, *p[0:3]),
            candidate_memory(X, H, *p[9:12]),
        )
        pair = torch.stack([next_state(output_gate(X, H, *p[6:9]), C), C])
        outputs.append(pair[0] @ p[12] + p[13])
    return torch.stack(outputs), (pair[0], pair[1])
