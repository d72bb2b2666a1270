"""A loop over the samples, for want of a better idea."""

import math
import random

import numpy as np
import torch
from torch import nn


def _weight(shape, device):
    return nn.Parameter(
        torch.tensor(
            [random.gauss(0, 0.01) for _ in range(math.prod(shape))], device=device
        ).reshape(shape)
    )


def _bias(size, device):
    return nn.Parameter(torch.zeros(size, device=device))


def _three(d, h, device):
    return [_weight((d, h), device), _weight((h, h), device), _bias(h, device)]


def _affine(X, W, H, U, b):
    return torch.stack([x @ W + h @ U + b for x, h in zip(X, H)])


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(4):
        params += _three(num_inputs, num_hiddens, device)
    params += [_weight((num_hiddens, num_outputs), device), _bias(num_outputs, device)]
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    H, C = (torch.zeros((batch_size, num_hiddens), device=device) for _ in range(2))
    return (H, C)


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(_affine(X, W_xi, H, W_hi, b_i))


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(_affine(X, W_xf, H, W_hf, b_f))


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(_affine(X, W_xo, H, W_ho, b_o))


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(_affine(X, W_xc, H, W_hc, b_c))


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return torch.mul(O, torch.tanh(C))


def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []
    for X in inputs:
        I = input_gate(X, H, W_xi, W_hi, b_i)
        F_ = forget_gate(X, H, W_xf, W_hf, b_f)
        O = output_gate(X, H, W_xo, W_ho, b_o)
        C = next_memory(F_, C, I, candidate_memory(X, H, W_xc, W_hc, b_c))
        H = next_state(O, C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)
