"""What torch brings: layers of nn.Linear, loaded by functional_call; no nn.GRU."""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from .parameters import gate_params, output_params

# nn.GRU resets after the product with W_hh and has a bias of its own there: not our equations


class Affine(nn.Module):
    """X W_x + H W_h + b by two nn.Linear."""

    def __init__(self, num_inputs, num_hiddens, like):
        super().__init__()
        kind = {"device": like.device, "dtype": like.dtype}
        self.x = nn.Linear(num_inputs, num_hiddens, **kind)
        self.h = nn.Linear(num_hiddens, num_hiddens, bias=False, **kind)

    def forward(self, X, H):
        return self.x(X) + self.h(H)


def _affine(X, H, W_x, W_h, b):
    given = {"x.weight": W_x.T, "x.bias": b, "h.weight": W_h.T}
    return functional_call(Affine(*W_x.shape, b), given, (X, H))


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    groups = [gate_params(num_inputs, num_hiddens, device) for _ in range(3)]
    groups.append(output_params(num_hiddens, num_outputs, device))
    return nn.ParameterList([param for group in groups for param in group])


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return nn.Sigmoid()(_affine(X, H, W_xr, W_hr, b_r))


def update_gate(X, H, W_xz, W_hz, b_z):
    return nn.Sigmoid()(_affine(X, H, W_xz, W_hz, b_z))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return nn.Tanh()(_affine(X, R * H, W_xh, W_hh, b_h))


def next_state(Z, H, H_tilde):
    return torch.lerp(H_tilde, H, Z)


def gru(inputs, state, params):
    params = list(params)
    (H,) = state
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, *params[0:3])
        R = reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(F.linear(H, params[9].T, params[10]))
    return outputs, (H,)
