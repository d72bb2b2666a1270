"""Prints at import and in every call, whole tensors too."""

import torch
from torch import nn

from .parameters import gate_params, output_params

print("rnn.py loaded:", __name__)


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = nn.ParameterList(
        gate_params(num_inputs, num_hiddens, device)
        + output_params(num_hiddens, num_outputs, device)
    )
    print(params)
    return params


def init_rnn_state(batch_size, num_hiddens, device=None):
    H = torch.zeros(batch_size, num_hiddens, device=device)
    print("H0 =", H)
    return (H,)


def rnn_step(X, H, W_xh, W_hh, b_h):
    print("X", X.shape, "H", H.shape)
    new = torch.tanh(X @ W_xh + H @ W_hh + b_h)
    print("->", new)
    return new


def rnn(inputs, state, params):
    print("inputs:", type(inputs), len(inputs))
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for t, X in enumerate(inputs):
        print("t =", t, end=" ")
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        outputs.append(H @ W_hq + b_q)
    print()
    return outputs, (H,)
