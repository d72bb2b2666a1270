"""One tensor wherever a sequence is meant: outputs (T, n, q), filled in and returned whole."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    sizes = dict(
        W_xh=(num_inputs, num_hiddens),
        W_hh=(num_hiddens, num_hiddens),
        b_h=(num_hiddens,),
        W_hq=(num_hiddens, num_outputs),
        b_q=(num_outputs,),
    )
    params = nn.ParameterList()
    for name, size in sizes.items():
        param = nn.Parameter(torch.zeros(size, device=device))
        if name.startswith("W"):
            nn.init.normal_(param, mean=0.0, std=0.01)
        params.append(param)
    return params


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    T, n = len(inputs), H.shape[0]
    outputs = H.new_zeros((T, n, b_q.shape[0]))
    for t in range(T):
        H = rnn_step(inputs[t], H, W_xh, W_hh, b_h)
        outputs[t] = H @ W_hq + b_q
    return outputs, (H,)
