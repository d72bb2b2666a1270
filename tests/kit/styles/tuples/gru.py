"""Tuples everywhere, and a state that is a typing.NamedTuple."""

from typing import NamedTuple

import torch
from torch.nn import Parameter


class State(NamedTuple):
    H: torch.Tensor


class Gate(NamedTuple):
    W_x: torch.Tensor
    W_h: torch.Tensor
    b: torch.Tensor

    def __matmul__(self, pair):
        X, H = pair
        return X @ self.W_x + H @ self.W_h + self.b


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(*shape):
        return Parameter(torch.randn(shape, device=device) * 0.01)

    gates = tuple(
        (
            weight(num_inputs, num_hiddens),
            weight(num_hiddens, num_hiddens),
            Parameter(torch.zeros(num_hiddens, device=device)),
        )
        for _ in "zrh"
    )
    output = (weight(num_hiddens, num_outputs), Parameter(torch.zeros(num_outputs, device=device)))
    return sum(gates, ()) + output


def init_gru_state(batch_size, num_hiddens, device=None):
    return State(H=torch.zeros(batch_size, num_hiddens, device=device))


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(Gate(W_xr, W_hr, b_r) @ (X, H))


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(Gate(W_xz, W_hz, b_z) @ (X, H))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(Gate(W_xh, W_hh, b_h) @ (X, R * H))


def next_state(Z, H, H_tilde):
    return Z * (H - H_tilde) + H_tilde


def gru(inputs, state, params):
    params = tuple(params)
    z, r, h = (Gate(*params[k : k + 3]) for k in (0, 3, 6))
    W_hq, b_q = params[9:]
    state, outputs = State(*state), ()
    for X in inputs:
        Z = torch.sigmoid(z @ (X, state.H))
        R = torch.sigmoid(r @ (X, state.H))
        state = state._replace(H=next_state(Z, state.H, torch.tanh(h @ (X, R * state.H))))
        outputs += (state.H @ W_hq + b_q,)
    return outputs, state
