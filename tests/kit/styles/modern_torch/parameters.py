"""Newer torch: a device context, skip_init, UninitializedParameter that is materialised."""

import torch
from torch import nn


def normal_param(shape, device=None):
    param = nn.UninitializedParameter(device=device, dtype=torch.float32)
    param.materialize(tuple(shape))
    return nn.init.normal_(param, std=0.01)


def zero_param(size, device=None):
    with torch.device(device if device is not None else "cpu"):
        return nn.Parameter(torch.zeros(size))


def gate_params(num_inputs, num_hiddens, device=None):
    with torch.device(device if device is not None else "cpu"):
        return (
            nn.Parameter(torch.randn(num_inputs, num_hiddens) * 1e-2),
            nn.Parameter(torch.randn(num_hiddens, num_hiddens) * 1e-2),
            nn.Parameter(torch.zeros(num_hiddens)),
        )


def output_params(num_hiddens, num_outputs, device=None):
    layer = nn.utils.skip_init(nn.Linear, num_hiddens, num_outputs, device=device or "cpu")
    nn.init.normal_(layer.weight, std=1e-2)
    nn.init.zeros_(layer.bias)
    return nn.Parameter(layer.weight.detach().mT.contiguous()), layer.bias
