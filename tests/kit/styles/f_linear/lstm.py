"""F.linear with transposed weights, F.sigmoid's successor torch.special.expit."""

import torch
import torch.nn.functional as F
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def drawn(rows, columns):
        return nn.Parameter(nn.init.normal_(torch.empty(rows, columns, device=device), std=1e-2))

    params = nn.ParameterList()
    for _ in range(4):
        params += [
            drawn(num_inputs, num_hiddens),
            drawn(num_hiddens, num_hiddens),
            nn.Parameter(torch.zeros(num_hiddens, device=device)),
        ]
    params += [
        drawn(num_hiddens, num_outputs),
        nn.Parameter(torch.zeros(num_outputs, device=device)),
    ]
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    H = torch.zeros(batch_size, num_hiddens, device=device)
    return H, torch.zeros_like(H)


def both(X, H, W, U, b):
    return F.linear(X, W.mT, b) + F.linear(H, U.mT)


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.special.expit(both(X, H, W_xi, W_hi, b_i))


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.special.expit(both(X, H, W_xf, W_hf, b_f))


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.special.expit(both(X, H, W_xo, W_ho, b_o))


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return F.tanh(both(X, H, W_xc, W_hc, b_c))


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * F.tanh(C)


def lstm(inputs, state, params):
    params = tuple(params)
    i, f, o, c, (W_hq, b_q) = (params[k : k + 3] for k in range(0, 15, 3))
    hidden, cell = state
    outputs = []
    for x in inputs:
        cell = next_memory(
            forget_gate(x, hidden, *f),
            cell,
            input_gate(x, hidden, *i),
            candidate_memory(x, hidden, *c),
        )
        hidden = next_state(output_gate(x, hidden, *o), cell)
        outputs.append(F.linear(hidden, W_hq.mT, b_q))
    return outputs, (hidden, cell)
