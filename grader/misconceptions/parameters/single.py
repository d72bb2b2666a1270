"""Mistakes in normal_param and zero_param."""

import numpy as np
import torch
from torch import nn

from grader.misconceptions import wrong


@wrong(
    "parameters.normal_param",
    en="The standard deviation is 0.1: ten times too large.",
    zh="标准差是 0.1，大了十倍。",
    hint_en="In N(0, 0.01²), which number is the variance, and which the standard deviation?",
    hint_zh="N(0, 0.01²) 里哪个是方差，哪个是标准差？",
)
def deviation_of_a_tenth(shape, device=None):
    return nn.Parameter(torch.randn(shape, device=device) * 0.1)


@wrong(
    "parameters.normal_param",
    en="The standard deviation is 0.0001: the variance was used in its place.",
    zh="标准差成了 0.0001：误把方差当作标准差。",
    hint_en="torch's functions take the standard deviation. Is anything left to square?",
    hint_zh="torch 的函数要的是标准差，还需要平方吗？",
)
def variance_as_deviation(shape, device=None):
    return nn.Parameter(torch.randn(shape, device=device) * 0.01**2)


@wrong(
    "parameters.normal_param",
    en="The entries come from N(0, 1): the factor 0.01 is missing.",
    zh="元素取自 N(0, 1)，缺了系数 0.01。",
    hint_en="What is the standard deviation of torch.randn's entries, and how do you shrink it?",
    hint_zh="torch.randn 的标准差是多少？怎样把它缩小？",
)
def not_scaled(shape, device=None):
    return nn.Parameter(torch.randn(shape, device=device))


@wrong(
    "parameters.normal_param",
    en="0.01 was passed as the mean; the standard deviation is still 1.",
    zh="0.01 传给了均值，标准差仍然是 1。",
    hint_en="Look up the order of the arguments: which comes first, loc or scale?",
    hint_zh="查一下参数的次序：loc 与 scale 哪个在前？",
)
def deviation_passed_as_mean(shape, device=None):
    values = np.random.normal(0.01, size=shape)
    return nn.Parameter(torch.tensor(values, dtype=torch.float32, device=device))


@wrong(
    "parameters.normal_param",
    en="The entries are uniform between -0.01 and 0.01, not normal.",
    zh="元素在 -0.01 与 0.01 之间均匀分布，而不是正态分布。",
    hint_en="A normal sample has about a third of its entries beyond one standard deviation.",
    hint_zh="正态样本约有三分之一的元素落在一个标准差之外。",
)
def uniform(shape, device=None):
    return nn.Parameter(torch.empty(shape, device=device).uniform_(-0.01, 0.01))


@wrong(
    "parameters.normal_param",
    en="All entries are positive: torch.rand is uniform on [0, 1).",
    zh="所有元素都是正数：torch.rand 是 [0, 1) 上的均匀分布。",
    hint_en="One letter makes the difference between torch.rand and the function you want.",
    hint_zh="torch.rand 与你要用的函数只差一个字母。",
)
def rand_for_randn(shape, device=None):
    return nn.Parameter(torch.rand(shape, device=device) * 0.01)


@wrong(
    "parameters.normal_param",
    en="The distribution is cut off at two standard deviations.",
    zh="分布在两个标准差处被截断了。",
    hint_en="The plain normal distribution has tails; nothing needs to be clipped here.",
    hint_zh="普通的正态分布有尾部，这里什么都不用截断。",
)
def truncated(shape, device=None):
    weights = torch.empty(shape, device=device)
    return nn.Parameter(nn.init.trunc_normal_(weights, std=0.01, a=-0.02, b=0.02))


@wrong(
    "parameters.normal_param",
    en="The result is no leaf of the graph, so its .grad stays None and nothing is learnt.",
    zh="结果不是计算图的叶子，.grad 一直是 None，什么也学不到。",
    hint_en="Which comes first: multiplying by 0.01, or asking for gradients?",
    hint_zh="乘以 0.01 与要求梯度，哪一步应当在前？",
)
def scaled_after_requires_grad(shape, device=None):
    return torch.randn(shape, device=device, requires_grad=True) * 0.01


