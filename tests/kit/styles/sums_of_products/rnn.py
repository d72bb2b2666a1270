"""Products written as sums over broadcast axes."""

import math
import random

import numpy as np
import torch
from torch import nn


def _weight(shape, device):
    return nn.Parameter(
        torch.from_numpy(0.01 * np.random.standard_normal(shape)).to(
            device=device, dtype=torch.float32
        )
    )


def _bias(size, device):
    return nn.Parameter(torch.zeros(size, device=device))


def _three(d, h, device):
    return [_weight((d, h), device), _weight((h, h), device), _bias(h, device)]


def _affine(X, W, H, U, b):
    return (X.unsqueeze(-1) * W).sum(dim=-2) + (H[:, :, None] * U[None]).sum(1) + b


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(1):
        params += _three(num_inputs, num_hiddens, device)
    params += [_weight((num_hiddens, num_outputs), device), _bias(num_outputs, device)]
    return tuple(params)


def init_rnn_state(batch_size, num_hiddens, device=None):
    H = torch.zeros((batch_size, num_hiddens), device=device)
    return tuple([H])


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.nn.Tanh()(_affine(X, W_xh, H, W_hh, b_h))


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        outputs.append(H @ W_hq + b_q)
    return [output.clone() for output in outputs], tuple([H])
