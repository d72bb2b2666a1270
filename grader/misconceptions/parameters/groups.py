"""Mistakes in gate_params and output_params."""

import torch
from torch import nn

from grader.misconceptions import wrong
from solutions.parameters import normal_param, zero_param


@wrong(
    "parameters.gate_params",
    en="W_h comes before W_x.",
    zh="W_h 排在了 W_x 前面。",
    hint_en="The order is that of the equation X W_x + H W_h + b.",
    hint_zh="次序与公式 X W_x + H W_h + b 一致。",
)
def hidden_weights_first(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_h, W_x, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The bias comes first; it should come last.",
    zh="偏置排在了最前面，应当排在最后。",
    hint_en="The order is that of the equation X W_x + H W_h + b.",
    hint_zh="次序与公式 X W_x + H W_h + b 一致。",
)
def bias_first(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return zero_param(num_hiddens, device), W_x, W_h


@wrong(
    "parameters.gate_params",
    en="W_x is transposed: (h, d) instead of (d, h).",
    zh="W_x 被转置了：应为 (d, h)，而不是 (h, d)。",
    hint_en="X is (n, d). Which shape must W_x have for X @ W_x to be (n, h)?",
    hint_zh="X 是 (n, d)。要使 X @ W_x 为 (n, h)，W_x 应是什么形状？",
)
def input_weights_transposed(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_hiddens, num_inputs), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The bias is random; it should start at 0.",
    zh="偏置是随机的，应从 0 开始。",
    hint_en="Two normal, one zero: you have written a function for each.",
    hint_zh="两个正态、一个全零：两种函数你都已经写好了。",
)
def bias_random(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, normal_param((num_hiddens,), device)


@wrong(
    "parameters.gate_params",
    en="The bias is a matrix of one row, (1, h); it should be (h,).",
    zh="偏置是只有一行的矩阵 (1, h)，应为 (h,)。",
    hint_en="A vector is added to every row of a matrix by itself.",
    hint_zh="矩阵加向量时，向量自然会加到每一行。",
)
def bias_as_row(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    return W_x, W_h, nn.Parameter(torch.zeros(1, num_hiddens, device=device))


@wrong(
    "parameters.gate_params",
    en="W_h has the shape of W_x: (d, h) instead of (h, h).",
    zh="W_h 用了 W_x 的形状 (d, h)，应为 (h, h)。",
    hint_en="W_h is multiplied with the state. How many columns has H?",
    hint_zh="W_h 与隐藏状态相乘。H 有多少列？",
)
def hidden_weights_like_input(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_inputs, num_hiddens), device)
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The weights are all zero, so the hidden units can never become different.",
    zh="权重全为零，各隐藏单元永远无法变得不同。",
    hint_en="Only the bias may start at zero.",
    hint_zh="只有偏置可以从零开始。",
)
def weights_zero(num_inputs, num_hiddens, device=None):
    W_x = nn.Parameter(torch.zeros(num_inputs, num_hiddens, device=device))
    W_h = nn.Parameter(torch.zeros(num_hiddens, num_hiddens, device=device))
    return W_x, W_h, zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="W_x and W_h are slices of one parameter: they are no leaves, their .grad stays None.",
    zh="W_x 和 W_h 是同一个参数的切片，不是叶子，.grad 一直是 None。",
    hint_en="Each matrix has to be a parameter of its own.",
    hint_zh="每个矩阵都应当是单独的参数。",
)
def slices_of_one_matrix(num_inputs, num_hiddens, device=None):
    W = normal_param((num_inputs + num_hiddens, num_hiddens), device)
    return W[:num_inputs], W[num_inputs:], zero_param(num_hiddens, device)


@wrong(
    "parameters.gate_params",
    en="The argument device is not passed on.",
    zh="没有把参数 device 传下去。",
    hint_en="Each of the three calls needs to know the device.",
    hint_zh="三次调用都需要知道设备。",
)
def device_not_passed_on(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens))
    W_h = normal_param((num_hiddens, num_hiddens))
    return W_x, W_h, zero_param(num_hiddens)


@wrong(
    "parameters.gate_params",
    en="Every gate gets the same three parameters: they are made once and handed out again.",
    zh="参数只创建了一次，之后反复使用：各个门共用同样的三个参数。",
    hint_en="Two gates with the same weights learn the same. Keep nothing between calls.",
    hint_zh="权重相同的两个门学到的也相同。两次调用之间不要保留任何东西。",
)
def same_for_every_gate(num_inputs, num_hiddens, device=None, known={}):
    key = (num_inputs, num_hiddens, str(device))
    if key not in known:
        W_x = normal_param((num_inputs, num_hiddens), device)
        W_h = normal_param((num_hiddens, num_hiddens), device)
        known[key] = W_x, W_h, zero_param(num_hiddens, device)
    return known[key]


@wrong(
    "parameters.gate_params",
    en="The bias is missing: there are only two parameters.",
    zh="缺了偏置：只有两个参数。",
    hint_en="Count the letters in X W_x + H W_h + b that are learnt.",
    hint_zh="数一数 X W_x + H W_h + b 中有几个要学习的量。",
)
def bias_missing(num_inputs, num_hiddens, device=None):
    W_x = normal_param((num_inputs, num_hiddens), device)
    return W_x, normal_param((num_hiddens, num_hiddens), device)


