"""Mistakes that all three loops can have in what comes out; see loops.py."""

import torch

from grader.misconceptions.shared.loops import loop
from solutions.rnn import rnn_step


@loop(
    en="An output is made from the state before its step, not after it.",
    zh="输出用的是这一步之前的状态，应当用这一步之后的。",
    hint_en="Y_t = H_t W_hq + b_q. Has H_t been computed when you use it?",
    hint_zh="Y_t = H_t W_hq + b_q。用到 H_t 时，它算出来了吗？",
)
def output_before_step(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        outputs.append(H @ params[-2] + params[-1])
        H = rnn_step(X, H, *params[:3])
    return outputs, (H,)


@loop(
    en="The hidden states are returned as outputs: W_hq and b_q are not used.",
    zh="把隐藏状态直接当成了输出，没有用 W_hq 和 b_q。",
    hint_en="An output has q entries, a hidden state h. What lies between them?",
    hint_zh="输出有 q 个元素，隐藏状态有 h 个。两者之间差了哪一步？",
)
def hidden_states_as_outputs(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H)
    return outputs, (H,)


@loop(
    en="The output bias b_q is not added.",
    zh="输出漏加了偏置 b_q。",
    hint_en="Follow each parameter to the place where it is used. Which has none?",
    hint_zh="逐个找到每个参数用在哪里。哪个没有用到？",
)
def output_bias_missing(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2])
    return outputs, (H,)


@loop(
    en="The outputs go through softmax; they should be logits.",
    zh="输出过了 softmax，而这里要的是 logits。",
    hint_en="Where does the loss function take its softmax? Once is enough.",
    hint_zh="损失函数里已经包含 softmax 了吗？做一次就够了。",
)
def softmax_outputs(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(torch.softmax(H @ params[-2] + params[-1], dim=1))
    return outputs, (H,)


@loop(
    en="Only the output of the last step is returned.",
    zh="只返回了最后一步的输出。",
    hint_en="How many inputs come in, and how many outputs go out?",
    hint_zh="传进来几个输入？应当返回几个输出？",
)
def last_output_only(inputs, state, params):
    (H,) = state
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
    return [H @ params[-2] + params[-1]], (H,)


@loop(
    en="The outputs are joined along another axis than time.",
    zh="输出没有沿时间维拼接，而是沿另一个维拼接了。",
    hint_en="Print the shape. Time comes first: which axis is that?",
    hint_zh="打印形状看看。时间在最前面，是第几维？",
)
def stacked_along_batch(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return torch.stack(outputs, dim=1).flatten(0, 1), (H,)


@loop(
    en="The outputs come out in the reverse order of time.",
    zh="输出的时间顺序反了。",
    hint_en="At which end of the list does each new output belong?",
    hint_zh="每个新的输出应当加在列表的哪一端？",
)
def outputs_reversed(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.insert(0, H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The list of outputs lives on between calls and grows.",
    zh="输出列表在两次调用之间一直保留，越来越长。",
    hint_en="When is a default argument made: at each call, or once?",
    hint_zh="默认参数是每次调用时创建的，还是只创建一次？",
)
def outputs_remembered(inputs, state, params, outputs=[]):
    (H,) = state
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The outputs are moved to the CPU.",
    zh="输出被搬到了 CPU 上。",
    hint_en="Where should the outputs be when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，输出应当在哪里？",
)
def moved_to_cpu(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append((H @ params[-2] + params[-1]).cpu())
    return outputs, (H,)
