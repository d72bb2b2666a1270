"""numpy's newer generator draws the weights; torch.from_numpy and nn.Parameter."""

import numpy as np
import torch
from torch import nn


def _parameter(array, device):
    return nn.Parameter(torch.from_numpy(array.astype(np.float32)).to(device or "cpu"))


def normal_param(shape, device=None):
    return _parameter(np.random.default_rng().normal(loc=0.0, scale=0.01, size=shape), device)


def zero_param(size, device=None):
    return _parameter(np.zeros(size), device)


def gate_params(num_inputs, num_hiddens, device=None):
    rng = np.random.default_rng()
    return [
        _parameter(0.01 * rng.standard_normal((num_inputs, num_hiddens)), device),
        _parameter(0.01 * rng.standard_normal((num_hiddens, num_hiddens)), device),
        _parameter(np.zeros((num_hiddens,)), device),
    ]


def output_params(num_hiddens, num_outputs, device=None):
    rng = np.random.default_rng()
    return [
        _parameter(0.01 * rng.standard_normal((num_hiddens, num_outputs)), device),
        _parameter(np.zeros((num_outputs,)), device),
    ]
