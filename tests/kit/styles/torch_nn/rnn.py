"""What torch brings: torch.rnn_tanh_cell for the step, nn.RNN by functional_call for the loop."""

import torch
from torch import nn
from torch.func import functional_call

from .parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    return nn.ParameterList(
        [
            *gate_params(num_inputs, num_hiddens, device),
            *output_params(num_hiddens, num_outputs, device),
        ]
    )


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.rnn_tanh_cell(X, H, W_xh.T, W_hh.T, b_h, torch.zeros_like(b_h))


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    if not isinstance(inputs, torch.Tensor):
        inputs = torch.stack(list(inputs))
    layer = nn.RNN(*W_xh.shape, device=W_xh.device, dtype=W_xh.dtype)
    weights = {
        "weight_ih_l0": W_xh.T,
        "weight_hh_l0": W_hh.T,
        "bias_ih_l0": b_h,
        "bias_hh_l0": torch.zeros_like(b_h),
    }
    states, last = functional_call(layer, weights, (inputs, state[0].unsqueeze(0)))
    return states @ W_hq + b_q, (last.squeeze(0),)
