"""Classes: an initialiser object with a method for each kind of parameter."""

import torch
from torch import nn


class Initialiser:
    """Makes parameters on one device."""

    SIGMA = 0.01

    def __init__(self, device=None):
        self.device = torch.device("cpu") if device is None else torch.device(device)

    def weight(self, *shape):
        return nn.Parameter(torch.zeros(*shape, device=self.device).normal_(std=self.SIGMA))

    def bias(self, size):
        return nn.Parameter(torch.zeros(size, device=self.device))

    def group(self, rows, columns):
        return [self.weight(rows, columns), self.weight(columns, columns), self.bias(columns)]


def normal_param(shape, device=None):
    return Initialiser(device).weight(*shape)


def zero_param(size, device=None):
    return Initialiser(device).bias(size)


def gate_params(num_inputs, num_hiddens, device=None):
    return tuple(Initialiser(device).group(num_inputs, num_hiddens))


def output_params(num_hiddens, num_outputs, device=None):
    make = Initialiser(device)
    return make.weight(num_hiddens, num_outputs), make.bias(num_outputs)
