"""Both directions in one batched product at each step."""

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
    p = list(params)
    W, U, b = (torch.stack([p[i], p[i + 3]]) for i in range(3))
    X = torch.stack(list(inputs))
    pairs = torch.stack([X, X.flip(0)], dim=1)
    H = torch.stack(list(state))
    states = []
    for step in pairs:
        H = torch.tanh(torch.bmm(step, W) + torch.bmm(H, U) + b.unsqueeze(1))
        states.append(H)
    T = len(states)
    outputs = [
        torch.cat([states[t][0], states[T - 1 - t][1]], dim=1) @ p[6] + p[7] for t in range(T)
    ]
    return torch.cat(outputs), (H[0], H[1])
