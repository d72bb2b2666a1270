"""Functional: states by itertools.accumulate, outputs by map."""

from itertools import accumulate, islice

import torch
from torch import nn

from .parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    return nn.ParameterList(
        (
            *gate_params(num_inputs, num_hiddens, device),
            *output_params(num_hiddens, num_outputs, device),
        )
    )


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(sum((X @ W_xh, H @ W_hh, b_h)))


def rnn(inputs, state, params):
    *hidden, W_hq, b_q = params
    states = accumulate(inputs, lambda H, X: rnn_step(X, H, *hidden), initial=state[0])
    states = tuple(islice(states, 1, None))
    return [*map(lambda H: H @ W_hq + b_q, states)], states[-1:]
