"""float64 inside, cast back to the type of the inputs."""

import torch
from torch import nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for layer in range(num_layers):
        rows = num_inputs if not layer else num_hiddens
        for _ in range(3):
            params += [
                _weight(rows, num_hiddens, device=device),
                _weight(num_hiddens, num_hiddens, device=device),
                _bias(num_hiddens, device=device),
            ]
    return nn.ParameterList(
        params
        + [_weight(num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device)]
    )


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return tuple(
        torch.zeros(batch_size, num_hiddens, dtype=torch.float32, device=device)
        for _ in range(num_layers)
    )


def deep_gru(inputs, state, params):
    kind = inputs[0].dtype
    p = [q.double() for q in params]
    H = [h.double() for h in state]
    outputs = []
    for X in inputs:
        up = X.double()
        for k in range(len(H)):
            W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = p[9 * k : 9 * k + 9]
            Z = 1 / (1 + torch.exp(-(up @ W_xz + H[k] @ W_hz + b_z)))
            R = 1 / (1 + torch.exp(-(up @ W_xr + H[k] @ W_hr + b_r)))
            C = torch.tanh(up @ W_xh + (R * H[k]) @ W_hh + b_h)
            H[k] = Z * H[k] + (1 - Z) * C
            up = H[k]
        outputs.append((up @ p[-2] + p[-1]).to(kind))
    return outputs, tuple(h.to(kind) for h in H)
