"""Indices only, from both ends."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(2):
        params += [
            _weight(num_inputs, num_hiddens, device=device),
            _weight(num_hiddens, num_hiddens, device=device),
            _bias(num_hiddens, device=device),
        ]
    return nn.ParameterList(
        params
        + [_weight(2 * num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    )


def init_birnn_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros((batch_size, num_hiddens), device=device),
        torch.zeros((batch_size, num_hiddens), device=device),
    )


def birnn(inputs, state, params):
    Wf, Uf, bf, Wb, Ub, bb, W_hq, b_q = params
    T = len(inputs)
    F, B = [None] * T, [None] * T
    HF, HB = state
    for t in range(T):
        HF = torch.tanh(torch.mm(inputs[t], Wf) + torch.mm(HF, Uf) + bf)
        F[t] = HF
    for t in range(T - 1, -1, -1):
        HB = torch.tanh(torch.mm(inputs[t], Wb) + torch.mm(HB, Ub) + bb)
        B[t] = HB
    outputs = []
    for t in range(T):
        outputs.append(torch.mm(torch.cat((F[t], B[t]), 1), W_hq) + b_q)
    return outputs, (HF, HB)
