"""Mistakes in init_peephole_state."""

import functools

import torch

from grader.misconceptions import wrong

state = functools.partial(wrong, "init_peephole_state")


@state(
    en="Only H is made: the memory C is missing.",
    zh="只创建了 H，缺少记忆 C。",
    hint_en="How many matrices does this network carry from step to step?",
    hint_zh="这个网络在时间步之间要传递几个矩阵？",
)
def memory_missing(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


@state(
    en="H and C are one tensor: what is written into one shows in the other.",
    zh="H 和 C 是同一个张量，改动一个，另一个也跟着变。",
    hint_en="Compare their data_ptr(): how often is memory set aside?",
    hint_zh="比较两者的 data_ptr()：内存分配了几次？",
)
def one_tensor_twice(batch_size, num_hiddens, device=None):
    H = torch.zeros((batch_size, num_hiddens), device=device)
    return H, H


@state(
    en="The shape is (num_hiddens, batch_size): the two sizes are exchanged.",
    zh="形状成了 (num_hiddens, batch_size)，两个维度写反了。",
    hint_en="Rows are samples. Which size comes first?",
    hint_zh="每行是一个样本。哪个维度在前？",
)
def sizes_exchanged(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((num_hiddens, batch_size), device=device) for _ in range(2))


@state(
    en="The memory starts at one, not at zero.",
    zh="记忆的初始值是 1，应当是 0。",
    hint_en="Before the first step nothing has been counted. Which value says nothing?",
    hint_zh="第一步之前什么也没有数过，应当用哪个值？",
)
def memory_of_ones(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.ones(shape, device=device)


@state(
    en="H and C are one tensor (2, n, h), not a tuple of two matrices.",
    zh="H 和 C 合成了一个 (2, n, h) 的张量，不是含两个矩阵的元组。",
    hint_en="A state is a tuple. What does torch.zeros give?",
    hint_zh="状态是元组。torch.zeros 返回的是什么？",
)
def stacked(batch_size, num_hiddens, device=None):
    return torch.zeros((2, batch_size, num_hiddens), device=device)


@state(
    en="The zeros are whole numbers (int64), which the network cannot compute with.",
    zh="零是整数类型(int64)，网络无法用它计算。",
    hint_en="Print the dtype. Which one do the parameters have?",
    hint_zh="打印 dtype 看看。参数是什么类型？",
)
def whole_numbers(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.zeros(shape, dtype=torch.long, device=device) for _ in range(2))


@state(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the zeros when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，这些零在哪里？",
)
def device_ignored(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((batch_size, num_hiddens)) for _ in range(2))
