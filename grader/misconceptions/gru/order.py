"""Mistakes in gru's parameters: taken in another order, or one gate's used for the other.

In ``params`` [0:3] is the update gate's group, [3:6] the reset gate's and [6:9] the candidate's.
"""

import functools

from grader.misconceptions import wrong
from solutions.gru import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "gru")
COPIED = {
    "hint_en": "A copied line keeps old names. Which parameter is never used?",
    "hint_zh": "复制过来的代码常留着旧名字。哪个参数一次也没用到？",
}
COMPARE = {
    "hint_en": "Compare your unpacking with get_params, group by group.",
    "hint_zh": "与 get_params 逐组对照拆包的顺序。",
}


@loop(
    en="The candidate's parameters are taken first: h, z, r instead of z, r, h.",
    zh="候选状态的参数取在了最前面：顺序成了 h、z、r，应为 z、r、h。",
    **COMPARE,
)
def candidate_first(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[3:6]), reset_gate(X, H, *params[6:9])
        H = next_state(Z, H, candidate_state(X, H, R, *params[0:3]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The parameters are taken as r, h, z; they come as z, r, h.",
    zh="参数按 r、h、z 的顺序拆开了，应为 z、r、h。",
    **COMPARE,
)
def update_last(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        R, Z = reset_gate(X, H, *params[0:3]), update_gate(X, H, *params[6:9])
        H = next_state(Z, H, candidate_state(X, H, R, *params[3:6]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The parameters are taken as h, r, z; they come as z, r, h.",
    zh="参数按 h、r、z 的顺序拆开了，应为 z、r、h。",
    **COMPARE,
)
def order_reversed(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        R, Z = reset_gate(X, H, *params[3:6]), update_gate(X, H, *params[6:9])
        H = next_state(Z, H, candidate_state(X, H, R, *params[0:3]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="In each group W_h is taken before W_x: the order is W_x, W_h, b.",
    zh="每一组里 W_h 取在了 W_x 前面：顺序应为 W_x、W_h、b。",
    **COMPARE,
)
def state_weights_first(inputs, state, params):
    (H,), outputs = state, []
    W_hz, W_xz, b_z, W_hr, W_xr, b_r, W_hh, W_xh, b_h, W_hq, b_q = params
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H = next_state(Z, H, candidate_state(X, H, R, W_xh, W_hh, b_h))
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


@loop(
    en="The reset gate is computed with the update gate's W_xz.",
    zh="计算重置门时用了更新门的 W_xz。",
    **COPIED,
)
def update_input_weight_in_reset(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, params[0], *params[4:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate is computed with the reset gate's W_xr.",
    zh="计算更新门时用了重置门的 W_xr。",
    **COPIED,
)
def reset_input_weight_in_update(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, params[3], *params[1:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate is computed with the reset gate's W_hr.",
    zh="计算更新门时用了重置门的 W_hr。",
    **COPIED,
)
def reset_weight_in_update(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, params[0], params[4], params[2]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate is computed with the reset gate's bias b_r.",
    zh="计算更新门时用了重置门的偏置 b_r。",
    **COPIED,
)
def reset_bias_in_update(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:2], params[5]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The candidate is computed with a gate's weight W_hr instead of W_hh.",
    zh="计算候选状态时用了重置门的 W_hr，应当用 W_hh。",
    **COPIED,
)
def reset_weight_in_candidate(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, H, candidate_state(X, H, R, params[6], params[4], params[8]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The update gate looks at the reset state R ⊙ H instead of H.",
    zh="更新门看的是 R ⊙ H，应当看 H。",
    hint_en="Which equation has R ⊙ H in it, and which have H alone?",
    hint_zh="哪个公式里有 R ⊙ H？哪些公式里只有 H？",
)
def update_from_reset_state(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        R = reset_gate(X, H, *params[3:6])
        Z = update_gate(X, R * H, *params[0:3])
        H = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@loop(
    en="The reset state R ⊙ H is mixed in instead of the old state H.",
    zh="混合时用的是 R ⊙ H，应当用旧状态 H。",
    hint_en="Which state does Z keep? Has it been overwritten before?",
    hint_zh="Z 保留的是哪个状态？它之前被覆盖过吗？",
)
def reset_state_mixed_in(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
        H = next_state(Z, R * H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)
