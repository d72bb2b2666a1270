"""Mistakes in birnn: what comes out, outputs and states."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bidirectional import rnn_step

loop = functools.partial(wrong, "birnn")


@loop(
    en="The outputs come out in the reverse order of time.",
    zh="输出的时间顺序反了。",
    hint_en="Which order do the two lists have when you join them?",
    hint_zh="拼接时，两个列表各是什么顺序？",
)
def outputs_reversed(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.insert(0, H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.append(H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The backward state of the last time step is returned; it was computed first.",
    zh="返回的后向状态是最后一个时间步的，那是最先算出来的。",
    hint_en="Where does the backward direction end its reading?",
    hint_zh="后向读到哪一步才结束？",
)
def backward_state_of_last_step(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (rightward[-1], leftward[-1])


@loop(
    en="The states are returned as (backward, forward).",
    zh="返回状态的顺序是后向在前，应当前向在前。",
    hint_en="Compare with the order in which the state came in.",
    hint_zh="与传进来的状态的顺序对照一下。",
)
def state_returned_crosswise(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_b, H_f)


@loop(
    en="The state is unpacked as (backward, forward).",
    zh="拆开传进来的状态时，把后向放在了前面。",
    hint_en="With a zero state both orders look alike. What does init_birnn_state return?",
    hint_zh="初始状态为零时看不出区别。init_birnn_state 返回的顺序是什么？",
)
def state_unpacked_crosswise(inputs, state, params):
    (H_b, H_f), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Only the forward state is returned.",
    zh="只返回了前向的状态。",
    hint_en="How many matrices came in with the state?",
    hint_zh="传进来的状态里有几个矩阵？",
)
def forward_state_only(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f,)


@loop(
    en="The states are returned as one matrix (n, 2h), not as a tuple of two.",
    zh="返回的状态拼成了一个 (n, 2h) 的矩阵，应当是两个矩阵的元组。",
    hint_en="In which form did the state come in?",
    hint_zh="传进来的状态是什么形式？",
)
def joined_state(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], torch.cat([H_f, H_b], dim=1)


@loop(
    en="The state that came in is returned, not the last one.",
    zh="返回的是传进来的初始状态，应当返回最后的状态。",
    hint_en="Which of your names holds the state after the last step of each direction?",
    hint_zh="两个方向各自走完之后的状态，在你的代码里叫什么名字？",
)
def first_state_returned(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], state


@loop(
    en="Only the output of the last step is returned, from the two last states.",
    zh="只返回了一个输出，是用两个方向最后的状态算的。",
    hint_en="How many inputs come in, and how many outputs go out?",
    hint_zh="传进来几个输入？应当返回几个输出？",
)
def one_output_only(inputs, state, params):
    H_f, H_b = state
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
    return [torch.cat([H_f, H_b], dim=1) @ params[6] + params[7]], (H_f, H_b)


@loop(
    en="The joined states are returned as outputs: W_hq and b_q are not used.",
    zh="把拼好的状态直接当成了输出，没有用 W_hq 和 b_q。",
    hint_en="An output has q entries, the joined state 2h. What lies between them?",
    hint_zh="输出有 q 个元素，拼好的状态有 2h 个。两者之间差了哪一步？",
)
def hidden_states_as_outputs(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    return [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)], (H_f, H_b)


@loop(
    en="The output bias b_q is added twice, once for each direction.",
    zh="输出的偏置 b_q 加了两次，每个方向各加了一次。",
    hint_en="If you add two products, how often does b_q belong in the sum?",
    hint_zh="分成两个乘积相加时，b_q 应当加几次？",
)
def output_bias_twice(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f @ params[6][: H_f.shape[1]] + params[7])
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b @ params[6][H_b.shape[1] :] + params[7])
    return [F_t + B_t for F_t, B_t in zip(rightward, leftward)], (H_f, H_b)


@loop(
    en="The output bias b_q is not added.",
    zh="输出漏加了偏置 b_q。",
    hint_en="Follow each parameter to the place where it is used. Which has none?",
    hint_zh="逐个找到每个参数用在哪里。哪个没有用到？",
)
def output_bias_missing(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] for H in both], (H_f, H_b)
