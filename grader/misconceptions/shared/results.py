"""Mistakes that all three loops can have in how the results are put together; see loops.py."""

import torch

from grader.misconceptions.shared.loops import loop
from solutions.rnn import rnn_step


@loop(
    en="Only the outputs are returned; the last state is missing.",
    zh="只返回了输出，漏了最后的状态。",
    hint_en="What does the caller need to go on where this sequence ended?",
    hint_zh="要从这个序列结束的地方接着算，调用者需要什么？",
    also={
        "_joined": {"return outputs": "return torch.cat(outputs, dim=0)"},
        "_stacked": {"return outputs": "return torch.stack(outputs)"},
    },
)
def state_not_returned(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs


@loop(
    en="The results are exchanged: the state comes first and the outputs second.",
    zh="两个结果的次序反了：先返回了状态，后返回了输出。",
    hint_en="Which of the two does `outputs, state = ...` take first?",
    hint_zh="`outputs, state = ...` 先取出的是哪一个？",
    also={
        "_joined": {"return (H,), outputs": "return (H,), torch.cat(outputs, dim=0)"},
        "_stacked": {"return (H,), outputs": "return (H,), torch.stack(outputs)"},
    },
)
def results_exchanged(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return (H,), outputs


@loop(
    en="The function returns inside the loop, after the first step.",
    zh="return 写在了循环里面，第一步之后就返回了。",
    hint_en="How far is the last line indented? How many outputs come back for 3 inputs?",
    hint_zh="最后一行缩进了几格？传进 3 个输入，返回了几个输出？",
)
def returned_in_the_loop(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
        return outputs, (H,)


@loop(
    en="The outputs go through tanh; they should be logits.",
    zh="输出又过了一次 tanh，而这里要的是 logits。",
    hint_en="May a logit be larger than 1? Can yours?",
    hint_zh="logit 可以大于 1 吗？你的输出呢？",
)
def tanh_outputs(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(torch.tanh(H @ params[-2] + params[-1]))
    return outputs, (H,)


@loop(
    en="The outputs go through log-softmax; they should be logits.",
    zh="输出过了 log-softmax，而这里要的是 logits。",
    hint_en="Where does the loss function take its softmax? Once is enough.",
    hint_zh="损失函数里已经包含 softmax 了吗？做一次就够了。",
)
def log_softmax_outputs(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(torch.log_softmax(H @ params[-2] + params[-1], dim=1))
    return outputs, (H,)


@loop(
    en="W_hq is transposed in the output layer; that only runs where h = q.",
    zh="输出层的 W_hq 被转置了，只有 h = q 时才能运行。",
    hint_en="H is (n, h), an output (n, q). Which shape lies between them?",
    hint_zh="H 是 (n, h)，输出是 (n, q)。中间的矩阵应是什么形状？",
)
def output_weight_transposed(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2].T + params[-1])
    return outputs, (H,)
