"""einsum everywhere."""

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
    wf, uf, bf, wb, ub, bb, v, c = params

    def step(x, h, w, u, b):
        return (
            torch.einsum("ij,jk->ik", x, w) + torch.einsum("ij,jk->ik", h, u) + b[None, :]
        ).tanh()

    n = len(inputs)
    hs, gs = {-1: state[0]}, {n: state[1]}
    for t in range(n):
        hs[t] = step(inputs[t], hs[t - 1], wf, uf, bf)
        s = n - 1 - t
        gs[s] = step(inputs[s], gs[s + 1], wb, ub, bb)
    outputs = [torch.einsum("ij,jk->ik", torch.cat((hs[t], gs[t]), dim=1), v) + c for t in range(n)]
    return outputs, (hs[n - 1], gs[0])
