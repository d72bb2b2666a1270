"""torch.flip on one tensor, outputs as one (T, n, q) tensor."""

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


def run(X, H, W, U, b):
    projected, states = X @ W + b, []
    for step in projected:
        H = torch.tanh(step + H @ U)
        states.append(H)
    return torch.stack(states), H


def birnn(inputs, state, params):
    X = torch.stack(tuple(inputs))
    forward, H = run(X, state[0], *[params[i] for i in (0, 1, 2)])
    backward, G = run(torch.flip(X, dims=[0]), state[1], *[params[i] for i in (3, 4, 5)])
    both = torch.cat([forward, backward.flip(0)], dim=-1)
    return both @ params[6] + params[7], (H, G)
