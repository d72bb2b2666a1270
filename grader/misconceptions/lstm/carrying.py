"""Mistakes in what lstm carries from step to step and returns: of two states one gets lost."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.lstm import (
    candidate_memory,
    forget_gate,
    input_gate,
    next_memory,
    next_state,
    output_gate,
)

loop = functools.partial(wrong, "lstm")


@loop(
    en="Every step starts from the first H: only the memory C is carried on.",
    zh="每一步用的都是最初的 H，只有记忆 C 传了下去。",
    hint_en="C is carried on. Is H, too?",
    hint_zh="C 传下去了，H 呢？",
)
def hidden_not_carried(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H_new = next_state(O, C)
        outputs.append(H_new @ params[12] + params[13])
    return outputs, (H_new, C)


@loop(
    en="The memory C starts from zeros again at every step.",
    zh="记忆 C 在每一步都重新从零开始。",
    hint_en="What is the forget gate for, if there is nothing to remember?",
    hint_zh="如果没有什么可记住的，遗忘门还有什么用？",
)
def memory_zero_at_each_step(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = torch.zeros_like(C)
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The memory starts from zeros: the C that comes in is ignored.",
    zh="记忆从零开始，没有用传进来的 C。",
    hint_en="Call it with two different memories. Do the outputs differ?",
    hint_zh="用两个不同的 C 各调用一次，输出有区别吗？",
)
def memory_starts_from_zeros(inputs, state, params):
    (H, C), outputs = state, []
    C = torch.zeros_like(C)
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The memory starts as a copy of H: the C that comes in is ignored.",
    zh="记忆一开始取成了 H，没有用传进来的 C。",
    hint_en="How many matrices does the state hold, and which is which?",
    hint_zh="状态里有几个矩阵？各是哪一个？",
)
def memory_starts_from_state(inputs, state, params):
    (H, C), outputs = state, []
    C = H
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="Outputs, H and C come back side by side; the state belongs in one tuple (H, C).",
    zh="输出、H、C 三者并排返回了；状态应放进一个元组 (H, C)。",
    hint_en="How many values does `outputs, state = ...` take?",
    hint_zh="`outputs, state = ...` 能接收几个值？",
    also={
        "_joined": {"return outputs": "return torch.cat(outputs, dim=0)"},
        "_stacked": {"return outputs": "return torch.stack(outputs)"},
    },
)
def three_results(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, H, C


@loop(
    en="The memory is returned as the state's first matrix, too: (C, C).",
    zh="返回的状态成了 (C, C)，H 不见了。",
    hint_en="What must the next call start from? It is H first, then C.",
    hint_zh="下一次调用应当从什么开始？先是 H，后是 C。",
)
def memory_twice(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (C, C)
