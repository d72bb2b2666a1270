"""The notes' first edition: np.random.normal inside _one, three at a time."""

import numpy as np
import torch
from torch import nn


def _one(shape, device):
    ts = torch.tensor(np.random.normal(0, 0.01, size=shape), device=device, dtype=torch.float32)
    return torch.nn.Parameter(ts, requires_grad=True)


def _zeros(size, device):
    return torch.nn.Parameter(
        torch.zeros(size, device=device, dtype=torch.float32), requires_grad=True
    )


def normal_param(shape, device=None):
    return _one(shape, device)


def zero_param(size, device=None):
    return _zeros(size, device)


def gate_params(num_inputs, num_hiddens, device=None):
    def _three():
        return (
            _one((num_inputs, num_hiddens), device),
            _one((num_hiddens, num_hiddens), device),
            _zeros(num_hiddens, device),
        )

    return _three()


def output_params(num_hiddens, num_outputs, device=None):
    W_hq = _one((num_hiddens, num_outputs), device)
    b_q = nn.Parameter(torch.zeros(num_outputs, device=device), requires_grad=True)
    return W_hq, b_q