@wrong(
    "parameters.output_params",
    en="The bias comes before the weights.",
    zh="偏置排在了权重前面。",
    hint_en="The order is that of the equation H W_hq + b_q.",
    hint_zh="次序与公式 H W_hq + b_q 一致。",
)
def output_bias_first(num_hiddens, num_outputs, device=None):
    return zero_param(num_outputs, device), normal_param((num_hiddens, num_outputs), device)


@wrong(
    "parameters.output_params",
    en="W_hq is transposed: (q, h) instead of (h, q).",
    zh="W_hq 被转置了：应为 (h, q)，而不是 (q, h)。",
    hint_en="H is (n, h). Which shape must W_hq have for H @ W_hq to be (n, q)?",
    hint_zh="H 是 (n, h)。要使 H @ W_hq 为 (n, q)，W_hq 应是什么形状？",
)
def output_weights_transposed(num_hiddens, num_outputs, device=None):
    return normal_param((num_outputs, num_hiddens), device), zero_param(num_outputs, device)


@wrong(
    "parameters.output_params",
    en="The bias is random; it should start at 0.",
    zh="偏置是随机的，应从 0 开始。",
    hint_en="One normal, one zero: you have written a function for each.",
    hint_zh="一个正态、一个全零：两种函数你都已经写好了。",
)
def output_bias_random(num_hiddens, num_outputs, device=None):
    return (
        normal_param((num_hiddens, num_outputs), device),
        normal_param((num_outputs,), device),
    )


@wrong(
    "parameters.output_params",
    en="The bias has one entry for each hidden unit; it should have one for each output.",
    zh="偏置的长度是隐藏单元数，应为输出数。",
    hint_en="b_q is added to H W_hq of shape (n, q).",
    hint_zh="b_q 要加到形状为 (n, q) 的 H W_hq 上。",
)
def bias_of_hidden_size(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_hiddens, device)


@wrong(
    "parameters.output_params",
    en="The weights are all zero; only the bias starts at 0.",
    zh="权重全为零，而应从 0 开始的只有偏置。",
    hint_en="With W_hq = 0, which gradient reaches the hidden state in the first step?",
    hint_zh="W_hq = 0 时，第一步能传到隐藏状态的梯度是多少？",
)
def output_weights_zero(num_hiddens, num_outputs, device=None):
    weights = nn.Parameter(torch.zeros(num_hiddens, num_outputs, device=device))
    return weights, zero_param(num_outputs, device)


@wrong(
    "parameters.output_params",
    en="The bias is a matrix of one row, (1, q); it should be (q,).",
    zh="偏置是只有一行的矩阵 (1, q)，应为 (q,)。",
    hint_en="A vector is added to every row of a matrix by itself.",
    hint_zh="矩阵加向量时，向量自然会加到每一行。",
)
def output_bias_as_row(num_hiddens, num_outputs, device=None):
    bias = nn.Parameter(torch.zeros(1, num_outputs, device=device))
    return normal_param((num_hiddens, num_outputs), device), bias


@wrong(
    "parameters.output_params",
    en="The bias is missing: only the weights come back.",
    zh="缺了偏置：只返回了权重。",
    hint_en="The equation is H W_hq + b_q: two parameters.",
    hint_zh="公式是 H W_hq + b_q，有两个参数。",
)
def output_bias_missing(num_hiddens, num_outputs, device=None):
    return (normal_param((num_hiddens, num_outputs), device),)


@wrong(
    "parameters.output_params",
    en="The argument device is not passed on.",
    zh="没有把参数 device 传下去。",
    hint_en="Both calls need to know the device.",
    hint_zh="两次调用都需要知道设备。",
)
def output_device_not_passed_on(num_hiddens, num_outputs, device=None):
    return normal_param((num_hiddens, num_outputs)), zero_param(num_outputs)


@wrong(
    "parameters.output_params",
    en="The parameters are detached: they don't require gradients and are never trained.",
    zh="参数被 detach 了，不要求梯度，永远不会被训练。",
    hint_en="Return the parameters just as they were made.",
    hint_zh="参数建好之后原样返回即可。",
)
def output_detached(num_hiddens, num_outputs, device=None):
    weights = normal_param((num_hiddens, num_outputs), device)
    return weights.detach(), zero_param(num_outputs, device).detach()


@wrong(
    "parameters.output_params",
    en="The weights have nn.Linear's own initialisation, which is not N(0, 0.01²).",
    zh="权重用的是 nn.Linear 自带的初始化，不是 N(0, 0.01²)。",
    hint_en="Which of your two functions draws from N(0, 0.01²)?",
    hint_zh="你写的两个函数中，哪一个从 N(0, 0.01²) 中取值？",
)
def linear_layer_defaults(num_hiddens, num_outputs, device=None):
    layer = nn.Linear(num_hiddens, num_outputs, device=device)
    return nn.Parameter(layer.weight.detach().T.clone()), zero_param(num_outputs, device)
