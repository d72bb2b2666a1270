"""The wrong kind of product in gates and cells: entry by entry where matrices are multiplied."""

import functools

import torch

from grader.misconceptions import wrong
from grader.misconceptions.shared.gates import LET

act = torch.sigmoid
OTHERS = [name for name in LET if name != "rnn.rnn_step"]  # which has its own


@functools.partial(wrong, *OTHERS, let=LET)(
    en="H and {W_h} are multiplied entry by entry (*) instead of as matrices (@).",
    zh="H 与 {W_h} 应做矩阵乘法(@)，却用了逐元素乘法(*)。",
    hint_en="Write down the shapes: which product takes (n, h) and (h, h) to (n, h)?",
    hint_zh="写出形状：哪种乘法能把 (n, h) 与 (h, h) 变成 (n, h)？",
)
def entrywise_product(X, H, W_x, W_h, b):
    return act(X @ W_x + H * W_h + b)


@functools.partial(wrong, *LET, let=LET)(
    en="Both products are taken entry by entry (*) instead of as matrices (@).",
    zh="两个乘积都用了逐元素乘法(*)，应做矩阵乘法(@)。",
    hint_en="Write down the shapes: which product takes (n, d) and (d, h) to (n, h)?",
    hint_zh="写出形状：哪种乘法能把 (n, d) 与 (d, h) 变成 (n, h)？",
)
def entrywise_products(X, H, W_x, W_h, b):
    return act(X * W_x + H * W_h + b)