@wrong(
    "parameters.normal_param",
    en="The result doesn't require gradients, so it is never trained.",
    zh="结果不要求梯度，因此永远不会被训练。",
    hint_en="A plain tensor asks for no gradients. Which class of torch.nn does?",
    hint_zh="普通张量不要求梯度。torch.nn 中的哪个类会要求？",
)
def not_trainable(shape, device=None):
    return torch.randn(shape, device=device) * 0.01


@wrong(
    "parameters.normal_param",
    en="All entries are 0.01, so all hidden units compute the same for ever.",
    zh="所有元素都是 0.01，于是各隐藏单元永远算出同样的结果。",
    hint_en="0.01 says how far entries scatter, not which value they take.",
    hint_zh="0.01 是元素分散的程度，不是元素的取值。",
)
def constant(shape, device=None):
    return nn.Parameter(torch.full(shape, 0.01, device=device))


@wrong(
    "parameters.normal_param",
    en="Every call returns the same numbers, because the seed is set inside the function.",
    zh="函数内部设定了随机种子，每次调用得到的数都一样。",
    hint_en="Two weight matrices must differ. Who should set the seed: this function or its user?",
    hint_zh="两个权重矩阵必须不同。种子应由函数自己还是由调用者来设？",
)
def seeded_inside(shape, device=None):
    values = np.random.default_rng(0).normal(0, 0.01, size=shape)
    return nn.Parameter(torch.tensor(values, dtype=torch.float32, device=device))


@wrong(
    "parameters.normal_param",
    en="The second call with a shape returns the same parameter as the first.",
    zh="用同样的形状再次调用，得到的还是第一次的那个参数。",
    hint_en="Parameters must not be shared: keep nothing between calls.",
    hint_zh="参数不能共用：两次调用之间不要保留任何东西。",
)
def kept_between_calls(shape, device=None, known={}):
    key = (tuple(shape), str(device))
    if key not in known:
        known[key] = nn.Parameter(torch.randn(shape, device=device) * 0.01)
    return known[key]


@wrong(
    "parameters.normal_param",
    en="The parameter is float64; it should be float32.",
    zh="参数的类型是 float64，应为 float32。",
    hint_en="Which dtype do numpy's numbers have, and where can you name another?",
    hint_zh="numpy 的数是什么类型？在哪里可以指定别的类型？",
)
def double_precision(shape, device=None):
    return nn.Parameter(torch.tensor(np.random.normal(0, 0.01, size=shape), device=device))


@wrong(
    "parameters.normal_param",
    en="The argument device is not used: the parameter is always on the CPU.",
    zh="没有用到参数 device，结果总是在 CPU 上。",
    hint_en="Tell the function that draws the numbers where to put them.",
    hint_zh="生成随机数时就告诉它放在哪个设备上。",
)
def device_ignored(shape, device=None):
    return nn.Parameter(torch.randn(shape) * 0.01)


@wrong(
    "parameters.normal_param",
    en="One random row is repeated: all rows are alike.",
    zh="只随机生成了一行，然后重复使用：各行完全相同。",
    hint_en="Every entry is drawn afresh. How many numbers do you draw?",
    hint_zh="每个元素都要单独抽取。你一共抽了多少个数？",
)
def one_row_repeated(shape, device=None):
    row = torch.randn(shape[-1], device=device) * 0.01
    return nn.Parameter(row.expand(shape).clone())


@wrong(
    "parameters.normal_param",
    en="The shape is reversed.",
    zh="形状的次序反了。",
    hint_en="Row vectors are multiplied from the left, X @ W: nothing is transposed here.",
    hint_zh="这里用行向量左乘，即 X @ W，不需要转置。",
)
def shape_reversed(shape, device=None):
    return nn.Parameter(torch.randn(tuple(shape)[::-1], device=device) * 0.01)


