"""Classes: an nn.Module that is run with the given parameters by functional_call."""

import torch
from torch import nn
from torch.func import functional_call

from .parameters import Initialiser

NAMES = [kind + gate for gate in "ifoc" for kind in ("W_x", "W_h", "b_")] + ["W_hq", "b_q"]


class LSTM(nn.Module):
    """Its own parameters are empty: they are replaced at every call."""

    def __init__(self):
        super().__init__()
        for name in NAMES:
            self.register_parameter(name, nn.Parameter(torch.empty(0)))

    def gate(self, X, H, letter):
        W_x, W_h = getattr(self, "W_x" + letter), getattr(self, "W_h" + letter)
        return X @ W_x + H @ W_h + getattr(self, "b_" + letter)

    def forward(self, inputs, H, C):
        outputs = []
        for X in inputs:
            I, F, O = (self.gate(X, H, letter).sigmoid() for letter in "ifo")
            C = F * C + I * self.gate(X, H, "c").tanh()
            H = O * C.tanh()
            outputs.append(H @ self.W_hq + self.b_q)
        return outputs, H, C


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    make = Initialiser(device)
    groups = [make.group(num_inputs, num_hiddens) for _ in "ifoc"]
    output = [make.weight(num_hiddens, num_outputs), make.bias(num_outputs)]
    return nn.ParameterList(sum(groups, []) + output)


def init_lstm_state(batch_size, num_hiddens, device=None):
    def zeros():
        return torch.zeros(batch_size, num_hiddens, device=device)

    return zeros(), zeros()


def input_gate(X, H, W_xi, W_hi, b_i):
    return (X @ W_xi + H @ W_hi + b_i).sigmoid()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return (X @ W_xf + H @ W_hf + b_f).sigmoid()


def output_gate(X, H, W_xo, W_ho, b_o):
    return (X @ W_xo + H @ W_ho + b_o).sigmoid()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return (X @ W_xc + H @ W_hc + b_c).tanh()


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * C.tanh()


def lstm(inputs, state, params):
    H, C = state
    given = dict(zip(NAMES, params))
    outputs, H, C = functional_call(LSTM(), given, (list(inputs), H, C))
    return outputs, (H, C)
