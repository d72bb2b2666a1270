"""Prints at import and in every call."""

import torch
from torch import nn

print("*" * 30)
print("parameters.py loaded")
print("*" * 30)


def normal_param(shape, device=None):
    p = nn.Parameter(torch.randn(*shape, device=device).mul(0.01))
    print("normal", tuple(p.shape), p.device)
    return p


def zero_param(size, device=None):
    print("zero", size)
    return nn.Parameter(torch.zeros(size, device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    print(f"gate {num_inputs} -> {num_hiddens}")
    return (
        normal_param((num_inputs, num_hiddens), device),
        normal_param((num_hiddens, num_hiddens), device),
        zero_param(num_hiddens, device),
    )


def output_params(num_hiddens, num_outputs, device=None):
    print(f"output {num_hiddens} -> {num_outputs}")
    W = normal_param((num_hiddens, num_outputs), device)
    b = zero_param(num_outputs, device)
    print("mean of W_hq:", W.mean())
    return W, b
