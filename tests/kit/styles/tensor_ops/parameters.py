"""torch's fused and less known operations: torch.normal with tensors, erfinv, Box-Muller."""

import math

import torch
from torch.nn.parameter import Parameter


def normal_param(shape, device=None):
    mean = torch.zeros(shape, device=device)
    return Parameter(torch.normal(mean, torch.full_like(mean, 0.01)))


def zero_param(size, device=None):
    return Parameter(torch.full((size,), 0.0, device=device))


def _box_muller(shape, device):
    u = torch.rand(shape, device=device, dtype=torch.float64).clamp_(min=1e-12)
    v = torch.rand(shape, device=device, dtype=torch.float64)
    return torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * v)


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = Parameter((0.01 * _box_muller((num_inputs, num_hiddens), device)).float())
    W_h = Parameter((0.01 * _box_muller((num_hiddens, num_hiddens), device)).float())
    return W_x, W_h, zero_param(num_hiddens, device)


def output_params(num_hiddens, num_outputs, device=None):
    u = torch.rand(num_hiddens, num_outputs, device=device, dtype=torch.float64)
    drawn = torch.special.ndtri(u.clamp(1e-12, 1 - 1e-12))
    return Parameter(drawn.mul(0.01).float()), Parameter(drawn.new_zeros(num_outputs).float())
