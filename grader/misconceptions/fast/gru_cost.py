"""Right but costly: the values of gru_fast with too many products, or by torch's own cell.

In ``params`` [0:3] is the update gate's group, [3:6] the reset gate's and [6:9] the candidate's.
"""

import functools

import torch

from grader.misconceptions import wrong

fast = functools.partial(wrong, "gru_fast")


@fast(
    en="The textbook's loop: seven matrix products a step.",
    zh="教科书式的循环：每个时间步七次矩阵乘法。",
    hint_en="Which of the products need the new H, and which could all be made before the loop?",
    hint_zh="哪些乘法要用到新的 H？哪些在循环之前就能全部算好？",
)
def textbook(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H = Z * H + (1 - Z) * torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


@fast(
    en="H is multiplied with each gate's weights by itself: three products a step.",
    zh="H 与每个门的权重分别相乘：每步三次乘法。",
    hint_en="H W_hz and H W_hr read the same H. How do two products with one left side become one?",
    hint_zh="H W_hz 与 H W_hr 读的是同一个 H。左边相同的两次乘法怎样合成一次？",
)
def product_per_gate(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat([W_xz, W_xr, W_xh], 1) + torch.cat([b_z, b_r, b_h])
    for A_t in A.split(len(H)):
        a_z, a_r, a_h = A_t.chunk(3, 1)
        Z, R = torch.sigmoid(a_z + H @ W_hz), torch.sigmoid(a_r + H @ W_hr)
        H = Z * H + (1 - Z) * torch.tanh(a_h + (R * H) @ W_hh)
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)


@fast(
    en="The output is computed inside the loop: a third product at every step.",
    zh="输出在循环里计算：每步多一次乘法。",
    hint_en="Does the next step need Y_t?",
    hint_zh="下一步用得到 Y_t 吗？",
)
def output_in_the_loop(inputs, state, params):
    params = list(params)
    (H,), outputs = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = Z * H + (1 - Z) * torch.tanh(candidate + (R * H) @ params[7])
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


@fast(
    en="A loop over the samples stands around the loop over the steps.",
    zh="在时间步的循环外面又套了一层对样本的循环。",
    hint_en="H has n rows. What does H @ W do with all of them?",
    hint_zh="H 有 n 行。H @ W 会算出哪些行？",
)
def sample_by_sample(inputs, state, params):
    params = list(params)
    X, (H,), samples = torch.stack(list(inputs)), state, []
    W = torch.cat([params[1], params[4]], 1)
    for i in range(len(H)):
        A = X[:, i] @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
        h, states = H[i : i + 1], []
        for a in A.split(1):
            Z, R = torch.sigmoid(a[:, : 2 * len(W)] + h @ W).chunk(2, 1)
            h = torch.lerp(torch.tanh(a[:, 2 * len(W) :] + (R * h) @ params[7]), h, Z)
            states.append(h)
        samples.append(torch.stack(states))
    states = torch.cat(samples, 1)
    return states @ params[9] + params[10], (states[-1],)


@fast(
    en="Matrix products are written as entries multiplied and summed, which holds n·h·h numbers.",
    zh="把矩阵乘法写成逐元素相乘再求和，中间结果有 n·h·h 个数。",
    hint_en="Which operation multiplies and sums without keeping the n·h·h products?",
    hint_zh="哪种运算边乘边加，不必存下 n·h·h 个乘积？",
)
def products_as_sums(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat([W_xz, W_xr, W_xh], 1) + torch.cat([b_z, b_r, b_h])
    for A_t in A.split(len(H)):
        a_z, a_r, a_h = A_t.chunk(3, 1)
        Z = torch.sigmoid(a_z + (H.unsqueeze(2) * W_hz).sum(1))
        R = torch.sigmoid(a_r + (H.unsqueeze(2) * W_hr).sum(1))
        H_tilde = torch.tanh(a_h + ((R * H).unsqueeze(2) * W_hh).sum(1))
        H = torch.lerp(H_tilde, H, Z)
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)


@fast(
    en="torch's own GRU cell does the work.",
    zh="用的是 torch 自带的 GRU 单元。",
    hint_en="The loop is to be yours: which products does a step really need?",
    hint_zh="循环要自己写：每一步真正需要哪些乘法？",
)
def by_torchs_cell(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    zero, no_h, b = torch.zeros_like(W_xz), torch.zeros_like(W_hh), torch.zeros_like(b_z)
    W_x = torch.cat([torch.cat([zero, W_xz, W_xh], 1), torch.cat([no_h, no_h, W_hh], 1)]).t()
    W_h, bias = torch.cat([no_h, W_hz, no_h], 1).t(), torch.cat([b, b_z, b_h])
    A = torch.cat(list(inputs)) @ W_xr + b_r
    for X, a_r in zip(inputs, A.split(len(H)), strict=True):
        R = torch.sigmoid(a_r + H @ W_hr)
        read = torch.cat([X, R * H], 1)
        H = torch.gru_cell(read, H, W_x, W_h, bias, torch.zeros_like(bias))
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)
