"""A loop over the samples, for want of a better idea."""

import math
import random

import numpy as np
import torch
from torch import nn


def _weight(shape, device):
    return nn.Parameter(
        torch.tensor(
            [random.gauss(0, 0.01) for _ in range(math.prod(shape))], device=device
        ).reshape(shape)
    )


def _bias(size, device):
    return nn.Parameter(torch.zeros(size, device=device))


def _three(d, h, device):
    return [_weight((d, h), device), _weight((h, h), device), _bias(h, device)]


def _affine(X, W, H, U, b):
    return torch.stack([x @ W + h @ U + b for x, h in zip(X, H)])


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(1):
        params += _three(num_inputs, num_hiddens, device)
    params += [_weight((num_hiddens, num_outputs), device), _bias(num_outputs, device)]
    return params


def init_rnn_state(batch_size, num_hiddens, device=None):
    H = torch.zeros((batch_size, num_hiddens), device=device)
    return (H,)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(_affine(X, W_xh, H, W_hh, b_h))


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
