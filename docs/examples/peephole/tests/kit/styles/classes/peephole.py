"""Classes: a gate is an object that holds its parameters and is called."""

from dataclasses import dataclass

import torch


@dataclass
class Gate:
    W_x: torch.Tensor
    W_h: torch.Tensor
    p: torch.Tensor
    b: torch.Tensor

    def __call__(self, X, H, C):
        return torch.sigmoid(torch.addmm(self.b, X, self.W_x) + H @ self.W_h + self.p * C)


class Cell:
    def __init__(self, params):
        self.input, self.forget, self.output = (Gate(*params[k : k + 4]) for k in (0, 4, 8))
        self.W_x, self.W_h, self.b = params[12:15]

    def step(self, X, H, C):
        candidate = (X @ self.W_x + H @ self.W_h + self.b).tanh()
        C = self.forget(X, H, C) * C + self.input(X, H, C) * candidate
        return self.output(X, H, C) * C.tanh(), C


def init_peephole_state(batch_size, num_hiddens, device=None):
    def zeros():
        return torch.zeros(batch_size, num_hiddens, device=device)

    return zeros(), zeros()


def input_gate(X, H, C, W_xi, W_hi, p_i, b_i):
    return Gate(W_xi, W_hi, p_i, b_i)(X, H, C)


def forget_gate(X, H, C, W_xf, W_hf, p_f, b_f):
    return Gate(W_xf, W_hf, p_f, b_f)(X, H, C)


def output_gate(X, H, C, W_xo, W_ho, p_o, b_o):
    return Gate(W_xo, W_ho, p_o, b_o)(X, H, C)


def peephole_lstm(inputs, state, params):
    params = list(params)
    cell, (W_hq, b_q) = Cell(params), params[15:]
    (H, C), outputs = state, []
    for X in inputs:
        H, C = cell.step(X, H, C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)
