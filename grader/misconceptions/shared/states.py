"""Mistakes in the first states; ``STATES`` stands for the number of matrices in one."""

import functools

import torch

from grader.misconceptions import wrong

ONE = ("rnn.init_rnn_state", "gru.init_gru_state")
TWO = "lstm.init_lstm_state"
LET = {**{one: {"STATES": "1"} for one in ONE}, TWO: {"STATES": "2"}}

STATES = 1
state = functools.partial(wrong, *LET, let=LET)


@state(
    en="A bare matrix is returned, not a tuple.",
    zh="返回的是一个矩阵，不是元组。",
    hint_en="A state is a tuple, even of one matrix. What makes (H) a tuple?",
    hint_zh="状态总是元组，哪怕只有一个矩阵。怎样写才能让 (H) 成为元组？",
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
    return tuple(torch.zeros((num_hiddens, batch_size), device=device) for _ in range(STATES))


@state(
    en="There is an extra axis in front, as torch's own layers want it.",
    zh="前面多了一个维度，那是 PyTorch 自带循环层的写法。",
    hint_en="How many layers does this network have, and who needs to be told?",
    hint_zh="这个网络有几层？需要为层数单独留一个维度吗？",
)
def extra_axis(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((1, batch_size, num_hiddens), device=device) for _ in range(STATES))


@state(
    en="There is one row only, whatever the batch size.",
    zh="不管批量多大，都只有一行。",
    hint_en="How many sequences are read side by side? Each needs a state of its own.",
    hint_zh="同时读多少个序列？每个序列都要有自己的状态。",
)
def one_row(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((1, num_hiddens), device=device) for _ in range(STATES))


@state(
    en="The state starts at one, not at zero.",
    zh="初始状态全是 1，应当是 0。",
    hint_en="Before the first step nothing has been read. Which value says nothing?",
    hint_zh="第一步之前什么也没读到。用什么值表示“没有信息”？",
)
def ones(batch_size, num_hiddens, device=None):
    return tuple(torch.ones((batch_size, num_hiddens), device=device) for _ in range(STATES))


@state(
    en="The state starts with random numbers.",
    zh="初始状态是随机数。",
    hint_en="Parameters start at random, so that units differ. Does a state need that?",
    hint_zh="参数要随机，是为了让各单元不同。状态也需要吗？",
)
def random_numbers(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.randn(shape, device=device) * 0.01 for _ in range(STATES))


@state(
    en="The zeros are whole numbers (int64), which the network cannot compute with.",
    zh="零是整数类型(int64)，网络无法用它计算。",
    hint_en="Print the dtype. Which one do the parameters have?",
    hint_zh="打印 dtype 看看。参数是什么类型？",
)
def whole_numbers(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return tuple(torch.zeros(shape, dtype=torch.long, device=device) for _ in range(STATES))


@state(
    en="The argument device is not used.",
    zh="没有用到参数 device。",
    hint_en="Where are the zeros when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，这些零在哪里？",
)
def device_ignored(batch_size, num_hiddens, device=None):
    return tuple(torch.zeros((batch_size, num_hiddens)) for _ in range(STATES))


@state(
    en="The state of the first call is kept and returned at every later call.",
    zh="第一次调用的状态被保存下来，以后每次都返回它。",
    hint_en="Call it for two different batch sizes, one after the other.",
    hint_zh="先后用两个不同的批量大小调用试试。",
)
def made_once(batch_size, num_hiddens, device=None, memory=[]):
    if not memory:
        shape = (batch_size, num_hiddens)
        memory.extend(torch.zeros(shape, device=device) for _ in range(STATES))
    return tuple(memory)


@wrong(
    *ONE,
    en="Two matrices are returned, as for an LSTM.",
    zh="返回了两个矩阵，那是 LSTM 的状态。",
    hint_en="Which of the three networks has a memory beside its hidden state?",
    hint_zh="三种网络中，哪一种在隐藏状态之外还有记忆？",
)
def two_matrices(batch_size, num_hiddens, device=None):
    shape = (batch_size, num_hiddens)
    return torch.zeros(shape, device=device), torch.zeros(shape, device=device)


@wrong(
    TWO,
    en="The memory C is missing: there is only one matrix.",
    zh="缺少记忆 C，只返回了一个矩阵。",
    hint_en="What does an LSTM carry from step to step beside H?",
    hint_zh="除了 H,LSTM 还要把什么传到下一步？",
)
def memory_missing(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)


@wrong(
    TWO,
    en="H and C are one and the same tensor, so a change of one changes both.",
    zh="H 和 C 是同一个张量，改一个，另一个也会变。",
    hint_en="What does [zeros] * 2 hold: two tensors, or one tensor twice?",
    hint_zh="[zeros] * 2 里是两个张量，还是同一个张量出现两次？",
)
def same_tensor(batch_size, num_hiddens, device=None):
    return tuple([torch.zeros((batch_size, num_hiddens), device=device)] * 2)


@wrong(
    TWO,
    en="H and C are stacked in one tensor, not in a tuple.",
    zh="H 和 C 被叠成了一个张量，而不是元组。",
    hint_en="The network unpacks the state with H, C = state. What does it want to find?",
    hint_zh="网络用 H, C = state 来拆开状态。它应当拆开什么？",
)
def stacked(batch_size, num_hiddens, device=None):
    return torch.zeros((2, batch_size, num_hiddens), device=device)
