"""A subclass of nn.ParameterList; products by broadcasting and sum."""

import torch

from .parameters import GrowingList


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = GrowingList(device).gate(num_inputs, num_hiddens)
    return params.weight(num_hiddens, num_outputs).bias(num_outputs)


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def product(A, B):
    """A @ B by broadcasting: (n, d, 1) times (1, d, h), summed over d."""
    return (A.unsqueeze(2) * B.unsqueeze(0)).sum(dim=1)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(product(X, W_xh) + product(H, W_hh) + b_h)


def rnn(inputs, state, params):
    H = state[0]
    outputs = []
    for X in inputs:
        H = rnn_step(X, H, params[0], params[1], params[2])
        outputs.append(product(H, params[-2]) + params[-1])
    return outputs, (H,)
