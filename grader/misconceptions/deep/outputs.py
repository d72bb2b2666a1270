"""Mistakes in deep_gru: what comes out, outputs and states."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.deep import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "deep_gru")


@loop(
    en="The outputs are made from the bottom layer's states, not from the top layer's.",
    zh="输出是由最下面一层的状态算出的，应当用最上面一层的。",
    hint_en="If the outputs come from below, what is the upper layers' work good for?",
    hint_zh="输出若取自最下层，上面各层算了有什么用？",
)
def outputs_from_bottom(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(states[0] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The states of all layers are summed for the output.",
    zh="输出用的是各层状态之和。",
    hint_en="Y_t = Hᴸ_t W_hq + b_q. Which layer is L?",
    hint_zh="Y_t = Hᴸ_t W_hq + b_q。L 是哪一层？",
)
def outputs_from_sum(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(sum(states) @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The mean of all layers' states makes the output.",
    zh="输出用的是各层状态的平均。",
    hint_en="Y_t = Hᴸ_t W_hq + b_q. Which layer is L?",
    hint_zh="Y_t = Hᴸ_t W_hq + b_q。L 是哪一层？",
)
def outputs_from_mean(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(torch.stack(states).mean(0) @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="An output is made from the top state before its step, not after it.",
    zh="输出用的是最上层走这一步之前的状态，应当用这一步之后的。",
    hint_en="Has the top layer made its new state when you compute the output?",
    hint_zh="算输出时，最上层的新状态算出来了吗？",
)
def output_before_step(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        outputs.append(states[-1] @ params[-2] + params[-1])
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
    return outputs, tuple(states)


@loop(
    en="Every layer adds an output: there are L·T of them instead of T.",
    zh="每一层都产生了输出，共有 L·T 个，应当只有 T 个。",
    hint_en="To which of the two loops does the line with the output belong?",
    hint_zh="两层循环中，算输出的那一行应当放在哪一层？",
)
def outputs_of_every_layer(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The top layer's states are returned as outputs: W_hq and b_q are not used.",
    zh="把最上层的状态直接当成了输出，没有用 W_hq 和 b_q。",
    hint_en="An output has q entries, a state h. What lies between them?",
    hint_zh="输出有 q 个元素，状态有 h 个。两者之间差了哪一步？",
)
def hidden_states_as_outputs(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X)
    return outputs, tuple(states)


@loop(
    en="The output bias b_q is not added.",
    zh="输出漏加了偏置 b_q。",
    hint_en="Follow each parameter to the place where it is used. Which has none?",
    hint_zh="逐个找到每个参数用在哪里。哪个没有用到？",
)
def output_bias_missing(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2])
    return outputs, tuple(states)


@loop(
    en="Only the top layer's state is returned.",
    zh="只返回了最上层的状态。",
    hint_en="Feed the returned state in again: what do the lower layers start from?",
    hint_zh="把返回的状态再传进来：下面各层从什么状态开始？",
)
def top_state_only(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, (X,)


@loop(
    en="The top layer's state is returned for every layer.",
    zh="返回的每一层状态都是最上层的状态。",
    hint_en="Compare the returned matrices with each other. Should they be equal?",
    hint_zh="比较返回的几个矩阵，它们应当相等吗？",
)
def top_state_repeated(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, (X,) * len(state)


@loop(
    en="The states are returned as one tensor (L, n, h), not as a tuple.",
    zh="返回的状态是一个 (L, n, h) 的张量，应当是元组。",
    hint_en="In which form did the state come in?",
    hint_zh="传进来的状态是什么形式？",
)
def stacked_state(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, torch.stack(states)


@loop(
    en="The states are returned from top to bottom.",
    zh="返回的状态从上往下排，应当从下往上排。",
    hint_en="Feed the returned state in again: which layer gets which matrix?",
    hint_zh="把返回的状态再传进来：哪一层会拿到哪个矩阵？",
)
def states_from_top(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states[::-1])


@loop(
    en="The states that came in are returned, not the last ones.",
    zh="返回的是传进来的初始状态，应当返回最后的状态。",
    hint_en="What must the next call start from, so that the sequence goes on?",
    hint_zh="要让序列接着算下去，下一次调用应当从什么状态开始？",
)
def first_state_returned(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, state
