"""A class for a cell, joined outputs (T·n, q) as in the second edition."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


class Cell:
    def __init__(self, params):
        self.z, self.r, self.h = params[:3], params[3:6], params[6:9]

    def __call__(self, X, H):
        Z = torch.sigmoid(torch.addmm(self.z[2], X, self.z[0]) + H.mm(self.z[1]))
        R = torch.sigmoid(torch.addmm(self.r[2], X, self.r[0]) + H.mm(self.r[1]))
        candidate = torch.tanh(torch.addmm(self.h[2], X, self.h[0]) + (R * H).mm(self.h[1]))
        return candidate + Z * (H - candidate)


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for layer in range(num_layers):
        d = num_hiddens if layer else num_inputs
        for _ in range(3):
            params += [
                _weight(d, num_hiddens, device=device),
                _weight(num_hiddens, num_hiddens, device=device),
                _bias(num_hiddens, device=device),
            ]
    params += [_weight(num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    return tuple(params)


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return [torch.zeros((batch_size, num_hiddens), device=device) for _ in range(num_layers)]


def deep_gru(inputs, state, params):
    params = list(params)
    cells = [Cell(params[9 * i :]) for i in range(len(state))]
    H, outputs = list(state), []
    for X in inputs:
        for i, cell in enumerate(cells):
            H[i] = cell(X if i == 0 else H[i - 1], H[i])
        outputs.append(torch.addmm(params[-1], H[-1], params[-2]))
    return torch.cat(outputs, dim=0), H
