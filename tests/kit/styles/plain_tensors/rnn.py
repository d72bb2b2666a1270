"""No nn at all: get_params returns a list of plain leaf tensors."""

import torch


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    W_xh = torch.normal(0.0, 0.01, (num_inputs, num_hiddens), device=device, requires_grad=True)
    W_hh = torch.normal(0.0, 0.01, (num_hiddens, num_hiddens), device=device, requires_grad=True)
    b_h = torch.zeros(num_hiddens, device=device, requires_grad=True)
    W_hq = torch.normal(0.0, 0.01, (num_hiddens, num_outputs), device=device, requires_grad=True)
    b_q = torch.zeros(num_outputs, device=device, requires_grad=True)
    return [W_xh, W_hh, b_h, W_hq, b_q]


def init_rnn_state(batch_size, num_hiddens, device=None):
    return [torch.zeros(batch_size, num_hiddens, device=device)]


def rnn_step(X, H, W_xh, W_hh, b_h):
    return (X.mm(W_xh) + H.mm(W_hh) + b_h).tanh()


def rnn(inputs, state, params):
    outputs = []
    h = state[0]
    for x in inputs:
        h = rnn_step(x, h, *params[:3])
        outputs.append(h.mm(params[3]) + params[4])
    return outputs, [h]
