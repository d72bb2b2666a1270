"""In-place operations, but only ever on temporaries of its own: a buffer is filled gate by gate."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = nn.ParameterList()
    for _ in range(4):
        params.append(nn.Parameter(torch.empty((num_inputs, num_hiddens), device=device)))
        params.append(nn.Parameter(torch.empty((num_hiddens, num_hiddens), device=device)))
        params.append(nn.Parameter(torch.empty(num_hiddens, device=device)))
    params.append(nn.Parameter(torch.empty((num_hiddens, num_outputs), device=device)))
    params.append(nn.Parameter(torch.empty(num_outputs, device=device)))
    with torch.no_grad():
        for param in params:
            param.zero_()
            if param.ndim == 2:
                param.normal_(0, 0.01)
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    H = torch.empty((batch_size, num_hiddens), device=device).zero_()
    C = H.clone()
    return H, C


def _affine(X, H, W_x, W_h, b):
    a = X @ W_x
    a += H @ W_h
    a += b
    return a


def input_gate(X, H, W_xi, W_hi, b_i):
    return _affine(X, H, W_xi, W_hi, b_i).sigmoid_()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return _affine(X, H, W_xf, W_hf, b_f).sigmoid_()


def output_gate(X, H, W_xo, W_ho, b_o):
    return _affine(X, H, W_xo, W_ho, b_o).sigmoid_()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return _affine(X, H, W_xc, W_hc, b_c).tanh_()


def next_memory(F, C, I, C_tilde):
    memory = F * C
    memory += I * C_tilde
    return memory


def next_state(O, C):
    return C.tanh() * O  # mul_ would spoil what the backward pass of tanh needs


def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    n, h = H.shape
    outputs = H.new_empty((len(inputs), n, b_q.numel()))
    for t, X in enumerate(inputs):
        gates = H.new_empty((4, n, h))
        gates[0] = _affine(X, H, W_xi, W_hi, b_i)
        gates[1] = _affine(X, H, W_xf, W_hf, b_f)
        gates[2] = _affine(X, H, W_xo, W_ho, b_o)
        gates[3] = _affine(X, H, W_xc, W_hc, b_c)
        I, F, O = gates[:3].sigmoid()
        C = next_memory(F, C, I, gates[3].tanh())
        H = next_state(O, C)
        outputs[t] = H @ W_hq
        outputs[t] += b_q
    return outputs, (H, C)
