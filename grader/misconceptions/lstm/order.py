"""Mistakes in lstm's parameters and in what is carried, as whole loops have them.

In ``params`` [0:3] is the input gate's group, [3:6] the forget gate's, [6:9] the output gate's and
[9:12] the candidate's.
"""

import functools

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
COPIED = {
    "hint_en": "A copied line keeps old names. Which parameter is never used?",
    "hint_zh": "复制过来的代码常留着旧名字。哪个参数一次也没用到？",
}
COMPARE = {
    "hint_en": "Compare your unpacking with get_params, group by group.",
    "hint_zh": "与 get_params 逐组对照拆包的顺序。",
}


@loop(
    en="The parameters are taken as c, i, f, o; here the candidate's come last: i, f, o, c.",
    zh="参数按 c、i、f、o 的顺序取了；这里候选记忆的参数在最后：i、f、o、c。",
    **COMPARE,
)
def candidate_first(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[3:6]), forget_gate(X, H, *params[6:9])
        O = output_gate(X, H, *params[9:12])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[0:3]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters of the input and the output gate are exchanged: i comes first, o third.",
    zh="输入门与输出门的参数取反了：i 在第一位，o 在第三位。",
    **COMPARE,
)
def input_and_output_exchanged(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[6:9]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[0:3])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters are taken as f, i, c, o; they come as i, f, o, c.",
    zh="参数按 f、i、c、o 的顺序取了，应为 i、f、o、c。",
    **COMPARE,
)
def forget_first_candidate_third(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[3:6]), forget_gate(X, H, *params[0:3])
        O = output_gate(X, H, *params[9:12])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[6:9]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters are taken as f, o, i, c; they come as i, f, o, c.",
    zh="参数按 f、o、i、c 的顺序取了，应为 i、f、o、c。",
    **COMPARE,
)
def output_second(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[6:9]), forget_gate(X, H, *params[0:3])
        O = output_gate(X, H, *params[3:6])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters are taken as o, i, f, c; they come as i, f, o, c.",
    zh="参数按 o、i、f、c 的顺序取了，应为 i、f、o、c。",
    **COMPARE,
)
def output_first(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[3:6]), forget_gate(X, H, *params[6:9])
        O = output_gate(X, H, *params[0:3])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The parameters are taken as i, c, f, o; they come as i, f, o, c.",
    zh="参数按 i、c、f、o 的顺序取了，应为 i、f、o、c。",
    **COMPARE,
)
def candidate_second(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[6:9])
        O = output_gate(X, H, *params[9:12])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[3:6]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="In each group W_h is taken before W_x: the order is W_x, W_h, b.",
    zh="每一组里 W_h 取在了 W_x 前面：顺序应为 W_x、W_h、b。",
    **COMPARE,
)
def state_weights_first(inputs, state, params):
    (H, C), outputs = state, []
    p = params
    for X in inputs:
        I, F = input_gate(X, H, p[1], p[0], p[2]), forget_gate(X, H, p[4], p[3], p[5])
        O = output_gate(X, H, p[7], p[6], p[8])
        C = next_memory(F, C, I, candidate_memory(X, H, p[10], p[9], p[11]))
        H = next_state(O, C)
        outputs.append(H @ p[12] + p[13])
    return outputs, (H, C)


@loop(
    en="The forget gate is computed with the input gate's W_hi.",
    zh="计算遗忘门时用了输入门的 W_hi。",
    **COPIED,
)
def input_weight_in_forget(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, params[3], params[1], params[5])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The forget gate is computed with the input gate's W_xi.",
    zh="计算遗忘门时用了输入门的 W_xi。",
    **COPIED,
)
def input_gates_input_weight_in_forget(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, params[0], *params[4:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The output gate is computed with the forget gate's W_hf.",
    zh="计算输出门时用了遗忘门的 W_hf。",
    **COPIED,
)
def forget_weight_in_output(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, params[6], params[4], params[8])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The output gate is computed with the forget gate's bias b_f.",
    zh="计算输出门时用了遗忘门的偏置 b_f。",
    **COPIED,
)
def forget_bias_in_output(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:8], params[5])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The output gate is computed with the input gate's W_hi.",
    zh="计算输出门时用了输入门的 W_hi。",
    **COPIED,
)
def input_weight_in_output(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, params[6], params[1], params[8])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@loop(
    en="The candidate is computed with the output gate's bias b_o.",
    zh="计算候选记忆时用了输出门的偏置 b_o。",
    **COPIED,
)
def output_bias_in_candidate(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
        O = output_gate(X, H, *params[6:9])
        C = next_memory(F, C, I, candidate_memory(X, H, *params[9:11], params[8]))
        H = next_state(O, C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)
