"""Everything as torch.einsum, the peephole as a product with a letter in common."""

import torch
from torch import einsum


def init_peephole_state(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


def linear(X, H, W_x, W_h, b):
    return einsum("nd,dh->nh", X, W_x) + einsum("ng,gh->nh", H, W_h) + b


def gate(X, H, C, W_x, W_h, p, b):
    return (linear(X, H, W_x, W_h, b) + einsum("nh,h->nh", C, p)).sigmoid()


def input_gate(X, H, C, W_xi, W_hi, p_i, b_i):
    return gate(X, H, C, W_xi, W_hi, p_i, b_i)


def forget_gate(X, H, C, W_xf, W_hf, p_f, b_f):
    return gate(X, H, C, W_xf, W_hf, p_f, b_f)


def output_gate(X, H, C, W_xo, W_ho, p_o, b_o):
    return gate(X, H, C, W_xo, W_ho, p_o, b_o)


def peephole_lstm(inputs, state, params):
    i, f, o, c, (W_hq, b_q) = params[0:4], params[4:8], params[8:12], params[12:15], params[15:]
    H, C = state
    states = []
    for X in inputs:
        kept = einsum("nh,nh->nh", gate(X, H, C, *f), C)
        C = kept + einsum("nh,nh->nh", gate(X, H, C, *i), linear(X, H, *c).tanh())
        H = einsum("nh,nh->nh", gate(X, H, C, *o), C.tanh())
        states.append(H)
    return einsum("tnh,hq->tnq", torch.stack(states), W_hq) + b_q, (H, C)
