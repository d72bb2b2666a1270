"""Everything as torch.einsum, elementwise products too."""

import torch
from torch import einsum, nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def group(rows, columns):
        return nn.Parameter(torch.normal(0.0, 0.01, (rows, columns), device=device))

    params = []
    for _ in ("update", "reset", "candidate"):
        params += [
            group(num_inputs, num_hiddens),
            group(num_hiddens, num_hiddens),
            nn.Parameter(torch.zeros((num_hiddens,), device=device)),
        ]
    params += [
        group(num_hiddens, num_outputs),
        nn.Parameter(torch.zeros((num_outputs,), device=device)),
    ]
    return nn.ParameterList(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def linear(X, H, W_x, W_h, b):
    return einsum("nd,dh->nh", X, W_x) + einsum("ng,gh->nh", H, W_h) + b


def reset_gate(X, H, W_xr, W_hr, b_r):
    return linear(X, H, W_xr, W_hr, b_r).sigmoid()


def update_gate(X, H, W_xz, W_hz, b_z):
    return linear(X, H, W_xz, W_hz, b_z).sigmoid()


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    recurrent = einsum("ng,ng,gh->nh", R, H, W_hh)
    return (einsum("nd,dh->nh", X, W_xh) + recurrent + b_h).tanh()


def next_state(Z, H, H_tilde):
    return einsum("nh,nh->nh", Z, H) + einsum("nh,nh->nh", 1 - Z, H_tilde)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(einsum("nh,hq->nq", H, W_hq) + b_q)
    return outputs, (H,)
