"""torch's fused operations: addmm, addcmul, softmax over two as a sigmoid."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        return torch.empty(rows, columns, device=device).normal_().mul_(0.01)

    def zeros(size):
        return torch.zeros(size, device=device)

    tensors = [
        t
        for _ in range(4)
        for t in (
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            zeros(num_hiddens),
        )
    ]
    return nn.ParameterList([*tensors, weight(num_hiddens, num_outputs), zeros(num_outputs)])


def init_lstm_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros(batch_size, num_hiddens, device=device),
        torch.zeros(batch_size, num_hiddens, device=device),
    )


def _affine(X, H, W_x, W_h, b):
    return torch.addmm(b, X, W_x).addmm(H, W_h)


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(_affine(X, H, W_xi, W_hi, b_i))


def forget_gate(X, H, W_xf, W_hf, b_f):
    a = _affine(X, H, W_xf, W_hf, b_f)
    return torch.softmax(torch.stack([a, torch.zeros_like(a)]), dim=0)[0]


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(_affine(X, H, W_xo, W_ho, b_o))


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(_affine(X, H, W_xc, W_hc, b_c))


def next_memory(F, C, I, C_tilde):
    return torch.addcmul(torch.mul(F, C), I, C_tilde, value=1)


def next_state(O, C):
    return torch.mul(O, torch.tanh(C))


def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []
    for X in inputs:
        I, F = input_gate(X, H, W_xi, W_hi, b_i), forget_gate(X, H, W_xf, W_hf, b_f)
        O = output_gate(X, H, W_xo, W_ho, b_o)
        C = next_memory(F, C, I, candidate_memory(X, H, W_xc, W_hc, b_c))
        H = next_state(O, C)
        outputs.append(torch.addmm(b_q, H, W_hq))
    return outputs, (H, C)
