"""中文写法:权重服从 N(0, 0.01²),偏置为零。"""

import torch
from torch import nn

标准差 = 0.01


def normal_param(shape, device=None):
    数值 = torch.randn(*shape, device=device) * 标准差
    return nn.Parameter(数值)


def zero_param(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


def gate_params(num_inputs, num_hiddens, device=None):
    输入权重 = normal_param((num_inputs, num_hiddens), device)
    隐藏权重 = normal_param((num_hiddens, num_hiddens), device)
    偏置 = zero_param(num_hiddens, device)
    return 输入权重, 隐藏权重, 偏置


def output_params(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
