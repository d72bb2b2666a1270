"""No nn at all: plain leaf tensors by detach().requires_grad_(), states are lists."""

import torch


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    def leaf(*shape):
        return (torch.randn(*shape, device=device) * 0.01).detach().requires_grad_()

    out = []
    for _ in range(4):
        out += [
            leaf(num_inputs, num_hiddens),
            leaf(num_hiddens, num_hiddens),
            torch.zeros(num_hiddens, device=device, requires_grad=True),
        ]
    return out + [
        leaf(num_hiddens, num_outputs),
        torch.zeros(num_outputs, device=device, requires_grad=True),
    ]


def init_lstm_state(batch_size, num_hiddens, device=None):
    return [torch.zeros(batch_size, num_hiddens, device=device) for _ in "HC"]


def input_gate(X, H, W_xi, W_hi, b_i):
    return (X.mm(W_xi) + H.mm(W_hi)).add(b_i).sigmoid()


def forget_gate(X, H, W_xf, W_hf, b_f):
    return (X.mm(W_xf) + H.mm(W_hf)).add(b_f).sigmoid()


def output_gate(X, H, W_xo, W_ho, b_o):
    return (X.mm(W_xo) + H.mm(W_ho)).add(b_o).sigmoid()


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return (X.mm(W_xc) + H.mm(W_hc)).add(b_c).tanh()


def next_memory(F, C, I, C_tilde):
    return F.mul(C).add(I.mul(C_tilde))


def next_state(O, C):
    return O.mul(C.tanh())


def lstm(inputs, state, params):
    h, c = state[0], state[1]
    ys = []
    for x in inputs:
        i = input_gate(x, h, params[0], params[1], params[2])
        f = forget_gate(x, h, params[3], params[4], params[5])
        o = output_gate(x, h, params[6], params[7], params[8])
        g = candidate_memory(x, h, params[9], params[10], params[11])
        c = next_memory(f, c, i, g)
        h = next_state(o, c)
        ys.append(h.mm(params[12]).add(params[13]))
    return ys, [h, c]
