"""The notes' first edition: its own _one and _three, the gates written out in the loop too."""

import numpy as np
import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def _one(shape):
        ts = torch.tensor(np.random.normal(0, 0.01, size=shape), device=device, dtype=torch.float32)
        return torch.nn.Parameter(ts, requires_grad=True)

    def _three():
        return (
            _one((num_inputs, num_hiddens)),
            _one((num_hiddens, num_hiddens)),
            torch.nn.Parameter(
                torch.zeros(num_hiddens, device=device, dtype=torch.float32), requires_grad=True
            ),
        )

    W_xi, W_hi, b_i = _three()
    W_xf, W_hf, b_f = _three()
    W_xo, W_ho, b_o = _three()
    W_xc, W_hc, b_c = _three()
    W_hq = _one((num_hiddens, num_outputs))
    b_q = torch.nn.Parameter(
        torch.zeros(num_outputs, device=device, dtype=torch.float32), requires_grad=True
    )
    return nn.ParameterList(
        [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q]
    )


def init_lstm_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros((batch_size, num_hiddens), device=device),
        torch.zeros((batch_size, num_hiddens), device=device),
    )


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(torch.matmul(X, W_xi) + torch.matmul(H, W_hi) + b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(torch.matmul(X, W_xf) + torch.matmul(H, W_hf) + b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(torch.matmul(X, W_xo) + torch.matmul(H, W_ho) + b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(torch.matmul(X, W_xc) + torch.matmul(H, W_hc) + b_c)


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * C.tanh()


def lstm(inputs, state, params):
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
    (H, C) = state
    outputs = []
    for X in inputs:
        I = torch.sigmoid(torch.matmul(X, W_xi) + torch.matmul(H, W_hi) + b_i)
        F = torch.sigmoid(torch.matmul(X, W_xf) + torch.matmul(H, W_hf) + b_f)
        O = torch.sigmoid(torch.matmul(X, W_xo) + torch.matmul(H, W_ho) + b_o)
        C_tilda = torch.tanh(torch.matmul(X, W_xc) + torch.matmul(H, W_hc) + b_c)
        C = F * C + I * C_tilda
        H = O * C.tanh()
        Y = torch.matmul(H, W_hq) + b_q
        outputs.append(Y)
    return outputs, (H, C)
