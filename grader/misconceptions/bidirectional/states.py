"""Mistakes in bidirectional's first states: one matrix for each direction."""

import functools

import torch

from grader.misconceptions import wrong

state = functools.partial(wrong, "init_birnn_state")


@state(
    en="There is one matrix only: the backward direction has no state.",
    zh="只有一个矩阵，后向没有自己的状态。",
    hint_en="Two directions read the text. What does each of them start from?",
    hint_zh="有两个方向在读输入，它们各从什么状态出发？",
)
def one_matrix(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


@state(
    en="Both directions have one and the same tensor, so a change of one changes both.",
    zh="两个方向用的是同一个张量，改一个，另一个也会变。",
    hint_en="Two names, or two tensors? How often is zeros called?",
    hint_zh="是两个名字，还是两个张量？zeros 调用了几次？",
)
def same_tensor(batch_size, num_hiddens, device=None):
    H = torch.zeros((batch_size, num_hiddens), device=device)
    return H, H


@state(
    en="Both states lie side by side in one matrix (n, 2h).",
    zh="两个状态并排放进了一个 (n, 2h) 的矩阵。",
    hint_en="They meet at the output only. How wide is each direction's own state?",
    hint_zh="两个方向到输出时才拼在一起。每个方向自己的状态有多宽？",
)
def side_by_side(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, 2 * num_hiddens), device=device),)


@state(
    en="Each matrix is 2h wide; a direction's state has h columns.",
    zh="每个矩阵都是 2h 宽，一个方向的状态应当只有 h 列。",
    hint_en="What is 2h wide: a state, or two of them side by side?",
    hint_zh="2h 宽的是一个状态，还是并排的两个状态？",
)
def twice_as_wide(batch_size, num_hiddens, device=None):
    shape = (batch_size, 2 * num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


@state(
    en="The states are one tensor (2, n, h), as torch's own layers want them, not a tuple.",
    zh="状态成了一个 (2, n, h) 的张量，那是 PyTorch 自带层的形式，这里要的是元组。",
    hint_en="What type does the docstring promise: one tensor, or two?",
    hint_zh="docstring 里写的返回值是一个张量，还是两个？",
)
def stacked(batch_size, num_hiddens, device=None):
    return torch.zeros((2, batch_size, num_hiddens), device=device)


@state(
    en="A bare matrix is returned, as if there were one direction and no tuple.",
    zh="返回的是一个矩阵，既没有分两个方向，也不是元组。",
    hint_en="The network unpacks two states. What does it find in a matrix?",
    hint_zh="网络要拆出两个状态，拆开一个矩阵会得到什么？",
)
def bare_matrix(batch_size, num_hiddens, device=None):
    return torch.zeros((batch_size, num_hiddens), device=device)


@state(
    en="The shape is (num_hiddens, batch_size): the two sizes are exchanged.",
    zh="形状成了 (num_hiddens, batch_size)，两个维度写反了。",
    hint_en="Rows are samples. Which size comes first?",
    hint_zh="每一行是一个样本。哪个维度在前？",
)
def sizes_exchanged(batch_size, num_hiddens, device=None):
    shape = (num_hiddens, batch_size)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


@state(
    en="There is an extra axis in front, as torch's own layers want it.",
    zh="前面多了一个维度，那是 PyTorch 自带循环层的写法。",
    hint_en="The tuple already counts the directions. Which axes are left for a matrix?",
    hint_zh="元组的长度已经表示方向的个数，每个矩阵还需要哪些维度？",
)
def extra_axis(batch_size, num_hiddens, device=None):
    shape = (1, batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


@state(
    en="Each direction's state is a tuple of its own inside the tuple.",
    zh="元组里每个方向的状态又套了一个元组。",
    hint_en="init_rnn_state returns a tuple. What should go into yours: it, or what it holds?",
    hint_zh="init_rnn_state 返回的是元组。应当放进去的是这个元组，还是它里面的矩阵？",
)
def tuple_of_tuples(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return (torch.zeros(shape, device=device),), (torch.zeros(shape, device=device),)


@state(
    en="The states start at one, not at zero.",
    zh="初始状态全是 1，应当是 0。",
    hint_en="Before the first step nothing has been read. Which value says nothing?",
    hint_zh="第一步之前什么也没读到。用什么值表示“没有信息”？",
)
def ones(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.ones(shape, device=device), torch.ones(shape, device=device)


@state(
    en="The states start with random numbers, so that the directions differ.",
    zh="为了让两个方向不同，初始状态用了随机数。",
    hint_en="The directions have parameters of their own. Does a state need chance, too?",
    hint_zh="两个方向的参数本来就不同。状态也需要随机吗？",
)
def random_numbers(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.randn(shape, device=device) * 0.01 for _ in range(2))


@state(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the zeros when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，这些零在哪里？",
)
def device_ignored(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((batch_size, num_hiddens)) for _ in range(2))
