"""A class for each direction, deque for the order."""

from collections import deque

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


class Direction:
    def __init__(self, W, U, b):
        self.W, self.U, self.b = W, U, b

    def read(self, sequence, H):
        for X in sequence:
            H = nn.functional.linear(X, self.W.T, self.b) + nn.functional.linear(H, self.U.T)
            H = torch.tanh(H)
            yield H


def birnn(inputs, state, params):
    right, left = Direction(*params[:3]), Direction(*params[3:6])
    forward = list(right.read(inputs, state[0]))
    backward = deque()
    for H in left.read([inputs[i] for i in reversed(range(len(inputs)))], state[1]):
        backward.appendleft(H)
    outputs = [
        nn.functional.linear(torch.cat(pair, dim=1), params[6].T, params[7])
        for pair in zip(forward, backward)
    ]
    return outputs, (forward[-1], backward[0])
