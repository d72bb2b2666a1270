"""Computes in float64 whatever comes in, and casts the results back."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(*shape):
        exact = torch.randn(*shape, dtype=torch.float64, device=device) / 100
        return nn.Parameter(exact.float())

    def bias(size):
        return nn.Parameter(torch.zeros(size, dtype=torch.float64, device=device).float())

    return nn.ParameterList(
        [
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            bias(num_hiddens),
            weight(num_hiddens, num_outputs),
            bias(num_outputs),
        ]
    )


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, dtype=torch.float64, device=device).float(),)


def _double(*tensors):
    return [t.double() for t in tensors]


def rnn_step(X, H, W_xh, W_hh, b_h):
    dtype = H.dtype
    X, H, W_xh, W_hh, b_h = _double(X, H, W_xh, W_hh, b_h)
    return torch.tanh(X @ W_xh + H @ W_hh + b_h).to(dtype)


def rnn(inputs, state, params):
    dtype = state[0].dtype
    W_xh, W_hh, b_h, W_hq, b_q = _double(*params)
    (H,) = _double(*state)
    outputs = []
    for X in _double(*inputs):
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append((H @ W_hq + b_q).to(dtype))
    return outputs, (H.to(dtype),)
