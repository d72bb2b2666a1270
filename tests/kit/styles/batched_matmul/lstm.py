"""unsqueeze and bmm: the four gates are a batch, and the sequence is one big product first."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        return nn.Parameter(torch.empty(rows, columns, device=device).normal_(std=0.01))

    def bias(size):
        return nn.Parameter(torch.zeros(size, device=device))

    params = []
    for _ in range(4):
        params += [weight(num_inputs, num_hiddens), weight(num_hiddens, num_hiddens)]
        params.append(bias(num_hiddens))
    return nn.ParameterList([*params, weight(num_hiddens, num_outputs), bias(num_outputs)])


def init_lstm_state(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros(batch_size, num_hiddens, device=device) for _ in (0, 1))


def _affine(X, H, W_x, W_h, b):
    pair = torch.stack([(X.unsqueeze(1) @ W_x).squeeze(1), (H.unsqueeze(1) @ W_h).squeeze(1)])
    return pair.sum(0) + b


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(_affine(X, H, W_xi, W_hi, b_i))


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(_affine(X, H, W_xf, W_hf, b_f))


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(_affine(X, H, W_xo, W_ho, b_o))


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(_affine(X, H, W_xc, W_hc, b_c))


def next_memory(F, C, I, C_tilde):
    both = torch.cat([F.unsqueeze(0), I.unsqueeze(0)]) * torch.cat([C[None], C_tilde[None]])
    return both.sum(dim=0)


def next_state(O, C):
    return O * torch.tanh(C)


def lstm(inputs, state, params):
    *gates, W_hq, b_q = params
    W_x, W_h, b = torch.stack(gates[::3]), torch.stack(gates[1::3]), torch.stack(gates[2::3])
    X = inputs if isinstance(inputs, torch.Tensor) else torch.stack(tuple(inputs))
    drive = X.unsqueeze(1) @ W_x + b.unsqueeze(1)  # (T, 4, n, h)
    H, C = state
    states = []
    for step in drive:
        a = torch.baddbmm(step, H.expand(4, -1, -1), W_h)
        (I, F, O), C_tilde = a[:3].sigmoid().unbind(0), a[3].tanh()
        C = F * C + I * C_tilde
        H = O * C.tanh()
        states.append(H)
    return torch.stack(states) @ W_hq + b_q.view(1, 1, -1), (H, C)
