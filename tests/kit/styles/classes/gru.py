"""Classes: one Gate class with its activation, a GRU object built from three of them."""

import torch
from torch import nn

from .parameters import Initialiser


class Gate:
    activation = staticmethod(torch.sigmoid)

    def __init__(self, W_x, W_h, b):
        self.W_x, self.W_h, self.b = W_x, W_h, b

    def __call__(self, X, H):
        return self.activation(X @ self.W_x + H @ self.W_h + self.b)


class Candidate(Gate):
    activation = staticmethod(torch.tanh)


class GRU:
    def __init__(self, params):
        p = list(params)
        self.update, self.reset = Gate(*p[:3]), Gate(*p[3:6])
        self.candidate = Candidate(*p[6:9])
        self.W_hq, self.b_q = p[9:]

    def __call__(self, inputs, state):
        H = state[0]
        outputs = []
        for X in inputs:
            H = self.step(X, H)
            outputs.append(H @ self.W_hq + self.b_q)
        return outputs, (H,)

    def step(self, X, H):
        keep = self.update(X, H)
        return keep * H + (1 - keep) * self.candidate(X, self.reset(X, H) * H)


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    make = Initialiser(device)
    params = nn.ParameterList()
    for _ in range(3):
        params.extend(make.group(num_inputs, num_hiddens))
    params.append(make.weight(num_hiddens, num_outputs))
    params.append(make.bias(num_outputs))
    return params


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return Gate(W_xr, W_hr, b_r)(X, H)


def update_gate(X, H, W_xz, W_hz, b_z):
    return Gate(W_xz, W_hz, b_z)(X, H)


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return Candidate(W_xh, W_hh, b_h)(X, R * H)


def next_state(Z, H, H_tilde):
    return Z * H + (1 - Z) * H_tilde


def gru(inputs, state, params):
    return GRU(params)(inputs, state)
