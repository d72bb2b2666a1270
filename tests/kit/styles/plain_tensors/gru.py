"""No nn at all: get_params returns a tuple of plain leaf tensors, states are lists."""

import torch


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3
    shapes += [(num_hiddens, num_outputs), (num_outputs,)]
    params = [torch.empty(shape, device=device) for shape in shapes]
    for param in params:
        if param.dim() == 2:
            param.normal_(0, 0.01)
        else:
            param.zero_()
        param.requires_grad = True
    return tuple(params)


def init_gru_state(batch_size, num_hiddens, device=None):
    return [torch.zeros(batch_size, num_hiddens, device=device)]


def reset_gate(X, H, W_xr, W_hr, b_r):
    return 1 / (1 + torch.exp(-(X.mm(W_xr) + H.mm(W_hr) + b_r)))


def update_gate(X, H, W_xz, W_hz, b_z):
    return 1 / (1 + torch.exp(-(X.mm(W_xz) + H.mm(W_hz) + b_z)))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X.mm(W_xh) + torch.mul(R, H).mm(W_hh) + b_h)


def next_state(Z, H, H_tilde):
    return Z.mul(H) + (1.0 - Z).mul(H_tilde)


def gru(inputs, state, params):
    (h,) = state
    ys = []
    for x in inputs:
        z = update_gate(x, h, params[0], params[1], params[2])
        r = reset_gate(x, h, params[3], params[4], params[5])
        n = candidate_state(x, h, r, params[6], params[7], params[8])
        h = next_state(z, h, n)
        ys.append(h.mm(params[9]) + params[10])
    return ys, [h]
