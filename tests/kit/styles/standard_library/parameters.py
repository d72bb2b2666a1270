"""The standard library does what it can: random.gauss entry by entry."""

import math
import random

import torch


def draw(*shape):
    if not shape:
        return random.gauss(0.0, 0.01)
    return [draw(*shape[1:]) for _ in range(shape[0])]


def normal_param(shape, device=None):
    values = [random.gauss(0.0, 0.01) for _ in range(math.prod(shape))]
    tensor = torch.tensor(values, dtype=torch.float32, device=device).reshape(tuple(shape))
    return torch.nn.Parameter(tensor)


def zero_param(size, device=None):
    return torch.nn.Parameter(torch.tensor([0.0] * size, device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = torch.nn.Parameter(torch.tensor(draw(num_inputs, num_hiddens), device=device))
    W_h = torch.nn.Parameter(torch.tensor(draw(num_hiddens, num_hiddens), device=device))
    return [W_x, W_h, zero_param(num_hiddens, device)]


def output_params(num_hiddens, num_outputs, device=None):
    W_hq = torch.tensor(draw(num_hiddens, num_outputs), device=device, requires_grad=True)
    return [torch.nn.Parameter(W_hq.detach()), zero_param(num_outputs, device)]
