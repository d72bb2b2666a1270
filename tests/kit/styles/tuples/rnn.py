"""Tuples everywhere, and a state that is a namedtuple."""

from collections import namedtuple

import torch
from torch.nn import Parameter

State = namedtuple("State", ["H"])
Params = namedtuple("Params", ["W_xh", "W_hh", "b_h", "W_hq", "b_q"])


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    return Params(
        W_xh=Parameter(torch.randn(num_inputs, num_hiddens, device=device) * 0.01),
        W_hh=Parameter(torch.randn(num_hiddens, num_hiddens, device=device) * 0.01),
        b_h=Parameter(torch.zeros(num_hiddens, device=device)),
        W_hq=Parameter(torch.randn(num_hiddens, num_outputs, device=device) * 0.01),
        b_q=Parameter(torch.zeros(num_outputs, device=device)),
    )


def init_rnn_state(batch_size, num_hiddens, device=None):
    return State(torch.zeros(batch_size, num_hiddens, device=device))


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


def rnn(inputs, state, params):
    p, s = Params(*params), State(*state)
    outputs = ()
    for X in inputs:
        s = State(rnn_step(X, s.H, p.W_xh, p.W_hh, p.b_h))
        outputs += (s.H @ p.W_hq + p.b_q,)
    return outputs, s
