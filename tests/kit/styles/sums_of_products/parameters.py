"""Products written as sums over broadcast axes."""

import math
import random

import numpy as np
import torch
from torch import nn


def normal_param(shape, device=None):
    shape = tuple(shape)
    return nn.Parameter(
        torch.from_numpy(0.01 * np.random.standard_normal(shape)).to(
            device=device, dtype=torch.float32
        )
    )


def zero_param(size, device=None):
    return nn.Parameter(torch.zeros((size,), device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device=device)


def output_params(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