@wrong(
    "parameters.zero_param",
    en="The entries are 1; biases start at 0.",
    zh="元素都是 1，而偏置应从 0 开始。",
    hint_en="Which function of torch makes zeros?",
    hint_zh="torch 的哪个函数生成全零张量？",
)
def ones(size, device=None):
    return nn.Parameter(torch.ones(size, device=device))


@wrong(
    "parameters.zero_param",
    en="The entries are random; biases start at exactly 0.",
    zh="元素是随机的，而偏置应从恰好为 0 开始。",
    hint_en="Only weights need different starting values. Why do biases not?",
    hint_zh="只有权重需要互不相同的初值。偏置为什么不需要？",
)
def drawn_at_random(size, device=None):
    return nn.Parameter(torch.randn(size, device=device) * 0.01)


@wrong(
    "parameters.zero_param",
    en="The result is a matrix of one row, (1, size); it should be (size,).",
    zh="结果是只有一行的矩阵 (1, size)，应为 (size,)。",
    hint_en="Adding a vector to a matrix adds it to every row already: one dimension is enough.",
    hint_zh="矩阵加向量时，向量自然会加到每一行，一维就够了。",
)
def row_matrix(size, device=None):
    return nn.Parameter(torch.zeros(1, size, device=device))


@wrong(
    "parameters.zero_param",
    en="The result is a column, (size, 1); it should be (size,).",
    zh="结果是一列 (size, 1)，应为 (size,)。",
    hint_en="Samples are rows here, so a bias has one entry for each column of X @ W.",
    hint_zh="这里行是样本，偏置的每个元素对应 X @ W 的一列。",
)
def column_matrix(size, device=None):
    return nn.Parameter(torch.zeros(size, 1, device=device))


@wrong(
    "parameters.zero_param",
    en="The result doesn't require gradients, so the bias stays 0 for ever.",
    zh="结果不要求梯度，偏置永远是 0。",
    hint_en="A plain tensor asks for no gradients. Which class of torch.nn does?",
    hint_zh="普通张量不要求梯度。torch.nn 中的哪个类会要求？",
)
def plain_zeros(size, device=None):
    return torch.zeros(size, device=device)


@wrong(
    "parameters.zero_param",
    en="The result is computed from a parameter: it is no leaf, and its .grad stays None.",
    zh="结果是由参数计算得来的，不是叶子，.grad 一直是 None。",
    hint_en="Make the zeros first, then the parameter, and compute nothing after that.",
    hint_zh="先生成零，再变成参数，之后不要再做运算。",
)
def multiplied_by_zero(size, device=None):
    return nn.Parameter(torch.ones(size, device=device)) * 0


@wrong(
    "parameters.zero_param",
    en="The argument device is not used: the parameter is always on the CPU.",
    zh="没有用到参数 device，结果总是在 CPU 上。",
    hint_en="torch.zeros can be told where to put its result.",
    hint_zh="可以告诉 torch.zeros 把结果放在哪个设备上。",
)
def always_on_the_cpu(size, device=None):
    return nn.Parameter(torch.zeros(size))


@wrong(
    "parameters.zero_param",
    en="All calls with one size share a single parameter: training one bias changes the others.",
    zh="大小相同的调用共用一个参数：训练一个偏置，别的也跟着变。",
    hint_en="Every call has to make a parameter of its own.",
    hint_zh="每次调用都要新建一个参数。",
)
def shared_between_calls(size, device=None, known={}):
    key = (size, str(device))
    if key not in known:
        known[key] = nn.Parameter(torch.zeros(size, device=device))
    return known[key]


@wrong(
    "parameters.zero_param",
    en="The parameter is float64; it should be float32.",
    zh="参数的类型是 float64，应为 float32。",
    hint_en="Which dtype do numpy's zeros have, and which has torch.zeros?",
    hint_zh="numpy 的零是什么类型？torch.zeros 的呢？",
)
def zeros_from_numpy(size, device=None):
    return nn.Parameter(torch.tensor(np.zeros(size), device=device))
