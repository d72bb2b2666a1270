"""The book's second edition: @, three(), a list of leaf tensors, joined outputs."""

import torch


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def normal(shape):
        return torch.randn(size=shape, device=device) * 0.01

    def three():
        return (
            normal((num_inputs, num_hiddens)),
            normal((num_hiddens, num_hiddens)),
            torch.zeros(num_hiddens, device=device),
        )

    W_xi, W_hi, b_i = three()
    W_xf, W_hf, b_f = three()
    W_xo, W_ho, b_o = three()
    W_xc, W_hc, b_c = three()
    W_hq = normal((num_hiddens, num_outputs))
    b_q = torch.zeros(num_outputs, device=device)
    params = [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q]
    for param in params:
        param.requires_grad_(True)
    return params


def init_lstm_state(batch_size, num_hiddens, device=None):
    return (
        torch.zeros((batch_size, num_hiddens), device=device),
        torch.zeros((batch_size, num_hiddens), device=device),
    )


def _gate(X, H, W_x, W_h, b):
    return torch.sigmoid((X @ W_x) + (H @ W_h) + b)


def input_gate(X, H, W_xi, W_hi, b_i):
    return _gate(X, H, W_xi, W_hi, b_i)


def forget_gate(X, H, W_xf, W_hf, b_f):
    return _gate(X, H, W_xf, W_hf, b_f)


def output_gate(X, H, W_xo, W_ho, b_o):
    return _gate(X, H, W_xo, W_ho, b_o)


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh((X @ W_xc) + (H @ W_hc) + b_c)


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * torch.tanh(C)


def lstm(inputs, state, params):
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
    (H, C) = state
    outputs = []
    for X in inputs:
        I = _gate(X, H, W_xi, W_hi, b_i)
        F = _gate(X, H, W_xf, W_hf, b_f)
        O = _gate(X, H, W_xo, W_ho, b_o)
        C = F * C + I * torch.tanh((X @ W_xc) + (H @ W_hc) + b_c)
        H = O * torch.tanh(C)
        outputs.append((H @ W_hq) + b_q)
    return torch.cat(outputs, dim=0), (H, C)
