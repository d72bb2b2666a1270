"""A subclass of nn.ParameterList; products by torch.inner and chained methods."""

import torch

from .parameters import GrowingList


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = GrowingList(device)
    for _ in "ifoc":
        params = params.gate(num_inputs, num_hiddens)
    return params.weight(num_hiddens, num_outputs).bias(num_outputs)


def init_lstm_state(batch_size, num_hiddens, device=None):
    first = torch.zeros(batch_size, num_hiddens, device=device)
    return first, torch.zeros_like(first)


def affine(X, H, W_x, W_h, b):
    return torch.inner(X, W_x.t()).add(torch.inner(H, W_h.t())).add(b)


def input_gate(X, H, W_xi, W_hi, b_i):
    return affine(X, H, W_xi, W_hi, b_i).sigmoid()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return affine(X, H, W_xf, W_hf, b_f).sigmoid()


def output_gate(X, H, W_xo, W_ho, b_o):
    return affine(X, H, W_xo, W_ho, b_o).sigmoid()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return affine(X, H, W_xc, W_hc, b_c).tanh()


def next_memory(F, C, I, C_tilde):
    return C.mul(F).add(C_tilde.mul(I))


def next_state(O, C):
    return C.tanh().mul(O)


def lstm(inputs, state, params):
    params = list(params)
    H, C = state
    outputs = []
    for X in inputs:
        i, f, o, c = (affine(X, H, *params[k : k + 3]) for k in (0, 3, 6, 9))
        C = next_memory(f.sigmoid(), C, i.sigmoid(), c.tanh())
        H = next_state(o.sigmoid(), C)
        outputs.append(affine(H, H, params[12], torch.zeros_like(params[12]), params[13]))
    return outputs, (H, C)
