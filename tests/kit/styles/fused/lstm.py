"""Fused: four gates in one product a step, taken apart by chunk."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    d, h, q = num_inputs, num_hiddens, num_outputs
    big = 0.01 * torch.randn(d + h, 4 * h, device=device)
    params = []
    for block in big.chunk(4, dim=1):
        params.append(nn.Parameter(block[:d].clone(memory_format=torch.contiguous_format)))
        params.append(nn.Parameter(block[d:].clone(memory_format=torch.contiguous_format)))
        params.append(nn.Parameter(torch.zeros(h, device=device)))
    params.append(nn.Parameter(0.01 * torch.randn(h, q, device=device)))
    params.append(nn.Parameter(torch.zeros(q, device=device)))
    return nn.ParameterList(params)


def init_lstm_state(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros(batch_size, num_hiddens, device=device) for _ in range(2))


def _affine(X, H, W_x, W_h, b):
    return torch.hstack((X, H)).matmul(torch.vstack((W_x, W_h))) + b


def input_gate(X, H, W_xi, W_hi, b_i):
    return _affine(X, H, W_xi, W_hi, b_i).sigmoid()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return _affine(X, H, W_xf, W_hf, b_f).sigmoid()


def output_gate(X, H, W_xo, W_ho, b_o):
    return _affine(X, H, W_xo, W_ho, b_o).sigmoid()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return _affine(X, H, W_xc, W_hc, b_c).tanh()


def next_memory(F, C, I, C_tilde):
    return (torch.stack([F, I]) * torch.stack([C, C_tilde])).sum(0)


def next_state(O, C):
    return torch.tanh(C) * O


def lstm(inputs, state, params):
    params = list(params)
    W_x = torch.cat(params[0:12:3], dim=1)  # order i, f, o, c
    W_h = torch.cat(params[1:12:3], dim=1)
    b = torch.cat(params[2:12:3])
    W_hq, b_q = params[12:]
    H, C = state
    outputs = []
    for X in inputs:
        gates = X @ W_x + H @ W_h + b
        size = H.shape[1]
        I, F, O = torch.sigmoid(gates[:, : 3 * size]).chunk(3, dim=1)
        C = F * C + I * torch.tanh(gates[:, 3 * size :])
        H = O * torch.tanh(C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)
