"""Mistakes in birnn: how the states of the two directions are put together for an output."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bidirectional import rnn_step

loop = functools.partial(wrong, "birnn")


@loop(
    en="The backward states are not put back in order: H←_T stands beside H→_1.",
    zh="后向的状态没有倒回来：H←_T 与 H→_1 拼在了一起。",
    hint_en="The backward state that you computed first: which step does it belong to?",
    hint_zh="后向最先算出的状态属于第几步？",
)
def backward_states_not_turned(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.append(H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The halves are joined as backward, forward; the forward half comes first.",
    zh="拼接的顺序是后向在前，应当前向在前。",
    hint_en="Which rows of W_hq meet the forward state in the equation?",
    hint_zh="公式里，W_hq 的哪些行与前向状态相乘？",
)
def halves_exchanged(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(leftward, rightward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The two states are added, and half of W_hq is not used.",
    zh="把两个状态相加了，W_hq 有一半没有用到。",
    hint_en="W_hq has 2h rows. What must an output read, so that all of them are used?",
    hint_zh="W_hq 有 2h 行。输出要读多宽的状态，才能把它们都用上？",
)
def states_added(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    W = params[6][: H_f.shape[1]]
    both = [F_t + B_t for F_t, B_t in zip(rightward, leftward)]
    return [H @ W + params[7] for H in both], (H_f, H_b)


@loop(
    en="The mean of the two states is taken, and half of W_hq is not used.",
    zh="取了两个状态的平均，W_hq 有一半没有用到。",
    hint_en="W_hq has 2h rows. What must an output read, so that all of them are used?",
    hint_zh="W_hq 有 2h 行。输出要读多宽的状态，才能把它们都用上？",
)
def states_averaged(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    W = params[6][: H_f.shape[1]]
    both = [(F_t + B_t) / 2 for F_t, B_t in zip(rightward, leftward)]
    return [H @ W + params[7] for H in both], (H_f, H_b)


@loop(
    en="The states are joined along the batch, dim=0; they belong side by side.",
    zh="两个状态沿批量维拼接了，即 dim=0，应当左右并排。",
    hint_en="Which shape do two matrices (n, h) have side by side?",
    hint_zh="两个 (n, h) 的矩阵左右并排，形状是什么？",
)
def joined_along_batch(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=0) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Every output uses the forward direction's last state, H→_T.",
    zh="每个输出用的都是前向最后的状态 H→_T。",
    hint_en="Is the forward state of step t still there after the loop? Where was it kept?",
    hint_zh="循环结束后，第 t 步的前向状态还在吗？保存在哪里？",
)
def last_forward_for_all(inputs, state, params):
    (H_f, H_b), leftward = state, []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat([H_f, B_t], dim=1) for B_t in leftward]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Every output uses the backward direction's last computed state, H←_1.",
    zh="每个输出用的都是后向最后算出的状态 H←_1。",
    hint_en="Change the first input. Which outputs may show it in their backward half?",
    hint_zh="改动第一个输入，哪些输出的后向部分应当跟着变？",
)
def last_backward_for_all(inputs, state, params):
    (H_f, H_b), rightward = state, []
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    both = [torch.cat([F_t, H_b], dim=1) for F_t in rightward]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The pairs are off by one: H→_t stands beside H←_{{t+1}}, which has not read X_t.",
    zh="配对错开了一步：H→_t 旁边是还没有读到 X_t 的 H←_{{t+1}}。",
    hint_en="Is a backward state stored before its step, or after it?",
    hint_zh="后向的状态是在走这一步之前存的，还是之后？",
)
def backward_one_late(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        leftward.insert(0, H_b)
        H_b = rnn_step(X, H_b, *params[3:6])
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Only the forward states reach the outputs; the backward half is zero.",
    zh="只有前向状态传到了输出，后向那一半是零。",
    hint_en="Change the last input. Does the first output change?",
    hint_zh="改动最后一个输入，第一个输出会变吗？",
)
def forward_half_only(inputs, state, params):
    (H_f, H_b), rightward = state, []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
    both = [torch.cat([F_t, torch.zeros_like(F_t)], dim=1) for F_t in rightward]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The backward states are detached, so the backward direction learns nothing.",
    zh="对后向的状态做了 detach，后向的参数学不到东西。",
    hint_en="The numbers are right. Which parameters have no gradient after backward()?",
    hint_zh="数值是对的。backward() 之后，哪些参数没有梯度？",
)
def backward_states_detached(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b.detach())
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)
