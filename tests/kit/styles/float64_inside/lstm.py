"""Computes in float64 whatever comes in; σ written with exp in a form that can't overflow."""

import torch
from torch import nn


def sigma(a):
    # tanh never overflows, 1 / (1 + exp(-a)) does
    return 0.5 * (1 + torch.tanh(0.5 * a))


def affine(X, H, W, U, b):
    return X.double() @ W.double() + H.double() @ U.double() + b.double()


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(*shape):
        return nn.Parameter((torch.randn(*shape, dtype=torch.float64, device=device) / 100).float())

    params = nn.ParameterList()
    for _ in range(4):
        params.append(weight(num_inputs, num_hiddens))
        params.append(weight(num_hiddens, num_hiddens))
        params.append(nn.Parameter(torch.zeros(num_hiddens, device=device)))
    params.append(weight(num_hiddens, num_outputs))
    params.append(nn.Parameter(torch.zeros(num_outputs, device=device)))
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros(batch_size, num_hiddens, device=device),
        torch.zeros(batch_size, num_hiddens, device=device),
    )


def input_gate(X, H, W_xi, W_hi, b_i):
    return sigma(affine(X, H, W_xi, W_hi, b_i)).type_as(X)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return sigma(affine(X, H, W_xf, W_hf, b_f)).type_as(X)


def output_gate(X, H, W_xo, W_ho, b_o):
    return sigma(affine(X, H, W_xo, W_ho, b_o)).type_as(X)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(affine(X, H, W_xc, W_hc, b_c)).type_as(X)


def next_memory(F, C, I, C_tilde):
    return (F.double() * C.double() + I.double() * C_tilde.double()).type_as(C)


def next_state(O, C):
    return (O.double() * torch.tanh(C.double())).type_as(C)


def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []
    for X in inputs:
        I = input_gate(X, H, W_xi, W_hi, b_i)
        F = forget_gate(X, H, W_xf, W_hf, b_f)
        O = output_gate(X, H, W_xo, W_ho, b_o)
        C = next_memory(F, C, I, candidate_memory(X, H, W_xc, W_hc, b_c))
        H = next_state(O, C)
        outputs.append((H.double() @ W_hq.double() + b_q.double()).type_as(H))
    return outputs, (H, C)
