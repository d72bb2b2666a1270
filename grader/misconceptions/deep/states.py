"""Mistakes in deep's first states: one matrix a layer, each with memory of its own."""

import functools

import torch

from grader.misconceptions import wrong

state = functools.partial(wrong, "init_deep_state")


@state(
    en="One tensor is repeated, so a change of one layer's state changes all.",
    zh="同一个张量重复了 L 次，改动一层的状态，各层都会变。",
    hint_en="What does [zeros] * 3 hold: three tensors, or one tensor three times?",
    hint_zh="[zeros] * 3 里是三个张量，还是同一个张量出现三次？",
)
def one_tensor_repeated(batch_size, num_hiddens, num_layers, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),) * num_layers


@state(
    en="There is one matrix only, as for a single layer.",
    zh="只有一个矩阵，那是单层网络的状态。",
    hint_en="Each layer remembers something of its own. How many layers are there?",
    hint_zh="每一层都有自己要记的东西。一共有几层？",
)
def one_layer_only(batch_size, num_hiddens, num_layers, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


@state(
    en="The states are one tensor (L, n, h), as torch's own layers want them, not a tuple.",
    zh="状态成了一个 (L, n, h) 的张量，那是 PyTorch 自带层的形式，这里要的是元组。",
    hint_en="What type does the docstring promise: one tensor, or L of them?",
    hint_zh="docstring 里写的返回值是一个张量，还是 L 个？",
)
def stacked(batch_size, num_hiddens, num_layers, device=None):
    return torch.zeros((num_layers, batch_size, num_hiddens), device=device)


@state(
    en="The layers' states lie side by side in one matrix (n, L·h).",
    zh="各层的状态并排放进了一个 (n, L·h) 的矩阵。",
    hint_en="How does the network find the second layer's state in a tuple?",
    hint_zh="网络要从元组里取出第二层的状态，应当怎么取？",
)
def side_by_side(batch_size, num_hiddens, num_layers, device=None):
    return (torch.zeros((batch_size, num_layers * num_hiddens), device=device),)


@state(
    en="The shape is (num_hiddens, batch_size): the two sizes are exchanged.",
    zh="形状成了 (num_hiddens, batch_size)，两个维度写反了。",
    hint_en="Rows are samples. Which size comes first?",
    hint_zh="每一行是一个样本。哪个维度在前？",
)
def sizes_exchanged(batch_size, num_hiddens, num_layers, device=None):
    shape = (num_hiddens, batch_size)
    return tuple(torch.zeros(shape, device=device) for _ in range(num_layers))


@state(
    en="There is a matrix (L, h) for each sample; there should be one (n, h) for each layer.",
    zh="给每个样本造了一个 (L, h) 的矩阵，应当给每一层造一个 (n, h) 的矩阵。",
    hint_en="What is counted by the tuple's length, and what by a matrix's rows?",
    hint_zh="元组的长度数的是什么？矩阵的行数呢？",
)
def one_for_each_sample(batch_size, num_hiddens, num_layers, device=None):
    shape = (num_layers, num_hiddens)
    return tuple(torch.zeros(shape, device=device) for _ in range(batch_size))


@state(
    en="There is an extra axis in front, as torch's own layers want it.",
    zh="前面多了一个维度，那是 PyTorch 自带循环层的写法。",
    hint_en="The tuple already counts the layers. Which axes are left for a matrix?",
    hint_zh="元组的长度已经表示层数，每个矩阵还需要哪些维度？",
)
def extra_axis(batch_size, num_hiddens, num_layers, device=None):
    shape = (1, batch_size, num_hiddens)
    return tuple(torch.zeros(shape, device=device) for _ in range(num_layers))


@state(
    en="Each layer's state is a tuple of its own inside the tuple.",
    zh="元组里每一层的状态又套了一个元组。",
    hint_en="init_gru_state returns a tuple. What should go into yours: it, or what it holds?",
    hint_zh="init_gru_state 返回的是元组。应当放进去的是这个元组，还是它里面的矩阵？",
)
def tuple_of_tuples(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return tuple((torch.zeros(shape, device=device),) for _ in range(num_layers))


@state(
    en="A generator is returned, which can be read only once, not a tuple.",
    zh="返回的是生成器，只能读一遍，应当返回元组。",
    hint_en="Print the result. Which word before the brackets makes them a tuple?",
    hint_zh="打印返回值看看。括号前面写什么，才能得到元组？",
)
def generator(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return (torch.zeros(shape, device=device) for _ in range(num_layers))


@state(
    en="Each layer has two matrices, as for an LSTM.",
    zh="每一层有两个矩阵，那是 LSTM 的状态。",
    hint_en="The layers are GRUs. Do they have a memory beside the hidden state?",
    hint_zh="这里每一层都是 GRU。它在隐藏状态之外还有记忆吗？",
)
def two_a_layer(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.zeros(shape, device=device) for _ in range(2 * num_layers))


@state(
    en="There is one state too few: the first layer has none.",
    zh="少了一个状态：第一层没有自己的状态。",
    hint_en="Call it with one layer. What comes back?",
    hint_zh="用一层调用试试，返回了什么？",
)
def upper_layers_only(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.zeros(shape, device=device) for _ in range(1, num_layers))


@state(
    en="The states start at one, not at zero.",
    zh="初始状态全是 1，应当是 0。",
    hint_en="Before the first step nothing has been read. Which value says nothing?",
    hint_zh="第一步之前什么也没读到。用什么值表示“没有信息”？",
)
def ones(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.ones(shape, device=device) for _ in range(num_layers))


@state(
    en="The states start with random numbers, so that the layers differ.",
    zh="为了让各层不同，初始状态用了随机数。",
    hint_en="The layers' parameters differ already. Does a state need chance, too?",
    hint_zh="各层的参数本来就不同。状态也需要随机吗？",
)
def random_numbers(batch_size, num_hiddens, num_layers, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.randn(shape, device=device) * 0.01 for _ in range(num_layers))


@state(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the zeros when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，这些零在哪里？",
)
def device_ignored(batch_size, num_hiddens, num_layers, device=None):
    return tuple(torch.zeros((batch_size, num_hiddens)) for _ in range(num_layers))
