"""Wrong versions of the functions in exercises/rnn.py, as learners really write them."""

import torch

from grader.misconceptions import shared, wrong
from solutions.rnn import rnn_step

# Importing it registers its mistakes.
PARTS = (shared,)


@wrong(
    "rnn_step",
    en="The new state is returned in a tuple; the step returns the matrix itself.",
    zh="新状态被放进了元组；这一步应当直接返回矩阵。",
    hint_en="rnn keeps the state in a tuple. Does one step need one, too?",
    hint_zh="rnn 用元组保存状态。单独一步也需要元组吗？",
)
def tuple_returned(X, H, W_xh, W_hh, b_h):
    return (torch.tanh(X @ W_xh + H @ W_hh + b_h),)


@wrong(
    "rnn_step",
    en="The old state is added to the new one.",
    zh="把旧状态又加到了新状态上。",
    hint_en="An RNN's state stays between −1 and 1. Where does yours grow?",
    hint_zh="RNN 的状态始终在 −1 与 1 之间。你的状态在哪里变大了？",
)
def old_state_added(X, H, W_xh, W_hh, b_h):
    return H + torch.tanh(X @ W_xh + H @ W_hh + b_h)


@wrong(
    "rnn_step",
    en="H and W_hh are multiplied entry by entry (*) instead of as matrices (@).",
    zh="H 与 W_hh 应做矩阵乘法(@)，却用了逐元素乘法(*)。",
    hint_en="Write down the shapes: which product takes (n, h) and (h, h) to (n, h)?",
    hint_zh="写出形状：哪种乘法能把 (n, h) 与 (h, h) 变成 (n, h)？",
)
def entrywise_product(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H * W_hh + b_h)


@wrong(
    "rnn",
    en="Every input goes through two steps of the state.",
    zh="每个输入让状态走了两步。",
    hint_en="How many new states does one input make?",
    hint_zh="一个输入应当产生几个新状态？",
)
def two_steps_each(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, rnn_step(X, H, *params[:3]), *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@wrong(
    "rnn",
    en="The bias b_h is not added.",
    zh="漏加了偏置 b_h。",
    hint_en="Five parameters come in. Follow each of them to the place where it is used.",
    hint_zh="传进来五个参数，逐个找到它们用在哪里。",
)
def hidden_bias_unused(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, torch.zeros_like(b_h))
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


@wrong(
    "rnn",
    en="W_hh is taken before W_xh: the order is W_xh, W_hh, b_h.",
    zh="W_hh 取在了 W_xh 前面：顺序应为 W_xh、W_hh、b_h。",
    hint_en="Compare your unpacking with get_params, name by name.",
    hint_zh="与 get_params 逐个对照拆包的顺序。",
)
def weights_exchanged(inputs, state, params):
    W_hh, W_xh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
