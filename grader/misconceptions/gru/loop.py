"""Mistakes in gru that only a GRU can have: its gates and its candidate are mixed up.

In ``params`` [0:3] is the update gate's group, [3:6] the reset gate's and [6:9] the candidate's.
"""

import functools

import torch

from grader.misconceptions import wrong
from solutions.gru import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "gru")


@loop(
    en="The parameters are taken as r, z, h, which is torch.nn.GRU's order; here z is first.",
    zh="参数按 r、z、h 的顺序拆开，那是 torch.nn.GRU 的顺序；这里 z 在前。",
    hint_en="Compare your unpacking with get_params: which gate comes first?",
    hint_zh="与 get_params 对照拆包的顺序：哪个门在前？",
)
def gates_exchanged(inputs, state, params):
    W_xr, W_hr, b_r, W_xz, W_hz, b_z, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


@loop(
    en="The candidate's parameters are taken before the reset gate's: z, h, r instead of z, r, h.",
    zh="候选状态的参数取在了重置门之前：顺序成了 z、h、r，应为 z、r、h。",
    hint_en="Compare your unpacking with get_params, group by group.",
    hint_zh="与 get_params 逐组对照拆包的顺序。",
)
def candidate_before_reset(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[6:9])
        H = next_state(Z, H, candidate_state(X, H, R, *params[3:6]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The reset gate is computed with the update gate's W_hz.",
    zh="计算重置门时用了更新门的 W_hz。",
    hint_en="A copied line keeps old names. Which parameter is never used?",
    hint_zh="复制过来的代码常留着旧名字。哪个参数一次也没用到？",
)
def update_weight_in_reset(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, params[3], params[1], params[5])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The reset gate is computed with the update gate's bias b_z.",
    zh="计算重置门时用了更新门的偏置 b_z。",
    hint_en="A copied line keeps old names. Which parameter is never used?",
    hint_zh="复制过来的代码常留着旧名字。哪个参数一次也没用到？",
)
def update_bias_in_reset(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, params[3], params[4], params[2])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The reset gate R is not used.",
    zh="没有用到重置门 R。",
    hint_en="Follow R from the line that makes it. Where does it go?",
    hint_zh="从算出 R 的那一行往下找，它用到了哪里？",
)
def reset_unused(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, torch.ones_like(R), *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The new state is the candidate alone: nothing of the old state is kept.",
    zh="新状态就是候选状态，旧状态一点也没有保留。",
    hint_en="Which equation joins the old state and the candidate?",
    hint_zh="哪个公式把旧状态与候选状态合在一起？",
)
def update_unused(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        R = reset_gate(X, H, *params[3:6])
        H = candidate_state(X, H, R, *params[6:9])
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate is used in the candidate, too: Z stands where R belongs.",
    zh="候选状态里也用了更新门：该用 R 的地方写成了 Z。",
    hint_en="Two gates, two places. Where does R act?",
    hint_zh="两个门各用在一处。R 用在哪里？",
)
def update_gate_twice(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z = update_gate(X, H, *params[0:3])
        H = next_state(Z, H, candidate_state(X, H, Z, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The reset gate is used in the mixture, too: R stands where Z belongs.",
    zh="混合时也用了重置门：该用 Z 的地方写成了 R。",
    hint_en="Two gates, two places. Where does Z act?",
    hint_zh="两个门各用在一处。Z 用在哪里？",
)
def reset_gate_twice(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        R = reset_gate(X, H, *params[3:6])
        H = next_state(R, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="Z and 1 - Z are the wrong way round: Z weighs the candidate, 1 - Z the old state.",
    zh="Z 与 1 - Z 写反了：Z 乘在了候选状态上，1 - Z 乘在了旧状态上。",
    hint_en="Say aloud what Z = 1 should do. What does it do in your line?",
    hint_zh="说说 Z = 1 时应当怎样，再看你的那一行会怎样。",
)
def arguments_exchanged(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, candidate_state(X, H, R, *params[6:9]), H)
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate is computed from the candidate instead of the old state.",
    zh="更新门是用候选状态算的，应当用旧状态。",
    hint_en="Both gates look at the same two things. Which?",
    hint_zh="两个门看的是同样的两样东西。是哪两样？",
)
def update_from_candidate(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H_tilde = candidate_state(X, H, reset_gate(X, H, *params[3:6]), *params[6:9])
        H = next_state(update_gate(X, H_tilde, *params[0:3]), H, H_tilde)
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The outputs are made from the candidate instead of the new state.",
    zh="输出是由候选状态算出的，应当用新状态。",
    hint_en="Y_t = H_t W_hq + b_q. Which of your names is H_t?",
    hint_zh="Y_t = H_t W_hq + b_q。你的代码里哪个是 H_t？",
)
def outputs_from_candidate(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H_tilde = candidate_state(X, H, R, *params[6:9])
        H = next_state(Z, H, H_tilde)
        outputs.append(H_tilde @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The last candidate is returned as the state.",
    zh="返回的状态是最后的候选状态。",
    hint_en="Cut a sequence in two: what must the second half start from?",
    hint_zh="把序列分成两段：后一段应当从什么开始？",
)
def candidate_returned(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H_tilde = candidate_state(X, H, R, *params[6:9])
        H = next_state(Z, H, H_tilde)
        outputs.append(H @ params[9] + params[10])
    return outputs, (H_tilde,)
