"""Everything as torch.einsum: the four gates as one stacked tensor with a letter of its own."""

import torch
from torch import einsum, nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        return nn.Parameter(torch.normal(0.0, 0.01, (rows, columns), device=device))

    params = nn.ParameterList()
    for _ in "ifoc":
        params.append(weight(num_inputs, num_hiddens))
        params.append(weight(num_hiddens, num_hiddens))
        params.append(nn.Parameter(torch.zeros((num_hiddens,), device=device)))
    params.extend(
        [weight(num_hiddens, num_outputs), nn.Parameter(torch.zeros((num_outputs,), device=device))]
    )
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


def linear(X, H, W_x, W_h, b):
    return einsum("nd,dh->nh", X, W_x) + einsum("ng,gh->nh", H, W_h) + b


def input_gate(X, H, W_xi, W_hi, b_i):
    return linear(X, H, W_xi, W_hi, b_i).sigmoid()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return linear(X, H, W_xf, W_hf, b_f).sigmoid()


def output_gate(X, H, W_xo, W_ho, b_o):
    return linear(X, H, W_xo, W_ho, b_o).sigmoid()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return linear(X, H, W_xc, W_hc, b_c).tanh()


def next_memory(F, C, I, C_tilde):
    return einsum("knh,knh->nh", torch.stack([F, I]), torch.stack([C, C_tilde]))


def next_state(O, C):
    return einsum("nh,nh->nh", O, C.tanh())


def lstm(inputs, state, params):
    *gates, W_hq, b_q = params
    W_x, W_h, b = (torch.stack(gates[k::3]) for k in range(3))  # (4, ...): i, f, o, c
    H, C = state
    states = []
    for X in inputs:
        a = einsum("nd,kdh->knh", X, W_x) + einsum("ng,kgh->knh", H, W_h) + b.unsqueeze(1)
        I, F, O = a[:3].sigmoid()
        C = next_memory(F, C, I, a[3].tanh())
        H = next_state(O, C)
        states.append(H)
    return einsum("tnh,hq->tnq", torch.stack(states), W_hq) + b_q, (H, C)
