"""Input and state side by side, one product with the stacked weights."""

import math
import random

import numpy as np
import torch
from torch import nn


def normal_param(shape, device=None):
    shape = tuple(shape)
    return torch.tensor(
        np.random.normal(0, 0.01, size=shape),
        device=device,
        dtype=torch.float32,
        requires_grad=True,
    )


def zero_param(size, device=None):
    return torch.zeros(size, device=device, requires_grad=True)


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device=device)


def output_params(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
