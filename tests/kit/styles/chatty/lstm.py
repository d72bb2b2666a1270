"""Prints at import and in every call, with carriage returns, colours and a progress bar."""

import sys

import torch
from torch import nn

from .parameters import gate_params, output_params

sys.stdout.write("\033[1mlstm.py\033[0m loaded\n")


def bar(done, total):
    sys.stderr.write("\r[" + "#" * done + "." * (total - done) + "]")
    if done == total:
        sys.stderr.write("\n")
    sys.stderr.flush()


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for k in range(4):
        params += list(gate_params(num_inputs, num_hiddens, device))
        bar(k + 1, 5)
    params += list(output_params(num_hiddens, num_outputs, device))
    bar(5, 5)
    return nn.ParameterList(params)


def init_lstm_state(batch_size, num_hiddens, device=None):
    print("\033[32mzeros\033[0m", batch_size, num_hiddens)
    return (
        torch.zeros(batch_size, num_hiddens, device=device),
        torch.zeros(batch_size, num_hiddens, device=device),
    )


def input_gate(X, H, W_xi, W_hi, b_i):
    print("input gate")
    return torch.sigmoid(X @ W_xi + H @ W_hi + b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    print("forget gate")
    return torch.sigmoid(X @ W_xf + H @ W_hf + b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    print("output gate")
    return torch.sigmoid(X @ W_xo + H @ W_ho + b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    print("candidate, not a gate", b_c)
    return torch.tanh(X @ W_xc + H @ W_hc + b_c)


def next_memory(F, C, I, C_tilde):
    print({"F": F, "I": I})
    return F * C + I * C_tilde


def next_state(O, C):
    print("tanh(C) =", torch.tanh(C))
    return O * torch.tanh(C)


def lstm(inputs, state, params):
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
    (H, C) = state
    outputs = []
    for t, X in enumerate(inputs):
        bar(t + 1, len(inputs))
        C = next_memory(
            forget_gate(X, H, W_xf, W_hf, b_f),
            C,
            input_gate(X, H, W_xi, W_hi, b_i),
            candidate_memory(X, H, W_xc, W_hc, b_c),
        )
        H = next_state(output_gate(X, H, W_xo, W_ho, b_o), C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)
