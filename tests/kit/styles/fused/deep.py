"""Both gates in one product, F.linear with transposes, a generator of layers."""

import torch
from torch import nn
from torch.nn import functional as F


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    sizes = [num_inputs] + [num_hiddens] * (num_layers - 1)
    params = nn.ParameterList()
    for size in sizes:
        for _ in range(3):
            params.append(_weight(size, num_hiddens, device=device))
            params.append(_weight(num_hiddens, num_hiddens, device=device))
            params.append(_bias(num_hiddens, device=device))
    params.append(_weight(num_hiddens, num_outputs, device=device))
    params.append(_bias(num_outputs, device=device))
    return params


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return tuple(torch.zeros([batch_size, num_hiddens], device=device) for _ in range(num_layers))


def layers_of(params, count):
    for i in range(count):
        W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = params[9 * i : 9 * i + 9]
        gates = torch.cat([torch.cat([W_xz, W_hz]), torch.cat([W_xr, W_hr])], dim=1)
        yield gates, torch.cat([b_z, b_r]), torch.cat([W_xh, W_hh]), b_h


def deep_gru(inputs, state, params):
    flat = list(params)
    layers = list(layers_of(flat, len(state)))
    hidden, outputs = list(state), []
    for X in inputs:
        below = X
        for i, (gates, bias, candidate, b_h) in enumerate(layers):
            H = hidden[i]
            Z, R = torch.sigmoid(F.linear(torch.cat([below, H], 1), gates.t(), bias)).chunk(
                2, dim=1
            )
            C = torch.tanh(F.linear(torch.cat([below, R * H], 1), candidate.t(), b_h))
            below = hidden[i] = Z * H + (1 - Z) * C
        outputs.append(F.linear(below, flat[-2].t(), flat[-1]))
    return outputs, tuple(hidden)
