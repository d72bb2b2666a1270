"""The notes' first edition: torch.matmul, a list of outputs, parameters from parameters.py."""

import torch
from torch import nn

from exercises.parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    W_xh, W_hh, b_h = gate_params(num_inputs, num_hiddens, device)
    W_hq, b_q = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([W_xh, W_hh, b_h, W_hq, b_q])


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(torch.matmul(X, W_xh) + torch.matmul(H, W_hh) + b_h)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        Y = torch.matmul(H, W_hq) + b_q
        outputs.append(Y)
    return outputs, (H,)
