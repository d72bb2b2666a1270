"""F.linear with transposed weights, the bias inside the first of the two."""

import torch
import torch.nn.functional as F
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    # made the torch way round, (out, in), and turned
    W_xh = nn.Parameter(torch.normal(0, 0.01, size=(num_hiddens, num_inputs), device=device).t())
    W_hh = nn.Parameter(torch.normal(0, 0.01, size=(num_hiddens, num_hiddens), device=device).t())
    W_hq = nn.Parameter(torch.normal(0, 0.01, size=(num_outputs, num_hiddens), device=device).t())
    b_h = nn.Parameter(torch.zeros(num_hiddens, device=device))
    b_q = nn.Parameter(torch.zeros(num_outputs, device=device))
    return nn.ParameterList((W_xh, W_hh, b_h, W_hq, b_q))


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(F.linear(X, W_xh.t(), b_h) + F.linear(H, W_hh.t()))


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (hidden,) = state
    outputs = []
    for x in inputs:
        hidden = rnn_step(x, hidden, W_xh, W_hh, b_h)
        outputs.append(F.linear(hidden, W_hq.t(), b_q))
    return outputs, (hidden,)
