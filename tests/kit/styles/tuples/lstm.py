"""Tuples everywhere, and a state that is a namedtuple of two."""

from collections import namedtuple

import torch
from torch.nn import Parameter

State = namedtuple("State", "H C")


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(*shape):
        return Parameter(torch.randn(shape, device=device) * 0.01)

    params = ()
    for _ in range(4):
        params += (
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            Parameter(torch.zeros(num_hiddens, device=device)),
        )
    return params + (
        weight(num_hiddens, num_outputs),
        Parameter(torch.zeros(num_outputs, device=device)),
    )


def init_lstm_state(batch_size, num_hiddens, device=None):
    return State(*(torch.zeros(batch_size, num_hiddens, device=device) for _ in State._fields))


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
    (*gates, W_hq, b_q) = params
    i, f, o, c = zip(*[iter(gates)] * 3)
    state = State(*state)
    outputs = ()
    for X in inputs:
        C = next_memory(
            forget_gate(X, state.H, *f),
            state.C,
            input_gate(X, state.H, *i),
            candidate_memory(X, state.H, *c),
        )
        state = State(H=next_state(output_gate(X, state.H, *o), C), C=C)
        outputs += (state.H @ W_hq + b_q,)
    return outputs, state
