"""Mistakes in deep_gru: how many layers there are, and which state each of them starts from."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.deep import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "deep_gru")


@loop(
    en="The number of layers is fixed at two.",
    zh="层数写死成了两层。",
    hint_en="Try it with one layer and with three. What tells you how many there are?",
    hint_zh="用一层和三层各试一次。层数应当从哪里得知？",
)
def two_layers_always(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l in range(2):
            H, p = states[l], params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Only the first layer is run, as in a plain GRU.",
    zh="只运行了第一层，和普通的 GRU 一样。",
    hint_en="Which of the parameters are never used?",
    hint_zh="哪些参数一次也没用到？",
)
def first_layer_only(inputs, state, params):
    H, outputs = state[0], []
    for X in inputs:
        Z, R = update_gate(X, H, *params[:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H, *state[1:])


@loop(
    en="The top layer is left out: the loop over layers ends one too early.",
    zh="漏掉了最上面一层：对层的循环少走了一次。",
    hint_en="Count the layers that your loop visits. Where does its range end?",
    hint_zh="数一数循环走过了几层。range 到哪里为止？",
)
def top_layer_left_out(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l in range(len(states) - 1):
            H, p = states[l], params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="All layers start from the first layer's state.",
    zh="每一层都从第一层的初始状态出发。",
    hint_en="Call it with states that differ from layer to layer. Which are read?",
    hint_zh="让各层的初始状态互不相同再调用。哪些状态用到了？",
)
def first_state_for_all(inputs, state, params):
    states, outputs = [state[0]] * len(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="One state H runs through all layers and steps; each layer needs its own.",
    zh="所有层、所有时间步共用一个 H，每一层应当有自己的状态。",
    hint_en="What does the second layer remember of the step before, in your code?",
    hint_zh="在你的代码里，第二层还记得上一步的什么？",
)
def one_state_for_all(inputs, state, params):
    H, outputs = state[0], []
    for X in inputs:
        for l in range(len(state)):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = H = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,) * len(state)


@loop(
    en="An upper layer starts from the last state of the layer below, not from its own.",
    zh="上面一层从下一层最后的状态出发，没有用自己的初始状态。",
    hint_en="Layer by layer is fine. What is H when a new layer begins?",
    hint_zh="逐层计算是可以的。新的一层开始时，H 是什么？",
)
def state_runs_over(inputs, state, params):
    H, sequence, states = state[0], list(inputs), []
    for l in range(len(state)):
        p, below, sequence = params[9 * l : 9 * l + 9], sequence, []
        for X in below:
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            H = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            sequence.append(H)
        states.append(H)
    return [H @ params[-2] + params[-1] for H in sequence], tuple(states)


@loop(
    en="Only the first layer's state is carried on; the upper ones start anew at every step.",
    zh="只有第一层的状态传到了下一步，上面各层每一步都重新开始。",
    hint_en="Which state does the second layer start from at the second step?",
    hint_zh="第二步时，第二层是从哪个状态出发的？",
)
def upper_states_not_carried(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l in range(len(states)):
            H, p = state[l] if l else states[0], params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Every step starts from the first states: none is carried on.",
    zh="每一步都从初始状态出发，新状态没有传到下一步。",
    hint_en="Is the list of states made before the loop over time, or inside it?",
    hint_zh="状态列表是在时间循环之前创建的，还是在循环里面？",
)
def states_not_carried(inputs, state, params):
    outputs = []
    for X in inputs:
        states = list(state)
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The incoming states are ignored: all layers start from zeros.",
    zh="没有用传进来的状态，各层都从零开始。",
    hint_en="Call it with two different states. Do the outputs differ?",
    hint_zh="用两组不同的状态各调用一次，输出有区别吗？",
)
def starts_from_zeros(inputs, state, params):
    states, outputs = [torch.zeros_like(H) for H in state], []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The states are detached at every step, so no gradient goes back in time.",
    zh="每一步都对状态做了 detach，梯度传不回过去。",
    hint_en="Detaching belongs between batches. What does it cut inside the loop?",
    hint_zh="detach 应当用在两个批量之间。用在循环里会切断什么？",
)
def detached_each_step(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate([H.detach() for H in states]):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The new states are written into the caller's list.",
    zh="新状态直接写进了调用者传进来的列表。",
    hint_en="Print the state that you passed in, before and after. And what if it is a tuple?",
    hint_zh="在调用前后各打印一次传进来的状态。如果它是元组呢？",
)
def state_overwritten(inputs, state, params):
    outputs = []
    for X in inputs:
        for l, H in enumerate(state):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = state[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, state
