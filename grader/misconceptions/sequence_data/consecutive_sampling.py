"""Mistakes in data_iter_consecutive."""

import random

import torch

from grader.misconceptions import wrong


@wrong(
    "sequence_data.data_iter_consecutive",
    en="Neighbouring windows stand in one batch, so a row does not go on in the next batch.",
    zh="相邻的窗口放进了同一个批量，下一批量的行接不上这一批量的行。",
    hint_en="Lay the text out as batch_size long rows first, then cut all rows at the same places.",
    hint_zh="先把文本排成 batch_size 个长行，再在同样的位置切开所有行。",
)
def rows_do_not_continue(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    span = batch_size * num_steps
    for s in range(0, (len(corpus) - 1) // span * span, span):
        X = corpus[s : s + span].view(batch_size, num_steps)
        yield X, corpus[s + 1 : s + span + 1].view(batch_size, num_steps)


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The text runs down the columns: neighbours in a row are batch_size characters apart.",
    zh="文本是竖着排的：同一行中相邻的两个字符在原文里相隔 batch_size 个。",
    hint_en="Try it with range(6) and batch_size 2: the first row should be 0, 1, 2.",
    hint_zh="用 range(6)、batch_size 为 2 试一下：第一行应为 0, 1, 2。",
)
def text_down_the_columns(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(length, batch_size).T
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="Y equals X: the labels are not shifted.",
    zh="Y 与 X 相同，标签没有后移。",
    hint_en="The label of a character is the character after it.",
    hint_zh="一个字符的标签是它后面的那个字符。",
)
def targets_equal_inputs(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s : s + num_steps]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The last full batch is never used.",
    zh="最后一个完整的批量从未用到。",
    hint_en="(length - 1) // num_steps batches fit already; range stops before its end by itself.",
    hint_zh="(length - 1) // num_steps 已经是批量的个数，而 range 本来就不含终点。",
)
def last_batch_missing(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for k in range((length - 1) // num_steps - 1):
        s = k * num_steps
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The columns left over at the end come as a batch with fewer than num_steps columns.",
    zh="最后剩下的不足 num_steps 列，却也当作一个批量给出了。",
    hint_en="How many full windows fit into a row, if each also needs its label?",
    hint_zh="考虑到每个窗口还需要标签，一行里放得下多少个完整的窗口？",
)
def short_batch_kept(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, length - 1, num_steps):
        end = min(s + num_steps, length - 1)
        yield rows[:, s:end], rows[:, s + 1 : end + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="Each epoch skips a random number of characters first, as newer editions of the book do.",
    zh="每个周期先跳过随机个数的字符，这是新版书的做法。",
    hint_en="Here the first row starts with the first character of the corpus.",
    hint_zh="这里第一行从语料的第一个字符开始。",
    also={
        "_from_zero": {"random.randint(1, num_steps)": "random.randint(0, num_steps)"},
        "_below_num_steps": {"random.randint(1, num_steps)": "random.randint(0, num_steps - 1)"},
        "_as_in_the_book": {
            "random.randint(1, num_steps)": "random.randint(0, num_steps)",
            "(length - 1) // num_steps * num_steps": "length // num_steps * num_steps",
            "len(corpus) // batch_size": "(len(corpus) - 1) // batch_size",
            "rows[:, s + 1 : s + num_steps + 1]": "labels[:, s : s + num_steps]",
            "rows = corpus": "labels = corpus[1 : batch_size * length + 1].view(batch_size, length)"
            "\nrows = corpus",
        },
    },
)
def starts_at_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    corpus = corpus[random.randint(1, num_steps) :]
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="There is one batch too many when num_steps divides the row length: its Y is too narrow.",
    zh="行长能被 num_steps 整除时多出一个批量，它的 Y 少一列。",
    hint_en="The last character of a row is only a label. How many of the row can be inputs?",
    hint_zh="每行的最后一个字符只能当标签。一行里能当输入的字符有多少个？",
)
def last_labels_missing(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, length // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The row length is computed from len - 1 characters, so later rows start too early.",
    zh="行长是按 len - 1 个字符计算的，后面各行的起点因此偏早。",
    hint_en="Lay out as much of the corpus as makes whole rows; the shift comes after that.",
    hint_zh="先取能排成整行的那部分语料，错开一位是之后的事。",
)
def rows_from_one_fewer(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = (len(corpus) - 1) // batch_size
    X_rows = corpus[: batch_size * length].view(batch_size, length)
    Y_rows = corpus[1 : batch_size * length + 1].view(batch_size, length)
    for s in range(0, length // num_steps * num_steps, num_steps):
        yield X_rows[:, s : s + num_steps], Y_rows[:, s : s + num_steps]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The last label of a window is the window's own first character.",
    zh="每个窗口的最后一个标签用的是该窗口自己的第一个字符。",
    hint_en="Rolling wraps around. Which character follows the window in the text?",
    hint_zh="roll 会首尾相接。原文中窗口后面的那个字符是什么？",
)
def labels_wrap_around(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        X = rows[:, s : s + num_steps]
        yield X, torch.roll(X, -1, dims=1)


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The window moves on by one column instead of by num_steps: batches overlap.",
    zh="窗口每次只移动一列，而不是 num_steps 列，批量之间有重叠。",
    hint_en="Where does a batch end, and where should the next one start?",
    hint_zh="这一批量到哪里结束？下一批量应从哪里开始？",
)
def moves_one_column(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    for s in range(length - num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="The batches come in random order, so the state does not fit the next one.",
    zh="批量的先后被打乱了，隐藏状态接不上下一个批量。",
    hint_en="Which of the two samplings is the one that shuffles?",
    hint_zh="两种采样中，哪一种才需要打乱？",
)
def batches_in_random_order(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].view(batch_size, length)
    starts = list(range(0, (length - 1) // num_steps * num_steps, num_steps))
    random.shuffle(starts)
    for s in starts:
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]


@wrong(
    "sequence_data.data_iter_consecutive",
    en="All rows hold the same text, the beginning of the corpus.",
    zh="每一行都是同一段文本，即语料的开头。",
    hint_en="Row i starts where row i - 1 ends.",
    hint_zh="第 i 行从第 i - 1 行结束的地方开始。",
)
def every_row_the_same(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[:length].repeat(batch_size, 1)
    for s in range(0, (length - 1) // num_steps * num_steps, num_steps):
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]
