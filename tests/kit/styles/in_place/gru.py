"""In-place operations, but only ever on temporaries of its own."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(3):
        params.append(torch.empty((num_inputs, num_hiddens), device=device).normal_(0, 0.01))
        params.append(torch.empty((num_hiddens, num_hiddens), device=device).normal_(0, 0.01))
        params.append(torch.empty(num_hiddens, device=device).fill_(0))
    params.append(torch.empty((num_hiddens, num_outputs), device=device).normal_(0, 0.01))
    params.append(torch.empty(num_outputs, device=device).fill_(0))
    for k, param in enumerate(params):
        params[k] = nn.Parameter(param)
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.empty((batch_size, num_hiddens), device=device).zero_(),)


def _affine(X, H, W_x, W_h, b):
    a = torch.mm(X, W_x)
    a.addmm_(H, W_h)
    a.add_(b)
    return a


def reset_gate(X, H, W_xr, W_hr, b_r):
    return _affine(X, H, W_xr, W_hr, b_r).sigmoid_()


def update_gate(X, H, W_xz, W_hz, b_z):
    return _affine(X, H, W_xz, W_hz, b_z).sigmoid_()


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return _affine(X, R * H, W_xh, W_hh, b_h).tanh_()


def next_state(Z, H, H_tilde):
    result = H - H_tilde
    result = result * Z  # autograd needs the difference as it was
    result += H_tilde
    return result


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = [None] * len(inputs)
    for t, X in enumerate(inputs):
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs[t] = (H @ W_hq).add_(b_q)
    return outputs, (H,)
