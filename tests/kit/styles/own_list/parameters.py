"""A subclass of nn.ParameterList that knows how to grow by groups."""

import torch
from torch import nn


class GrowingList(nn.ParameterList):
    def __init__(self, device=None):
        super().__init__()
        self.where = device

    def weight(self, *shape):
        value = torch.zeros(shape, device=self.where)
        self.append(nn.Parameter(value + torch.randn_like(value) * 0.01))
        return self

    def bias(self, size):
        self.append(nn.Parameter(torch.zeros(size, device=self.where)))
        return self

    def gate(self, rows, columns):
        return self.weight(rows, columns).weight(columns, columns).bias(columns)


def normal_param(shape, device=None):
    return GrowingList(device).weight(*shape)[0]


def zero_param(size, device=None):
    return GrowingList(device).bias(size)[0]


def gate_params(num_inputs, num_hiddens, device=None):
    return tuple(GrowingList(device).gate(num_inputs, num_hiddens))


def output_params(num_hiddens, num_outputs, device=None):
    return tuple(GrowingList(device).weight(num_hiddens, num_outputs).bias(num_outputs))
