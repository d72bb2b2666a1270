"""Mistakes in how data_iter_consecutive hands out its windows, and in where it cuts them."""

import torch

from grader.misconceptions import wrong


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The window moves on by batch_size columns instead of by num_steps.",
    zh="窗口每次移动 batch_size 列，应移动 num_steps 列。",
    hint_en="How wide is a window? Then where does the next one start?",
    hint_zh="一个窗口有几列？那么下一个从哪一列开始？",
)
def moves_by_batch_size(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, length - num_steps, batch_size):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="Y is two positions later than X; it should be one.",
    zh="Y 比 X 晚了两位，应当只晚一位。",
    hint_en="Which character follows the first one of X? Is it the first one of Y?",
    hint_zh="X 的第一个字符之后是哪个字符？它是 Y 的第一个吗？",
    also={"_unchecked": {"(length - 2)": "(length - 1)"}},
)
def labels_two_later(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 2) // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 2 : s + num_steps + 2]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="return stands where yield belongs: one pair comes back, not an iterator over pairs.",
    zh="该用 yield 的地方用了 return：返回的是一对 (X, Y)，而不是迭代器。",
    hint_en="return ends the function. What hands out a value and goes on?",
    hint_zh="return 会结束函数。什么语句给出一个值之后还能继续？",
)
def first_batch_returned(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        return rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="yield stands below the loop, not in it: only the last batch comes out.",
    zh="yield 写在了循环外面，只给出了最后一个批量。",
    hint_en="How far is the line with yield indented?",
    hint_zh="yield 那一行缩进了几格？",
)
def last_batch_yielded(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        X, Y = rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]
    yield X, Y


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The last label of each row is the row's first character: the text is bent to a ring.",
    zh="每一行的最后一个标签用的是该行的第一个字符，文本被接成了环。",
    hint_en="Does the corpus really go on with that character there?",
    hint_zh="在原文里，那个位置之后真的是这个字符吗？",
    also={
        "_in_each_window": {
            "labels[:, s : s + num_steps]": "rows[:, s : s + num_steps].roll(-1, 1)"
        },
        "_of_the_corpus": {
            "rows.roll(-1, 1)": "corpus.roll(-1)[: batch_size * length].view_as(rows)"
        },
        "_of_full_batches": {
            "len(corpus) // batch_size": "len(corpus) // (batch_size * num_steps) * num_steps",
            "labels[:, s : s + num_steps]": "rows[:, s : s + num_steps].roll(-1, 1)",
        },
    },
)
def bent_to_a_ring(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    labels = rows.roll(-1, 1)
    for s in range(0, length // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], labels[:, s : s + num_steps]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The iterator never ends: it begins again after the last batch.",
    zh="迭代器永远不会结束：给完最后一个批量又从头开始。",
    hint_en="One call is one epoch. What ends the loop?",
    hint_zh="调用一次就是一个周期。循环靠什么结束？",
)
def never_ends(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    if length <= num_steps:
        return
    while True:
        for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
            yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]
