"""torch.addmm, with the bias as the first addend."""

import math
import random

import numpy as np
import torch
from torch import nn


def normal_param(shape, device=None):
    shape = tuple(shape)
    return torch.normal(0.0, 0.01, size=shape, device=device).requires_grad_()


def zero_param(size, device=None):
    return torch.zeros(size, device=device, requires_grad=True)


def gate_params(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return [W_x, W_h, zero_param(num_hiddens, device)]


def output_params(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
