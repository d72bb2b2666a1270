"""Loops over the rows of a batch in plain Python: a row is a vector, its product mv."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = nn.ParameterList()
    for shape in [
        (num_inputs, num_hiddens),
        (num_hiddens, num_hiddens),
        (num_hiddens,),
        (num_hiddens, num_outputs),
        (num_outputs,),
    ]:
        if len(shape) == 2:
            rows = []
            for _ in range(shape[0]):
                rows.append(torch.randn(shape[1], device=device) * 0.01)
            params.append(nn.Parameter(torch.stack(rows)))
        else:
            params.append(nn.Parameter(torch.zeros(shape, device=device)))
    return params


def init_rnn_state(batch_size, num_hiddens, device=None):
    rows = []
    for _ in range(batch_size):
        rows.append(torch.zeros(num_hiddens, device=device))
    return (torch.stack(rows),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    rows = []
    for i in range(X.shape[0]):
        rows.append(torch.tanh(X[i] @ W_xh + H[i] @ W_hh + b_h))
    return torch.stack(rows)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    outputs = []
    for t in range(len(inputs)):
        a = inputs[t] @ W_xh
        a = a + H @ W_hh
        a = a + b_h
        H = torch.tanh(a)
        y = H @ W_hq
        for row in (b_q,):
            y = y + row
        outputs.append(y)
    return outputs, (H,)
