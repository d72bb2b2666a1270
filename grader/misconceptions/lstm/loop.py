"""Mistakes in lstm that only an LSTM can have: four groups of parameters and two states.

In ``params`` [0:3] is the input gate's group, [3:6] the forget gate's, [6:9] the output gate's and
[9:12] the candidate's.
"""

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
    en="The input and the forget gate are exchanged: F keeps the memory, I lets the candidate in.",
    zh="输入门与遗忘门用反了：F 保留旧记忆，I 放入候选记忆。",
    hint_en="Compare your unpacking with get_params, group by group.",
    hint_zh="与 get_params 逐组对照拆包的顺序。",
)
def input_and_forget_exchanged(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        F, I = forget_gate(X, H, *params[0:3]), input_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters of the forget and the output gate are exchanged: f comes before o.",
    zh="遗忘门与输出门的参数取反了：f 在前，o 在后。",
    hint_en="Compare your unpacking with get_params, group by group.",
    hint_zh="与 get_params 逐组对照拆包的顺序。",
)
def forget_and_output_exchanged(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, O = input_gate(X, H, *params[0:3]), output_gate(X, H, *params[3:6])
        F = forget_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters are taken as i, f, c, o, which is torch.nn.LSTM's order; here o is third.",
    zh="参数按 i、f、c、o 的顺序取，那是 torch.nn.LSTM 的顺序；这里 o 在第三位。",
    hint_en="Compare your unpacking with get_params: which group comes third?",
    hint_zh="与 get_params 对照拆包的顺序：第三组是谁的参数？",
)
def candidate_before_output(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[9:12])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[6:9]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The forget gate is computed with the input gate's bias b_i.",
    zh="计算遗忘门时用了输入门的偏置 b_i。",
    hint_en="A copied line keeps old names. Which parameter is never used?",
    hint_zh="复制过来的代码常留着旧名字。哪个参数一次也没用到？",
)
def input_bias_in_forget(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:5], params[2])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The state is unpacked as (C, H); it is (H, C).",
    zh="把状态拆成了 (C, H)，应当是 (H, C)。",
    hint_en="With a zero state both orders look alike. What does init_lstm_state return?",
    hint_zh="初始状态为零时看不出区别。init_lstm_state 返回的顺序是什么？",
)
def state_unpacked_crosswise(inputs, state, params):
    (C, H), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The state is returned as (C, H); it is (H, C).",
    zh="返回的状态是 (C, H)，应当是 (H, C)。",
    hint_en="Feed the returned state in again: which matrix becomes H?",
    hint_zh="把返回的状态再传进来：哪个矩阵会成为 H？",
)
def state_returned_crosswise(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (C, H)


@loop(
    en="(H, H) is returned: the memory C is lost.",
    zh="返回了 (H, H)，记忆 C 丢了。",
    hint_en="Cut a sequence in two: what must the second half be given?",
    hint_zh="把序列分成两段：要把什么交给后一段？",
)
def hidden_state_twice(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, H)


@loop(
    en="Only H is returned, as from a GRU: the memory C is missing.",
    zh="只返回了 H，像 GRU 那样，缺少记忆 C。",
    hint_en="How many matrices came in with the state?",
    hint_zh="传进来的状态里有几个矩阵？",
)
def memory_not_returned(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H,)


@loop(
    en="The outputs are made from the memory C instead of the state H.",
    zh="输出是由记忆 C 算出的，应当用状态 H。",
    hint_en="Y_t = H_t W_hq + b_q. What is the output gate for, if C is shown as it is?",
    hint_zh="Y_t = H_t W_hq + b_q。如果直接输出 C，还要输出门做什么？",
)
def outputs_from_memory(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(C @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The new state is made from the old memory: C is updated one line too late.",
    zh="新状态用的是旧记忆：C 更新晚了一行。",
    hint_en="Which has to be there first, the new memory or the new state?",
    hint_zh="新记忆和新状态，哪个要先算出来？",
)
def state_from_old_memory(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C_tilde = candidate_memory(X, H, *params[9:12])
        H = next_state(O, C)
        C = next_memory(F, C, I, C_tilde)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="Every step starts from the first memory: C is not carried on.",
    zh="每一步都从最初的记忆出发，C 没有传到下一步。",
    hint_en="H is carried on. Is C, too?",
    hint_zh="H 传到了下一步，C 呢？",
)
def memory_not_carried(inputs, state, params):
    H, outputs = state[0], []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, state[1], I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The old memory is detached, so no gradient goes back to the steps before.",
    zh="对旧记忆做了 detach，梯度传不回之前的时间步。",
    hint_en="The numbers are right. Along which path do an LSTM's gradients reach far back?",
    hint_zh="数值是对的。LSTM 的梯度靠哪条路传到很远的过去？",
)
def memory_detached(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C.detach(), I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The candidate is computed from the memory C instead of the state H.",
    zh="候选记忆是用记忆 C 算的，应当用状态 H。",
    hint_en="What do the gates and the candidate look at: H or C?",
    hint_zh="各个门和候选记忆看的是 H 还是 C？",
)
def candidate_from_memory(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, C, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The forget gate is used for both parts.",
    zh="两部分都用了遗忘门。",
    hint_en="Which of the three gates is computed and then never used?",
    hint_zh="三个门中，哪个算出来以后一次也没用到？",
)
def forget_gate_twice(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        F, O = forget_gate(X, H, *params[3:6]), output_gate(X, H, *params[6:9])
        C = next_memory(F, C, F, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="One is added to the forget gate's bias; that is for the initialisation to do, if at all.",
    zh="给遗忘门的偏置加了 1；即使要加，也应在初始化时做。",
    hint_en="With all parameters zero, which part of the memory should be left after a step?",
    hint_zh="参数全为零时，走一步之后记忆应当剩下多少？",
)
def forget_bias_raised(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, O = input_gate(X, H, *params[0:3]), output_gate(X, H, *params[6:9])
        F = forget_gate(X, H, params[3], params[4], params[5] + 1)
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The output gate O is not used.",
    zh="没有用到输出门 O。",
    hint_en="Which of the fourteen parameters are never used?",
    hint_zh="十四个参数中，哪些一次也没用到？",
)
def output_gate_unused(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = torch.tanh(C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)
