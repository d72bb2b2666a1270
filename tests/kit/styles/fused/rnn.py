"""Fused: [X, H] times stacked weights, and all outputs read in one product after the loop."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    # one draw for both weights of the hidden layer, then cut into two leaves
    both = torch.randn(num_inputs + num_hiddens, num_hiddens, device=device).mul_(0.01)
    W_xh, W_hh = (nn.Parameter(part.clone()) for part in both.split([num_inputs, num_hiddens]))
    W_hq = nn.Parameter(torch.randn(num_hiddens, num_outputs, device=device).mul_(0.01))
    b_h = nn.Parameter(torch.zeros(num_hiddens, device=device))
    b_q = nn.Parameter(torch.zeros(num_outputs, device=device))
    return nn.ParameterList([W_xh, W_hh, b_h, W_hq, b_q])


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(torch.cat([X, H], dim=1) @ torch.cat([W_xh, W_hh], dim=0) + b_h)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    W = torch.cat([W_xh, W_hh], dim=0)
    states = []
    for X in inputs:
        H = torch.tanh(torch.cat([X, H], dim=1) @ W + b_h)
        states.append(H)
    outputs = torch.stack(states) @ W_hq + b_q
    return list(outputs.unbind(0)), (H,)
