"""Everything as torch.einsum; all T outputs as one (T, n, q) tensor."""

import torch
from torch import einsum, nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def weight(rows, columns):
        return nn.Parameter(torch.normal(0.0, 0.01, (rows, columns), device=device))

    def bias(size):
        return nn.Parameter(torch.zeros((size,), device=device))

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
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return (einsum("nd,dh->nh", X, W_xh) + einsum("ng,gh->nh", H, W_hh) + b_h).tanh()


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    states = []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        states.append(H)
    return einsum("tnh,hq->tnq", torch.stack(states), W_hq) + b_q, (H,)
