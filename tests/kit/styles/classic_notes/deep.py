"""numpy makes the parameters; in-place arithmetic on temporaries of its own."""

import numpy as np
import torch
from torch import nn


def _one(shape, device):
    return nn.Parameter(
        torch.tensor(np.random.normal(0, 0.01, size=shape), device=device, dtype=torch.float32)
    )


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    def _three(d):
        return (
            _one((d, num_hiddens), device),
            _one((num_hiddens, num_hiddens), device),
            nn.Parameter(torch.zeros(num_hiddens, device=device, dtype=torch.float32)),
        )

    params = []
    for l in range(num_layers):
        d = num_inputs if l == 0 else num_hiddens
        params += [*_three(d), *_three(d), *_three(d)]
    params.append(_one((num_hiddens, num_outputs), device))
    params.append(nn.Parameter(torch.zeros(num_outputs, device=device, dtype=torch.float32)))
    return nn.ParameterList(params)


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    states = ()
    for _ in range(num_layers):
        states = states + (torch.zeros((batch_size, num_hiddens), device=device),)
    return states


def deep_gru(inputs, state, params):
    num_layers = len(state)
    W_hq, b_q = params[9 * num_layers], params[9 * num_layers + 1]
    H = [s for s in state]
    outputs = []
    for X in inputs:
        for l in range(num_layers):
            W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = [
                params[9 * l + k] for k in range(9)
            ]
            a = torch.matmul(X, W_xz)
            a += torch.matmul(H[l], W_hz)
            a += b_z
            Z = torch.sigmoid(a)
            R = torch.sigmoid(torch.matmul(X, W_xr) + torch.matmul(H[l], W_hr) + b_r)
            H_tilda = torch.tanh(torch.matmul(X, W_xh) + torch.matmul(R * H[l], W_hh) + b_h)
            X = Z * H[l] + (1 - Z) * H_tilda
            H[l] = X
        outputs.append(torch.matmul(X, W_hq) + b_q)
    return outputs, tuple(H)
