"""Layer by layer: each layer reads the whole sequence of the one below."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params, width = [], num_inputs
    for _ in range(num_layers):
        for _ in range(3):
            params.append(_weight(width, num_hiddens, device=device))
            params.append(_weight(num_hiddens, num_hiddens, device=device))
            params.append(_bias(num_hiddens, device=device))
        width = num_hiddens
    params += [_weight(num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    return nn.ParameterList(params)


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return tuple(torch.zeros(batch_size, num_hiddens, device=device) for _ in range(num_layers))


def one_layer(sequence, H, p):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = p
    out = []
    for X in sequence:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        H = Z * H + (1 - Z) * C
        out.append(H)
    return out, H


def deep_gru(inputs, state, params):
    params = list(params)
    sequence, last = inputs, []
    for layer in range(len(state)):
        sequence, H = one_layer(sequence, state[layer], params[9 * layer : 9 * layer + 9])
        last.append(H)
    return [H @ params[-2] + params[-1] for H in sequence], tuple(last)
