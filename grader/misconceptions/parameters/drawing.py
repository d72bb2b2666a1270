"""Mistakes in gate_params and output_params that draw their numbers themselves."""

import torch
from torch import nn

from grader.misconceptions import wrong
from solutions.parameters import normal_param, zero_param


@wrong(
    "parameters.gate_params",
    en="The bias starts at one; here every bias starts at zero.",
    zh="偏置从 1 开始，应当从 0 开始。",
    hint_en="Two normal, one zero: you have written a function for each.",
    hint_zh="两个正态、一个全零：两种函数你都已经写好了。",
)
def bias_one(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, nn.Parameter(torch.ones(num_hiddens, device=device))


@wrong(
    "parameters.gate_params",
    en="A fixed seed stands inside the function, so every gate gets the same numbers.",
    zh="函数内部固定了随机种子，每个门得到的数都一样。",
    hint_en="Call it twice. Do the gates differ?",
    hint_zh="调用两次试试：两个门的参数不同吗？",
)
def seeded_with_zero(num_inputs, num_hiddens, device=None):
    torch.manual_seed(0)
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The weights come from rand, which is uniform between 0 and 1, not from randn.",
    zh="权重用的是 rand（0 与 1 之间的均匀分布），应当用 randn。",
    hint_en="Are any of your weights negative? What is the n in randn for?",
    hint_zh="你的权重里有负数吗？randn 里的 n 是什么意思？",
)
def weights_by_rand(num_inputs, num_hiddens, device=None):
    W_x = nn.Parameter(torch.rand((num_inputs, num_hiddens), device=device) * 0.01)
    W_h = nn.Parameter(torch.rand((num_hiddens, num_hiddens), device=device) * 0.01)
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The factor 0.01 is missing: the weights are drawn from N(0, 1).",
    zh="漏乘了 0.01，权重取自 N(0, 1)。",
    hint_en="Print W_x.std() for a large W_x. Which number should it be near?",
    hint_zh="对一个大的 W_x 打印 W_x.std()，它应接近哪个数？",
)
def weights_not_scaled(num_inputs, num_hiddens, device=None):
    W_x = nn.Parameter(torch.randn((num_inputs, num_hiddens), device=device))
    W_h = nn.Parameter(torch.randn((num_hiddens, num_hiddens), device=device))
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.output_params",
    en="The output bias starts at one; here every bias starts at zero.",
    zh="输出层的偏置从 1 开始，应当从 0 开始。",
    hint_en="One normal, one zero: you have written a function for each.",
    hint_zh="一个正态、一个全零：两种函数你都已经写好了。",
)
def output_bias_one(num_hiddens, num_outputs, device=None):
    W_hq = normal_param((num_hiddens, num_outputs), device)
    return W_hq, nn.Parameter(torch.ones(num_outputs, device=device))
