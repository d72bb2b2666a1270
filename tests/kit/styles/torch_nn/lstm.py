"""What torch brings: torch.lstm_cell, with the gates' weights put in torch's order i, f, g, o."""

import torch
from torch import nn

from .parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = nn.ParameterList()
    for _ in range(4):
        params.extend(gate_params(num_inputs, num_hiddens, device))
    params.extend(output_params(num_hiddens, num_outputs, device))
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros(batch_size, num_hiddens, device=device),
        torch.zeros(batch_size, num_hiddens, device=device),
    )


def input_gate(X, H, W_xi, W_hi, b_i):
    return nn.functional.sigmoid(X @ W_xi + H @ W_hi + b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return nn.functional.sigmoid(X @ W_xf + H @ W_hf + b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return nn.functional.sigmoid(X @ W_xo + H @ W_ho + b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.rnn_tanh_cell(X, H, W_xc.T, W_hc.T, b_c, torch.zeros_like(b_c))


def next_memory(F, C, I, C_tilde):
    return torch.addcmul(F * C, I, C_tilde)


def next_state(O, C):
    return nn.Tanh()(C).mul(O)


def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    W_ih = torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T
    W_hh = torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T
    b_ih = torch.cat([b_i, b_f, b_c, b_o])
    b_hh = torch.zeros_like(b_ih)
    H, C = state
    outputs = []
    for X in inputs:
        H, C = torch.lstm_cell(X, (H, C), W_ih, W_hh, b_ih, b_hh)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)
