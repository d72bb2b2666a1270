"""float64 inside, cast back; parameters as a plain list."""

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
    like = inputs[0]
    A, B, c, D, E, f, V, e = [p.to(torch.float64) for p in params]
    left, right = [s.to(torch.float64) for s in state]
    xs = [x.to(torch.float64) for x in inputs]
    firsts, seconds = [], []
    for x in xs:
        left = torch.tanh(x @ A + left @ B + c)
        firsts.append(left)
    for x in xs[::-1]:
        right = torch.tanh(x @ D + right @ E + f)
        seconds.insert(0, right)
    ys = [(torch.cat([a, b], 1) @ V + e).type_as(like) for a, b in zip(firsts, seconds)]
    return ys, (left.type_as(like), right.type_as(like))
