"""The book's second edition: normal() is randn * 0.01, wrapped once it is scaled."""

import torch
from torch import nn


def normal(shape, device):
    return torch.randn(size=tuple(shape), device=device) * 0.01


def normal_param(shape, device=None):
    return nn.Parameter(normal(shape, device))


def zero_param(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    return (
        nn.Parameter(normal((num_inputs, num_hiddens), device)),
        nn.Parameter(normal((num_hiddens, num_hiddens), device)),
        nn.Parameter(torch.zeros(num_hiddens, device=device)),
    )


def output_params(num_hiddens, num_outputs, device=None):
    return (normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device))
