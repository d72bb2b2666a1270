"""functools.reduce over the layers, closures over the parameters."""

import functools

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    h = num_hiddens

    def gates(d):
        for _ in range(3):
            yield from (
                _weight(d, h, device=device),
                _weight(h, h, device=device),
                _bias(h, device=device),
            )

    params = [*gates(num_inputs)]
    for _ in range(num_layers - 1):
        params += gates(h)
    return nn.ParameterList(
        [*params, _weight(h, num_outputs, device=device), _bias(num_outputs, device=device)]
    )


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return tuple(
        map(lambda _: torch.zeros(batch_size, num_hiddens, device=device), range(num_layers))
    )


def make_cell(W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h):
    def cell(X, H):
        Z = torch.sigmoid(sum((X @ W_xz, H @ W_hz, b_z)))
        R = torch.sigmoid(sum((X @ W_xr, H @ W_hr, b_r)))
        return Z * H + (1 - Z) * torch.tanh(sum((X @ W_xh, (R * H) @ W_hh, b_h)))

    return cell


def deep_gru(inputs, state, params):
    *weights, W_hq, b_q = params
    cells = [make_cell(*weights[i : i + 9]) for i in range(0, len(weights), 9)]

    def step(carry, X):
        states, outputs = carry

        def layer(done, pair):
            cell, H = pair
            return [*done, cell(done[-1], H)]

        new = functools.reduce(layer, zip(cells, states), [X])[1:]
        return new, [*outputs, new[-1] @ W_hq + b_q]

    states, outputs = functools.reduce(step, inputs, (list(state), []))
    return outputs, states
