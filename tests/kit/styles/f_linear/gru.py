"""F.linear with transposed weights."""

import torch
import torch.nn.functional as F
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for fan_in, fan_out in [(num_inputs, num_hiddens), (num_hiddens, num_hiddens)] * 3 + [
        (num_hiddens, num_outputs)
    ]:
        layer = nn.Linear(fan_in, fan_out, device=device)
        nn.init.normal_(layer.weight, 0.0, 0.01)
        nn.init.zeros_(layer.bias)
        params.append(nn.Parameter(layer.weight.detach().t().contiguous()))
        if len(params) in (2, 5, 8, 10):  # a bias after each pair, and after the last
            params.append(layer.bias)
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(F.linear(X, W_xr.t()) + F.linear(H, W_hr.t(), b_r))


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(F.linear(X, W_xz.t()) + F.linear(H, W_hz.t(), b_z))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(F.linear(X, W_xh.T, b_h) + F.linear(H * R, W_hh.T))


def next_state(Z, H, H_tilde):
    return Z.mul(H).add(Z.neg().add(1).mul(H_tilde))


def gru(inputs, state, params):
    hidden = state[0]
    p = list(params)
    outputs = []
    for x in inputs:
        z = update_gate(x, hidden, *p[0:3])
        r = reset_gate(x, hidden, *p[3:6])
        hidden = next_state(z, hidden, candidate_state(x, hidden, r, *p[6:9]))
        outputs.append(F.linear(hidden, p[9].t(), p[10]))
    return outputs, (hidden,)
