"""itertools.accumulate for each direction."""

import itertools

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
    p = list(params)

    def cell(W, U, b):
        return lambda H, X: torch.tanh(X @ W + H @ U + b)

    xs = list(inputs)
    forward = list(itertools.accumulate(xs, cell(*p[:3]), initial=state[0]))[1:]
    backward = list(itertools.accumulate(reversed(xs), cell(*p[3:6]), initial=state[1]))[1:]
    outputs = [torch.cat([f, b], -1) @ p[6] + p[7] for f, b in zip(forward, backward[::-1])]
    return tuple(outputs), (forward[-1], backward[-1])
