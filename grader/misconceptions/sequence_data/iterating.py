"""Mistakes in how data_iter_random hands out its windows, and in where it cuts them."""

import functools
import random

import torch

from grader.misconceptions import wrong
from grader.misconceptions.sequence_data.random_sampling import ORDERS

dealt = functools.partial(wrong, "sequence_data.data_iter_random")


@dealt(
    en="return stands where yield belongs: one pair comes back, not an iterator over pairs.",
    zh="该用 yield 的地方用了 return：返回的是一对 (X, Y)，而不是迭代器。",
    hint_en="return ends the function. What hands out a value and goes on?",
    hint_zh="return 会结束函数。什么语句给出一个值之后还能继续？",
    also=ORDERS,
)
def first_batch_returned(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        return X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@dealt(
    en="yield stands below the loop, not in it: only the last batch comes out.",
    zh="yield 写在了循环外面，只给出了最后一个批量。",
    hint_en="How far is the line with yield indented?",
    hint_zh="yield 那一行缩进了几格？",
    also=ORDERS,
)
def last_batch_yielded(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        Y = torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])
    yield X, Y


@dealt(
    en="Y is two positions later than X; it should be one.",
    zh="Y 比 X 晚了两位，应当只晚一位。",
    hint_en="Which character follows the first one of X? Is it the first one of Y?",
    hint_zh="X 的第一个字符之后是哪个字符？它是 Y 的第一个吗？",
    also=ORDERS,
)
def labels_two_later(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 2) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 2 : s + num_steps + 2] for s in chosen])


@dealt(
    en="The windows start at multiples of batch_size; they should start at multiples of num_steps.",
    zh="窗口从 batch_size 的倍数处开始，应从 num_steps 的倍数处开始。",
    hint_en="How long is a window? Then where does the next one start?",
    hint_zh="一个窗口有多长？那么下一个从哪里开始？",
    also=ORDERS,
)
def starts_at_multiples_of_batch_size(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = list(range(0, len(corpus) - num_steps, batch_size))
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@dealt(
    en="One window at a time comes out; a batch holds batch_size of them.",
    zh="每次只给出一个窗口，而一个批量应有 batch_size 个窗口。",
    hint_en="Print X.shape. Where does batch_size come in?",
    hint_zh="打印 X.shape 看看。batch_size 用在了哪里？",
    also=ORDERS,
)
def one_window_at_a_time(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for s in starts:
        yield corpus[s : s + num_steps], corpus[s + 1 : s + num_steps + 1]


@dealt(
    en="The iterator never ends: it begins again after the last batch.",
    zh="迭代器永远不会结束：给完最后一个批量又从头开始。",
    hint_en="One call is one epoch. What ends the loop?",
    hint_zh="调用一次就是一个周期。循环靠什么结束？",
)
def never_ends(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    if len(starts) < batch_size:
        return
    while True:
        random.shuffle(starts)
        for k in range(0, len(starts) - batch_size + 1, batch_size):
            chosen = starts[k : k + batch_size]
            X = torch.stack([corpus[s : s + num_steps] for s in chosen])
            yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])
