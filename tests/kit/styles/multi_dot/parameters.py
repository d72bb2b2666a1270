"""torch.linalg and functional reduce."""

import math
import random
import functools

import numpy as np
import torch
from torch import nn


def normal_param(shape, device=None):
    shape = tuple(shape)
    return nn.Parameter(
        torch.erfinv(2 * torch.rand(shape).clamp(1e-7, 1 - 1e-7) - 1)
        .mul(0.01 * math.sqrt(2))
        .to(device)
    )


def zero_param(size, device=None):
    return nn.Parameter(torch.full((size,), 0.0, device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device=device)


def output_params(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
