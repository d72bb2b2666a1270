"""Mistakes in deep's get_params: which numbers the parameters start with, and which memory."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong
from solutions.deep import gate_params, output_params

initial = functools.partial(wrong, "get_params")


@initial(
    en="0.01 is taken as the variance, so the weights have the standard deviation 0.1.",
    zh="把 0.01 当成了方差，权重的标准差成了 0.1。",
    hint_en="Print W.std() for a large W. Which number should it be near?",
    hint_zh="对一个大的 W 打印 W.std()，它应接近哪个数？",
)
def scale_tenth(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.normal_(weight, std=0.01**0.5)
    return nn.ParameterList(params)


@initial(
    en="The weights are uniform, not normal.",
    zh="权重取自均匀分布，不是正态分布。",
    hint_en="Draw a histogram: is it a bell or a box? What is the n in randn for?",
    hint_zh="画一张直方图：是钟形还是矩形？randn 里的 n 是什么意思？",
)
def uniform_instead(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.uniform_(weight, -0.01 * 3**0.5, 0.01 * 3**0.5)
    return nn.ParameterList(params)


@initial(
    en="The weights are all zero.",
    zh="权重全是零。",
    hint_en="If all hidden units start alike, what could ever make them differ?",
    hint_zh="所有隐藏单元一开始都相同，之后靠什么变得不同？",
)
def weights_zero(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.zeros_like(p)) for p in params)


@initial(
    en="Only the first layer's weights are random; those of the upper layers are zero.",
    zh="只有第一层的权重是随机的，上面各层的权重全是零。",
    hint_en="Print the standard deviation of each layer's weights. Do they agree?",
    hint_zh="打印每一层权重的标准差，它们一致吗？",
)
def upper_layers_zero(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    for p in params[9:]:
        nn.init.zeros_(p)
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="The weights are drawn from N(0, 1): the factor 0.01 is missing.",
    zh="权重取自 N(0, 1)，漏乘了 0.01。",
    hint_en="Print W.std() for a large W. Which number should it be near?",
    hint_zh="对一个大的 W 打印 W.std()，它应接近哪个数？",
)
def scale_one(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(p.detach() * 100) for p in params)


@initial(
    en="The biases are random, too.",
    zh="偏置也用了随机数。",
    hint_en="Which of the parameters start at zero?",
    hint_zh="哪些参数要从零开始？",
)
def biases_random(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.randn_like(p) * 0.01) for p in params)


@initial(
    en="All the layers' biases are one and the same tensor.",
    zh="各层的偏置全是同一个张量。",
    hint_en="Change one bias: which others change with it?",
    hint_zh="改动其中一个偏置，还有哪些会跟着变？",
)
def one_bias(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params, b = [], nn.Parameter(torch.zeros(num_hiddens, device=device))
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        for _ in "zrh":
            W_x, W_h, _ = gate_params(width, num_hiddens, device)
            params += [W_x, W_h, b]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="In each layer one group of parameters serves both gates and the candidate.",
    zh="每一层里，两个门和候选状态共用一组参数。",
    hint_en="Train one gate: do the others change with it? How often must you draw?",
    hint_zh="更新一个门的参数，其他的会跟着变吗？应当抽样几次？",
)
def one_group_a_layer(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [*gate_params(width, num_hiddens, device)] * 3
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="All upper layers are one layer repeated: they share their tensors.",
    zh="第二层以上是同一层重复出来的，各层共用同样的张量。",
    hint_en="With three layers, change a weight of the second: what happens to the third?",
    hint_zh="用三层试试：改动第二层的一个权重，第三层会怎样？",
)
def upper_layers_shared(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    bottom = [p for _ in "zrh" for p in gate_params(num_inputs, num_hiddens, device)]
    upper = [p for _ in "zrh" for p in gate_params(num_hiddens, num_hiddens, device)]
    output = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*bottom, *upper * (num_layers - 1), *output])


@initial(
    en="The parameters do not ask for gradients.",
    zh="参数没有要求计算梯度。",
    hint_en="Print requires_grad. What does training need it for?",
    hint_zh="打印 requires_grad 看看。训练为什么需要它？",
)
def not_trainable(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return [p.detach() for p in params]


@initial(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the parameters when somebody asks for a GPU?",
    hint_zh="别人要求放在 GPU 上时，参数在哪里？",
)
def device_ignored(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs)])
