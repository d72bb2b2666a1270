"""Recursion: a step knows the state before it and asks for the one after it."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(2):
        params += [
            _weight(num_inputs, num_hiddens, device=device),
            _weight(num_hiddens, num_hiddens, device=device),
            _bias(num_hiddens, device=device),
        ]
    return nn.ParameterList(
        params
        + [_weight(2 * num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    )


def init_birnn_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros((batch_size, num_hiddens), device=device),
        torch.zeros((batch_size, num_hiddens), device=device),
    )


def birnn(inputs, state, params):
    W1, U1, b1, W2, U2, b2, V, c = params
    xs = list(inputs)
    before = state[0]

    def go(t, H):
        if t == len(xs):
            return state[1], H, []
        H = torch.tanh(xs[t].matmul(W1).add(H.matmul(U1)).add(b1))
        G, last, rest = go(t + 1, H)
        G = torch.tanh(xs[t].matmul(W2).add(G.matmul(U2)).add(b2))
        return G, last, [torch.hstack([H, G]).matmul(V).add(c), *rest]

    G, H, outputs = go(0, before)
    return outputs, (H, G)
