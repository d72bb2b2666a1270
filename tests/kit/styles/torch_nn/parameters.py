"""What torch brings: nn.init on empty parameters, nn.Linear as a source of biases."""

import torch
from torch import nn


def normal_param(shape, device=None):
    return nn.init.normal_(nn.Parameter(torch.empty(shape, device=device)), mean=0.0, std=0.01)


def zero_param(size, device=None):
    return nn.init.zeros_(nn.Parameter(torch.empty(size, device=device)))


def gate_params(num_inputs, num_hiddens, device=None):
    cell = nn.RNNCell(num_inputs, num_hiddens, bias=True, device=device)
    for weight in (cell.weight_ih, cell.weight_hh):
        nn.init.normal_(weight, std=0.01)
    nn.init.constant_(cell.bias_ih, 0.0)
    W_x = nn.Parameter(cell.weight_ih.detach().T.clone())
    W_h = nn.Parameter(cell.weight_hh.detach().T.clone())
    return W_x, W_h, cell.bias_ih


def output_params(num_hiddens, num_outputs, device=None):
    layer = nn.Linear(num_outputs, num_hiddens, device=device)  # its weight is (h, q)
    nn.init.normal_(layer.weight, std=0.01)
    return layer.weight, nn.init.zeros_(nn.Parameter(torch.empty(num_outputs, device=device)))
