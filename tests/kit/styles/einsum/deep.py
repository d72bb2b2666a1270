"""Recursion over the layers, einsum for the products."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    def cell(width):
        return [
            q
            for _ in "zrh"
            for q in (
                _weight(width, num_hiddens, device=device),
                _weight(num_hiddens, num_hiddens, device=device),
                _bias(num_hiddens, device=device),
            )
        ]

    found = cell(num_inputs)
    for _ in range(1, num_layers):
        found += cell(num_hiddens)
    return nn.ParameterList(
        found
        + [_weight(num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    )


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    zero = torch.zeros((batch_size, num_hiddens), device=device)
    return tuple(zero.clone() for _ in range(num_layers))


def affine(x, h, w, u, b):
    return torch.einsum("nd,dh->nh", x, w) + torch.einsum("nk,kh->nh", h, u) + b


def climb(x, states, cells):
    if not states:
        return x, ()
    h, p = states[0], cells[:9]
    z = affine(x, h, *p[:3]).sigmoid()
    r = affine(x, h, *p[3:6]).sigmoid()
    c = affine(x, r * h, *p[6:]).tanh()
    new = h * z + c - c * z
    top, rest = climb(new, states[1:], cells[9:])
    return top, (new, *rest)


def deep_gru(inputs, state, params):
    cells, (w, b) = list(params)[:-2], list(params)[-2:]
    state, ys = tuple(state), ()
    for x in inputs:
        top, state = climb(x, state, cells)
        ys += (torch.einsum("nh,hq->nq", top, w) + b,)
    return ys, state
