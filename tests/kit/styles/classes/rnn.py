"""Classes: the step is a callable object, the network an object that holds its parameters."""

import torch
from torch import nn

from .parameters import Initialiser


class Cell:
    def __init__(self, W_xh, W_hh, b_h):
        self.W_xh, self.W_hh, self.b_h = W_xh, W_hh, b_h

    def __call__(self, X, H):
        return torch.tanh(X @ self.W_xh + H @ self.W_hh + self.b_h)


class Network:
    def __init__(self, params):
        *cell, self.W_hq, self.b_q = params
        self.cell = Cell(*cell)

    def read_out(self, H):
        return H @ self.W_hq + self.b_q

    def run(self, inputs, state):
        (H,) = state
        outputs = []
        for X in inputs:
            H = self.cell(X, H)
            outputs.append(self.read_out(H))
        return outputs, (H,)


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    make = Initialiser(device)
    return nn.ParameterList(
        make.group(num_inputs, num_hiddens)
        + [make.weight(num_hiddens, num_outputs), make.bias(num_outputs)]
    )


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return Cell(W_xh, W_hh, b_h)(X, H)


def rnn(inputs, state, params):
    return Network(params).run(inputs, state)
