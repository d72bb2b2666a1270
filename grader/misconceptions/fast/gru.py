"""Mistakes in gru_fast: which columns are whose, and what waits for the reset gate.

In ``params`` [0:3] is the update gate's group, [3:6] the reset gate's and [6:9] the candidate's.
"""

import functools

import torch
from torch.nn import functional as F

from grader.misconceptions import wrong

fast = functools.partial(wrong, "gru_fast")


@fast(
    en="W_hh stands beside W_hz and W_hr, so R acts after the product, as in torch.nn.GRU.",
    zh="W_hh 与 W_hz、W_hr 拼在一起，R 就作用在乘积之后了，那是 torch.nn.GRU 的做法。",
    hint_en="What does W_hh multiply in the equation, and is it known before R is?",
    hint_zh="公式里与 W_hh 相乘的是什么？算出 R 之前知道它吗？",
)
def reset_after_product(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat(params[1:9:3], 1)
    for A_t in A.split(len(H)):
        (a_z, a_r, a_h), (u_z, u_r, u_h) = A_t.chunk(3, 1), (H @ W).chunk(3, 1)
        Z, R = torch.sigmoid(a_z + u_z), torch.sigmoid(a_r + u_r)
        H = torch.lerp(torch.tanh(a_h + R * u_h), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The candidate's product is joined with the gates': the reset gate has no say.",
    zh="候选状态的乘积与两个门的合在了一起，重置门没有起作用。",
    hint_en="Follow R from the line that makes it. Where does it go?",
    hint_zh="从算出 R 的那一行往下找，它用到了哪里？",
)
def reset_lost_in_one_product(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat(params[1:9:3], 1)
    for A_t in A.split(len(H)):
        Z, _, candidate = (A_t + H @ W).chunk(3, 1)
        H = torch.lerp(torch.tanh(candidate), H, torch.sigmoid(Z))
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The pieces are called R, Z, but were joined as z, r: the gates are exchanged.",
    zh="拼的时候是 z、r，切开后却当成了 R、Z，两个门弄反了。",
    hint_en="In which order were the weights joined? The pieces come in the same one.",
    hint_zh="权重是按什么顺序拼的？切出来的块也是这个顺序。",
)
def pieces_exchanged(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        R, Z = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The state's weights are joined as r, z, those of the inputs as z, r.",
    zh="状态的权重按 r、z 拼，输入的权重却按 z、r 拼。",
    hint_en="Both products are added column by column. Which columns meet?",
    hint_zh="两个乘积逐列相加。相加的是哪几列？",
)
def state_weights_in_another_order(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[4], params[1]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The biases are joined as r, z, h, the weights as z, r, h.",
    zh="偏置按 r、z、h 拼，权重却按 z、r、h 拼。",
    hint_en="Set all weights to zero: which gate does b_z move?",
    hint_zh="把权重全设为零：b_z 影响的是哪个门？",
)
def biases_in_another_order(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    bias = torch.cat([params[5], params[2], params[8]])
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + bias
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The candidate's bias is added twice: before the loop, and again in every step.",
    zh="候选状态的偏置加了两次：循环前一次，每一步里又一次。",
    hint_en="Set all weights to zero and b_h to 1. What is the candidate?",
    hint_zh="权重全设为零，b_h 设为 1，候选状态是多少？",
)
def candidate_bias_twice(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        candidate = torch.tanh(torch.addmm(params[8], R * H, params[7]) + candidate)
        H = torch.lerp(candidate, H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The gates' biases are added twice: before the loop, and again in every step.",
    zh="两个门的偏置加了两次：循环前一次，每一步里又一次。",
    hint_en="Set all weights to zero and b_z to 1. What is the gate?",
    hint_zh="权重全设为零，b_z 设为 1，更新门是多少？",
)
def gate_biases_twice(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W, b = torch.cat([params[1], params[4]], 1), torch.cat([params[2], params[5]])
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + torch.addmm(b, H, W)).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="torch.lerp's ends are exchanged: Z = 1 takes the candidate instead of keeping the state.",
    zh="torch.lerp 的两端写反了：Z = 1 时取了候选状态，没有保留旧状态。",
    hint_en="torch.lerp(a, b, 1) is b. Which of the two should Z = 1 give?",
    hint_zh="torch.lerp(a, b, 1) 等于 b。Z = 1 时应当得到哪一个？",
)
def lerp_the_wrong_way(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(H, torch.tanh(candidate + (R * H) @ params[7]), Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="One σ is taken of all three pieces: the candidate is no tanh.",
    zh="三块一起做了 σ，候选状态没有用 tanh。",
    hint_en="A candidate may be negative. Can yours?",
    hint_zh="候选状态可以是负数。你的可以吗？",
)
def sigmoid_of_the_candidate(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.sigmoid(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="W_hz and W_hr are joined along the rows and reshaped: their columns are mixed up.",
    zh="W_hz 和 W_hr 是沿行拼起来再变形的，列全乱了。",
    hint_en="[W_hz, W_hr] has h rows. What is its first row?",
    hint_zh="[W_hz, W_hr] 有 h 行。它的第一行是什么？",
)
def joined_then_reshaped(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]]).reshape(H.shape[1], -1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="The pieces are cut as every second column, not as the left and the right half.",
    zh="切块时隔一列取一列，应当切成左右两半。",
    hint_en="Which columns of [W_hz, W_hr] belong to z: 0, 2, 4, … or 0 to h − 1?",
    hint_zh="[W_hz, W_hr] 里哪些列属于 z：第 0、2、4……列，还是第 0 到 h − 1 列？",
)
def pieces_interleaved(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).reshape(*H.shape, 2).unbind(2)
        H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)


@fast(
    en="F.linear gets W_hh as it is, but multiplies by the transpose.",
    zh="把 W_hh 直接交给了 F.linear，而它乘的是转置。",
    hint_en="A square matrix fits either way. What is F.linear(x, W)?",
    hint_zh="方阵转不转置形状都对。F.linear(x, W) 算的是什么？",
)
def linear_without_transpose(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = torch.lerp(torch.tanh(candidate + F.linear(R * H, params[7])), H, Z)
        states.append(H)
    return torch.cat(states) @ params[9] + params[10], (H,)
