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
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    T, n = len(inputs), state[0].shape[0]
    rows, last_H, last_C = [], [], []
    for i in range(n):
        h, c = state[0][i : i + 1], state[1][i : i + 1]
        row = []
        for t in range(T):
            x = inputs[t][i : i + 1]
            I = input_gate(x, h, W_xi, W_hi, b_i)
            F = forget_gate(x, h, W_xf, W_hf, b_f)
            O = output_gate(x, h, W_xo, W_ho, b_o)
            c = next_memory(F, c, I, candidate_memory(x, h, W_xc, W_hc, b_c))
            h = next_state(O, c)
            row.append(h @ W_hq + b_q)
        rows.append(row)
        last_H.append(h)
        last_C.append(c)
    outputs = []
    for t in range(T):
        outputs.append(torch.cat([rows[i][t] for i in range(n)]))
    return outputs, (torch.cat(last_H), torch.cat(last_C))
