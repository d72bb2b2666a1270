"""Mistakes in the three get_params; ``GATES`` stands for the number of groups (W_x, W_h, b)."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong
from solutions.parameters import gate_params, output_params

LET = {
    "rnn.get_params": {"GATES": "1", "LAYER": "nn.RNN"},
    "gru.get_params": {"GATES": "3", "LAYER": "nn.GRU"},
    "lstm.get_params": {"GATES": "4", "LAYER": "nn.LSTM"},
}
SEVERAL = ("gru.get_params", "lstm.get_params")

GATES, LAYER = 1, nn.RNN
initial = functools.partial(wrong, *LET, let=LET)
several = functools.partial(wrong, *SEVERAL, let=LET)


@initial(
    en="0.01 is taken as the variance, so the weights have the standard deviation 0.1.",
    zh="把 0.01 当成了方差，权重的标准差成了 0.1。",
    hint_en="Print W.std() for a large W. Which number should it be near?",
    hint_zh="对一个大的 W 打印 W.std()，它应接近哪个数？",
)
def scale_tenth(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.normal_(weight, std=0.01**0.5)
    return nn.ParameterList(params)


@initial(
    en="The weights are drawn from N(0, 1): the factor 0.01 is missing.",
    zh="权重取自 N(0, 1)，漏乘了 0.01。",
    hint_en="Print W.std() for a large W. Which number should it be near?",
    hint_zh="对一个大的 W 打印 W.std()，它应接近哪个数？",
)
def scale_one(num_inputs, num_hiddens, num_outputs, device=None):
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), num_hiddens] * GATES
    shapes += [(num_hiddens, num_outputs), num_outputs]
    make = [torch.zeros if isinstance(shape, int) else torch.randn for shape in shapes]
    pairs = zip(make, shapes, strict=True)
    return nn.ParameterList(nn.Parameter(new(shape, device=device)) for new, shape in pairs)


@initial(
    en="The weights are drawn by Xavier's rule, whose scale depends on the sizes.",
    zh="权重用了 Xavier 初始化，尺度会随矩阵大小变化。",
    hint_en="A good rule, but not the one asked for. Which distribution is that?",
    hint_zh="这个方法很好，但题目要的不是它。题目要的是什么分布？",
)
def xavier_rule(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    for weight in [p for p in params if p.dim() == 2]:
        nn.init.xavier_normal_(weight)
    return nn.ParameterList(params)


@initial(
    en="The weights are uniform, not normal.",
    zh="权重取自均匀分布，不是正态分布。",
    hint_en="Draw a histogram: is it a bell or a box? What is the n in randn for?",
    hint_zh="画一张直方图：是钟形还是矩形？randn 里的 n 是什么意思？",
)
def uniform_instead(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
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
def weights_zero(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.zeros_like(p)) for p in params)


@initial(
    en="The biases are random, too.",
    zh="偏置也用了随机数。",
    hint_en="Which of the parameters start at zero?",
    hint_zh="哪些参数要从零开始？",
)
def biases_random(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(torch.randn_like(p) * 0.01) for p in params)


@initial(
    en="Scaling after requires_grad=True makes the parameters results, not leaves.",
    zh="在 requires_grad=True 之后又做了乘法，得到的参数不是叶子张量。",
    hint_en="After backward(), look at the parameter's .grad. Whose gradient was kept?",
    hint_zh="backward() 之后看看参数的 .grad。梯度存到了哪个张量上？",
)
def not_leaves(num_inputs, num_hiddens, num_outputs, device=None):
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), num_hiddens] * GATES
    shapes += [(num_hiddens, num_outputs), num_outputs]
    drawn = [
        torch.zeros(shape, device=device, requires_grad=True)
        if isinstance(shape, int)
        else torch.randn(shape, device=device, requires_grad=True) * 0.01
        for shape in shapes
    ]
    return drawn


@initial(
    en="The parameters do not ask for gradients.",
    zh="参数没有要求计算梯度。",
    hint_en="Print requires_grad. What does training need it for?",
    hint_zh="打印 requires_grad 看看。训练为什么需要它？",
)
def not_trainable(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return [p.detach() for p in params]


@initial(
    en="The parameters are float64, NumPy's type, not float32.",
    zh="参数是 NumPy 的 float64 类型，应当是 float32。",
    hint_en="Print the dtype. What happens when it meets a float32 input?",
    hint_zh="打印 dtype 看看。它与 float32 的输入相乘会怎样？",
)
def numpy_type(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(nn.Parameter(p.detach().double()) for p in params)


@initial(
    en="The matrices are (outputs, inputs), as nn.Linear stores them.",
    zh="矩阵的形状是 （输出，输入），那是 nn.Linear 的存法。",
    hint_en="Here a row vector is multiplied from the left: X @ W. Which size of W meets d?",
    hint_zh="这里是行向量左乘：X @ W。W 的哪一维与 d 对应？",
)
def shapes_transposed(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    turned = [p.detach().T.contiguous() if p.dim() == 2 else p.detach() for p in params]
    return nn.ParameterList(nn.Parameter(p) for p in turned)


@initial(
    en="The output layer's W_hq and b_q are missing.",
    zh="缺少输出层的 W_hq 和 b_q。",
    hint_en="What turns the hidden state into an output?",
    hint_zh="隐藏状态要靠什么变成输出？",
)
def output_missing(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList(params)


@initial(
    en="The output layer's parameters stand first; they belong at the end.",
    zh="输出层的参数放在了最前面，应放在最后。",
    hint_en="The network unpacks the parameters by their order. Which come last there?",
    hint_zh="网络按顺序拆开参数。最后拆出来的是哪几个？",
)
def output_first(num_inputs, num_hiddens, num_outputs, device=None):
    params = list(output_params(num_hiddens, num_outputs, device))
    params += [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList(params)


@initial(
    en="W_h stands before W_x.",
    zh="W_h 放在了 W_x 前面。",
    hint_en="Read the names in the docstring in their order: input, state, bias.",
    hint_zh="按顺序读一遍 docstring 里的参数名：先输入，再状态，后偏置。",
)
def state_weight_first(num_inputs, num_hiddens, num_outputs, device=None):
    params = []
    for _ in range(GATES):
        W_x, W_h, b = gate_params(num_inputs, num_hiddens, device)
        params += [W_h, W_x, b]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the parameters when somebody asks for a GPU?",
    hint_zh="别人要求放在 GPU 上时，参数在哪里？",
)
def device_ignored(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs)])


@initial(
    en="A constant seed is set inside, so every call gives the same numbers.",
    zh="函数里固定了随机种子，每次调用都得到相同的数。",
    hint_en="Call it twice and compare. Whose business is the seed?",
    hint_zh="调用两次比较一下。种子应当由谁来设置？",
)
def seed_inside(num_inputs, num_hiddens, num_outputs, device=None):
    torch.manual_seed(0)
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@initial(
    en="The parameters are those of torch's own layer: gates packed together, two biases.",
    zh="直接用了 PyTorch 自带层的参数：各门合在一起，还有两个偏置。",
    hint_en="Print the shapes and count the tensors. What do the notes' equations name?",
    hint_zh="打印形状，数一数张量。讲义的公式里有哪些参数？",
)
def torch_layer(num_inputs, num_hiddens, num_outputs, device=None):
    layer = LAYER(num_inputs, num_hiddens, device=device)
    return nn.ParameterList([*layer.parameters(), *output_params(num_hiddens, num_outputs, device)])


@several(
    en="One group of parameters is used for all gates, so they share their memory.",
    zh="所有门共用一组参数，它们共享内存。",
    hint_en="Train one gate: do the others change with it? How often must you draw?",
    hint_zh="更新一个门的参数，其他门会跟着变吗？应当抽样几次？",
)
def one_group_shared(num_inputs, num_hiddens, num_outputs, device=None):
    group = gate_params(num_inputs, num_hiddens, device)
    return nn.ParameterList([*group * GATES, *output_params(num_hiddens, num_outputs, device)])


@several(
    en="All gates start with copies of the same numbers.",
    zh="所有门都从同一组数的副本开始。",
    hint_en="Compare the gates' weights. Were they drawn, or drawn once and copied?",
    hint_zh="比较各个门的权重：它们是分别抽样的，还是抽一次再复制的？",
)
def one_group_copied(num_inputs, num_hiddens, num_outputs, device=None):
    group = gate_params(num_inputs, num_hiddens, device)
    params = [nn.Parameter(p.detach().clone()) for _ in range(GATES) for p in group]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@several(
    en="One group of three parameters is missing.",
    zh="少了一组（三个）参数。",
    hint_en="List the equations of one step: how many have weights of their own?",
    hint_zh="列出一步的全部公式：其中几个有自己的权重？",
)
def one_group_missing(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES - 1) for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@wrong(
    "lstm.get_params",
    en="The forget gate's bias b_f starts at one, as some texts advise.",
    zh="遗忘门的偏置 b_f 从 1 开始，那是另一些资料的建议。",
    hint_en="A known trick, but what do the notes ask of every bias?",
    hint_zh="这是常见技巧，但讲义对所有偏置的要求是什么？",
)
def forget_bias_one(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(4) for p in gate_params(num_inputs, num_hiddens, device)]
    nn.init.ones_(params[5])
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])
