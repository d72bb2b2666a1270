"""Mistakes in deep_gru: the GRU in each layer is another one."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.deep import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "deep_gru")


@loop(
    en="In the upper layers the parameters are taken as r, z, h; everywhere z comes first.",
    zh="上面各层的参数按 r、z、h 的顺序取，每一层都应当 z 在前。",
    hint_en="With one layer it is right. Compare the two places where you unpack parameters.",
    hint_zh="只有一层时是对的。比较一下你拆开参数的两处代码。",
)
def gates_exchanged_above(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            p = [*p[3:6], *p[:3], *p[6:]] if l else p
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The parameters are taken as r, z, h, which is torch.nn.GRU's order; here z is first.",
    zh="参数按 r、z、h 的顺序取，那是 torch.nn.GRU 的顺序；这里 z 在前。",
    hint_en="Compare your unpacking with get_params: which gate comes first?",
    hint_zh="与 get_params 对照拆包的顺序：哪个门在前？",
)
def gates_exchanged(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            R, Z = reset_gate(X, H, *p[:3]), update_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The reset gate acts after the product with W_hh, as in torch.nn.GRU.",
    zh="重置门用在了与 W_hh 相乘之后，那是 torch.nn.GRU 的做法。",
    hint_en="Look at the brackets in exercise 4: what does R multiply there?",
    hint_zh="看看练习 4 公式里的括号：R 乘的是什么？",
)
def reset_after_product(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, torch.tanh(X @ p[6] + R * (H @ p[7]) + p[8]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Z and 1 − Z are exchanged: Z should keep the old state.",
    zh="Z 与 1 − Z 用反了：Z 应当乘旧状态。",
    hint_en="Say aloud what Z = 1 does to the old state.",
    hint_zh="想一想：Z = 1 时，旧状态应当怎样？",
)
def update_flipped(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(1 - Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The upper layers are plain RNNs: their gates are not used.",
    zh="上面各层成了普通的 RNN，没有用到它们的门。",
    hint_en="Which parameters of the second layer are never used?",
    hint_zh="第二层的哪些参数一次也没用到？",
)
def plain_rnn_above(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            new = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            X = states[l] = torch.tanh(X @ p[6] + H @ p[7] + p[8]) if l else new
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="H is overwritten with the candidate before the old state is mixed in.",
    zh="旧状态还没参与混合，H 就被候选状态覆盖了。",
    hint_en="When next_state is called, which state does the name H stand for?",
    hint_zh="调用 next_state 时，H 这个名字指的是哪个状态？",
)
def overwritten_too_early(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            H = candidate_state(X, H, R, *p[6:])
            X = states[l] = next_state(Z, H, H)
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The mixture of an upper layer keeps a share of its input, not of its own old state.",
    zh="上面各层混合时留下的是下一层传来的状态，应当是本层的旧状态。",
    hint_en="Two matrices (n, h) meet in the second layer. Which of them does Z keep?",
    hint_zh="第二层里有两个 (n, h) 的矩阵。Z 要保留的是哪一个？",
)
def input_kept_above(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            old = X if l else H
            X = states[l] = next_state(Z, old, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)
