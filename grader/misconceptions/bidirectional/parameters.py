"""Mistakes in bidirectional's get_params: two directions, and an output that reads both."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong
from solutions.bidirectional import gate_params, output_params

initial = functools.partial(wrong, "get_params")


@initial(
    en="W_hq has h rows, as if the output read one direction only.",
    zh="W_hq 只有 h 行，好像输出只读一个方向的状态。",
    hint_en="An output reads two states side by side. How wide are they together?",
    hint_zh="输出要读并排的两个状态，合起来有多宽？",
)
def narrow_output(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="Both directions share the same tensors.",
    zh="两个方向共用同样的张量。",
    hint_en="Train the forward direction: does the other change with it?",
    hint_zh="更新前向的参数，后向的会跟着变吗？",
)
def directions_shared(num_inputs, num_hiddens, num_outputs, device=None):
    group = gate_params(num_inputs, num_hiddens, device)
    return nn.ParameterList([*group, *group, *output_params(2 * num_hiddens, num_outputs, device)])


@initial(
    en="The backward direction starts with copies of the forward one's numbers.",
    zh="后向的参数是前向参数的副本，没有另外抽样。",
    hint_en="Compare the two W_xh. Were they drawn, or drawn once and copied?",
    hint_zh="比较两个 W_xh：它们是分别抽样的，还是抽一次再复制的？",
)
def directions_copied(num_inputs, num_hiddens, num_outputs, device=None):
    forward = gate_params(num_inputs, num_hiddens, device)
    backward = [nn.Parameter(p.detach().clone()) for p in forward]
    output = output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList([*forward, *backward, *output])


@initial(
    en="The directions are interleaved: both W_xh, both W_hh, both b_h.",
    zh="两个方向的参数交错排列：两个 W_xh、两个 W_hh、两个 b_h。",
    hint_en="Print the shapes. Where does the forward direction's group of three end?",
    hint_zh="打印各参数的形状。前向的三个参数排到哪里为止？",
)
def directions_interleaved(num_inputs, num_hiddens, num_outputs, device=None):
    forward = gate_params(num_inputs, num_hiddens, device)
    backward = gate_params(num_inputs, num_hiddens, device)
    pairs = [p for pair in zip(forward, backward) for p in pair]
    return nn.ParameterList([*pairs, *output_params(2 * num_hiddens, num_outputs, device)])


@initial(
    en="The backward direction's three parameters are missing.",
    zh="缺少后向的三个参数。",
    hint_en="Two directions read the text. How many groups of parameters do they need?",
    hint_zh="有两个方向在读输入，一共需要几组参数？",
)
def one_direction_only(num_inputs, num_hiddens, num_outputs, device=None):
    params = gate_params(num_inputs, num_hiddens, device)
    return nn.ParameterList([*params, *output_params(2 * num_hiddens, num_outputs, device)])


@initial(
    en="The backward direction has no bias.",
    zh="后向缺少偏置。",
    hint_en="Count the tensors and compare the two directions.",
    hint_zh="数一数张量的个数，再比较两个方向。",
)
def backward_bias_missing(num_inputs, num_hiddens, num_outputs, device=None):
    forward = gate_params(num_inputs, num_hiddens, device)
    backward = gate_params(num_inputs, num_hiddens, device)[:2]
    output = output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList([*forward, *backward, *output])


@initial(
    en="Each direction has an output layer (h, q) of its own, with two biases b_q.",
    zh="每个方向各配了一个 (h, q) 的输出层，于是有两个 b_q。",
    hint_en="Count the tensors. How often should b_q be added?",
    hint_zh="数一数张量的个数。b_q 应当加几次？",
)
def two_output_layers(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    for _ in range(2):
        params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(params)


@initial(
    en="The cells are 2h wide, too; only the output reads 2h numbers.",
    zh="两个方向的隐藏层也成了 2h 宽，其实只有输出层读 2h 个数。",
    hint_en="How wide is the state of one direction?",
    hint_zh="一个方向的状态有多宽？",
)
def wide_cells(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, 2 * num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(2 * num_hiddens, num_outputs, device)])


@initial(
    en="The backward W_xh takes h inputs, as if it were a second layer on the forward states.",
    zh="后向的 W_xh 输入宽度是 h，好像它是叠在前向状态上的第二层。",
    hint_en="What does the backward direction read: the inputs, or the other one's states?",
    hint_zh="后向读的是输入，还是前向的状态？",
)
def backward_reads_states(num_inputs, num_hiddens, num_outputs, device=None):
    forward = gate_params(num_inputs, num_hiddens, device)
    backward = gate_params(num_hiddens, num_hiddens, device)
    output = output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList([*forward, *backward, *output])


@initial(
    en="The output layer's parameters stand first; they belong at the end.",
    zh="输出层的参数放在了最前面，应放在最后。",
    hint_en="The network unpacks the parameters by their order. Which come last there?",
    hint_zh="网络按顺序拆开参数。最后拆出来的是哪几个？",
)
def output_first(num_inputs, num_hiddens, num_outputs, device=None):
    params = [*output_params(2 * num_hiddens, num_outputs, device)]
    params += [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList(params)


@initial(
    en="0.01 is taken as the variance, so the weights have the standard deviation 0.1.",
    zh="把 0.01 当成了方差，权重的标准差成了 0.1。",
    hint_en="Print W.std() for a large W. Which number should it be near?",
    hint_zh="对一个大的 W 打印 W.std()，它应接近哪个数？",
)
def scale_tenth(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(2 * num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.normal_(weight, std=0.01**0.5)
    return nn.ParameterList(params)


@initial(
    en="The weights are uniform, not normal.",
    zh="权重取自均匀分布，不是正态分布。",
    hint_en="Draw a histogram: is it a bell or a box? What is the n in randn for?",
    hint_zh="画一张直方图：是钟形还是矩形？randn 里的 n 是什么意思？",
)
def uniform_instead(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(2 * num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.uniform_(weight, -0.01 * 3**0.5, 0.01 * 3**0.5)
    return nn.ParameterList(params)


@initial(
    en="The weights are all zero.",
    zh="权重全是零。",
    hint_en="If all hidden units start alike, what could ever make them differ?",
    hint_zh="所有隐藏单元一开始都相同，之后靠什么变得不同？",
)
def weights_zero(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.zeros_like(p)) for p in params)


@initial(
    en="The biases are random, too.",
    zh="偏置也用了随机数。",
    hint_en="Which of the parameters start at zero?",
    hint_zh="哪些参数要从零开始？",
)
def biases_random(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.randn_like(p) * 0.01) for p in params)


@initial(
    en="The parameters do not ask for gradients.",
    zh="参数没有要求计算梯度。",
    hint_en="Print requires_grad. What does training need it for?",
    hint_zh="打印 requires_grad 看看。训练为什么需要它？",
)
def not_trainable(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(2 * num_hiddens, num_outputs, device)
    return [p.detach() for p in params]


@initial(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the parameters when somebody asks for a GPU?",
    hint_zh="别人要求放在 GPU 上时，参数在哪里？",
)
def device_ignored(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(2) for p in gate_params(num_inputs, num_hiddens)]
    return nn.ParameterList([*params, *output_params(2 * num_hiddens, num_outputs)])


@initial(
    en="The parameters are those of torch's own layer: transposed, with two biases a direction.",
    zh="直接用了 PyTorch 自带层的参数：矩阵是转置的，每个方向有两个偏置。",
    hint_en="Print the shapes and count the tensors. What do the equations name?",
    hint_zh="打印形状，数一数张量。公式里有哪些参数？",
)
def torch_layer(num_inputs, num_hiddens, num_outputs, device=None):
    layer = nn.RNN(num_inputs, num_hiddens, bidirectional=True, device=device)
    output = output_params(2 * num_hiddens, num_outputs, device)
    return nn.ParameterList([*layer.parameters(), *output])
