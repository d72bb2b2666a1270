"""Two halves of W_hq instead of a concatenation."""

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
    Wf, Uf, bf, Wb, Ub, bb, W_hq, b_q = list(params)
    h = Uf.shape[0]
    top, bottom = W_hq[:h], W_hq[h:]
    H, G = state
    steps = [X for X in inputs]
    ys = []
    for X in steps:
        H = torch.tanh(X @ Wf + H @ Uf + bf)
        ys.append(H @ top + b_q)
    for t in range(len(steps)):
        G = torch.tanh(steps[-1 - t] @ Wb + G @ Ub + bb)
        ys[-1 - t] = ys[-1 - t] + G @ bottom
    return ys, [H, G]
