"""Functional: the recurrence is a generator of states, gates are made by one factory."""

import torch
from torch import nn

from .parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def all_params():
        for _ in range(4):
            yield from gate_params(num_inputs, num_hiddens, device)
        yield from output_params(num_hiddens, num_outputs, device)

    return nn.ParameterList(all_params())


def init_lstm_state(batch_size, num_hiddens, device=None):
    return tuple(map(lambda _: torch.zeros((batch_size, num_hiddens), device=device), range(2)))


def make_gate(activation, doc):
    def affine(X, H, W, U, b):
        return activation(X @ W + H @ U + b)

    affine.__doc__ = doc
    return affine


sigmoid_gate = make_gate(torch.sigmoid, "X, H, W, U, b to a fraction.")
tanh_gate = make_gate(torch.tanh, "X, H, W, U, b to a number between -1 and 1.")


def input_gate(X, H, W_xi, W_hi, b_i):
    return sigmoid_gate(X, H, W_xi, W_hi, b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return sigmoid_gate(X, H, W_xf, W_hf, b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return sigmoid_gate(X, H, W_xo, W_ho, b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return tanh_gate(X, H, W_xc, W_hc, b_c)


next_memory = lambda F, C, I, C_tilde: F * C + I * C_tilde
next_state = lambda O, C: O * torch.tanh(C)


def unroll(inputs, H, C, i, f, o, c):
    for X in inputs:
        C = next_memory(sigmoid_gate(X, H, *f), C, sigmoid_gate(X, H, *i), tanh_gate(X, H, *c))
        H = next_state(sigmoid_gate(X, H, *o), C)
        yield H, C


def lstm(inputs, state, params):
    *gates, W_hq, b_q = params
    i, f, o, c = (gates[k : k + 3] for k in range(0, 12, 3))
    Hs, Cs = zip(*unroll(inputs, *state, i, f, o, c))
    return [H @ W_hq + b_q for H in Hs], (Hs[-1], Cs[-1])
