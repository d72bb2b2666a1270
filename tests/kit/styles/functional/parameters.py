"""Functional: everything is composed from two small makers."""

from functools import partial

import torch
from torch.nn import Parameter


def compose(*functions):
    def composed(value):
        for function in reversed(functions):
            value = function(value)
        return value

    return composed


def scaled(factor):
    return lambda tensor: tensor * factor


def normal_param(shape, device=None):
    return compose(Parameter, scaled(0.01), partial(torch.randn, device=device))(shape)


def zero_param(size, device=None):
    return compose(Parameter, partial(torch.zeros, device=device))(size)


def gate_params(num_inputs, num_hiddens, device=None):
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens)]
    return (*map(partial(normal_param, device=device), shapes), zero_param(num_hiddens, device))


def output_params(num_hiddens, num_outputs, device=None):
    makers = {normal_param: (num_hiddens, num_outputs), zero_param: num_outputs}
    return tuple(make(size, device) for make, size in makers.items())
