"""Right but costly: the values of lstm_fast with too many products, or by torch's own LSTM.

In ``params`` the groups are the input, forget and output gate's and the candidate's, three each.
"""

import functools

import torch
from torch import nn
from torch.nn import functional as F

from grader.misconceptions import wrong

fast = functools.partial(wrong, "lstm_fast")


@fast(
    en="The textbook's loop: nine matrix products a step.",
    zh="教科书式的循环：每个时间步九次矩阵乘法。",
    hint_en="Which of the products need the new H, and which could all be made before the loop?",
    hint_zh="哪些乘法要用到新的 H？哪些在循环之前就能全部算好？",
)
def textbook(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    (H, C), outputs = state, []
    for X in inputs:
        gates = [(W_xi, W_hi, b_i), (W_xf, W_hf, b_f), (W_xo, W_ho, b_o)]
        I, F, O = (torch.sigmoid(X @ W_x + H @ W_h + b) for W_x, W_h, b in gates)
        C = F * C + I * torch.tanh(X @ W_xc + H @ W_hc + b_c)
        H = O * torch.tanh(C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)


@fast(
    en="H is multiplied with each gate's weights by itself: four products a step.",
    zh="H 与每个门的权重分别相乘：每步四次乘法。",
    hint_en="All four gates read the same H. How do products with one left side become one?",
    hint_zh="四个门读的是同一个 H。左边相同的几次乘法怎样合成一次？",
)
def product_per_gate(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    for A_t in A.split(len(H)):
        i, f, o, c = (a + H @ W for a, W in zip(A_t.chunk(4, 1), params[1:12:3], strict=True))
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The inputs are multiplied inside the loop, a step at a time.",
    zh="输入在循环里一步一步地相乘。",
    hint_en="All inputs are known before the loop begins.",
    hint_zh="循环开始之前，所有输入就都知道了。",
)
def inputs_in_the_loop(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    W_x, W_h = torch.cat(params[0:12:3], 1), torch.cat(params[1:12:3], 1)
    b = torch.cat(params[2:12:3])
    for X in inputs:
        i, f, o, c = (X @ W_x + H @ W_h + b).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The output is computed inside the loop: a second product at every step.",
    zh="输出在循环里计算：每步多一次乘法。",
    hint_en="Does the next step need Y_t?",
    hint_zh="下一步用得到 Y_t 吗？",
)
def output_in_the_loop(inputs, state, params):
    params = list(params)
    (H, C), outputs = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


@fast(
    en="A loop over the samples stands around the loop over the steps.",
    zh="在时间步的循环外面又套了一层对样本的循环。",
    hint_en="H has n rows. What does H @ W do with all of them?",
    hint_zh="H 有 n 行。H @ W 会算出哪些行？",
)
def sample_by_sample(inputs, state, params):
    params = list(params)
    X, (H, C), samples, memories = torch.stack(list(inputs)), state, [], []
    W = torch.cat(params[1:12:3], 1)
    for s in range(len(H)):
        A = X[:, s] @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
        h, m, states = H[s : s + 1], C[s : s + 1], []
        for a in A.split(1):
            i, f, o, c = (a + h @ W).chunk(4, 1)
            m = torch.sigmoid(f) * m + torch.sigmoid(i) * torch.tanh(c)
            h = torch.sigmoid(o) * torch.tanh(m)
            states.append(h)
        samples.append(torch.stack(states))
        memories.append(m)
    states = torch.cat(samples, 1)
    return states @ params[12] + params[13], (states[-1], torch.cat(memories))


@fast(
    en="torch.lstm does the work.",
    zh="用的是 torch.lstm。",
    hint_en="The loop is to be yours: which product does a step really need?",
    hint_zh="循环要自己写：每一步真正需要哪次乘法？",
)
def by_torchs_function(inputs, state, params):
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    weights = [W_x.t(), W_h.t(), b, torch.zeros_like(b)]
    first = tuple(S.unsqueeze(0) for S in state)
    X = torch.stack(list(inputs))
    states, H, C = torch.lstm(X, first, weights, True, 1, 0.0, False, False, False)
    return states @ params[12] + params[13], (H[0], C[0])


@fast(
    en="torch.nn.LSTM does the work.",
    zh="用的是 torch.nn.LSTM。",
    hint_en="The loop is to be yours: which product does a step really need?",
    hint_zh="循环要自己写：每一步真正需要哪次乘法？",
)
def by_torchs_layer(inputs, state, params):
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    layer = nn.LSTM(len(params[0]), len(params[1]), device=b.device, dtype=b.dtype)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights = dict(zip(names, (W_x.t(), W_h.t(), b, torch.zeros_like(b)), strict=True))
    first = tuple(S.unsqueeze(0) for S in state)
    called = (torch.stack(list(inputs)), first)
    states, (H, C) = torch.func.functional_call(layer, weights, called)
    return F.linear(states, params[12].t(), params[13]), (H[0], C[0])


@fast(
    en="torch.lstm_cell does the work.",
    zh="用的是 torch.lstm_cell。",
    hint_en="The loop is to be yours: which product does a step really need?",
    hint_zh="循环要自己写：每一步真正需要哪次乘法？",
)
def by_torchs_cell(inputs, state, params):
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    (H, C), states = state, []
    for X in inputs:
        H, C = torch.lstm_cell(X, (H, C), W_x.t(), W_h.t(), b, torch.zeros_like(b))
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)
