"""Mistakes in lstm_fast: the order of the four pieces, and which memory is shown.

In ``params`` [0:3] is the input gate's group, then come forget, output and candidate.
"""

import functools

import torch
from torch.nn import functional as F

from grader.misconceptions import wrong

fast = functools.partial(wrong, "lstm_fast")


@fast(
    en="The pieces are taken as i, f, c, o, which is torch.nn.LSTM's order; they are i, f, o, c.",
    zh="切出来的块当成了 i、f、c、o，那是 torch.nn.LSTM 的顺序；这里是 i、f、o、c。",
    hint_en="In which order were the weights joined? The pieces come in the same one.",
    hint_zh="权重是按什么顺序拼的？切出来的块也是这个顺序。",
)
def pieces_in_torchs_order(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, c, o = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The pieces are taken as f, i, o, c: forget and input gate are exchanged.",
    zh="切出来的块当成了 f、i、o、c，遗忘门与输入门弄反了。",
    hint_en="Open the input gate with b_i = 60. Which of your pieces is 1 then?",
    hint_zh="取 b_i = 60 打开输入门，这时你的哪一块等于 1？",
)
def forget_and_input_exchanged(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        f, i, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The state's weights are joined as i, f, c, o, those of the inputs as i, f, o, c.",
    zh="状态的权重按 i、f、c、o 拼，输入的权重却按 i、f、o、c 拼。",
    hint_en="Both products are added column by column. Which columns meet?",
    hint_zh="两个乘积逐列相加。相加的是哪几列？",
)
def state_weights_in_another_order(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat([params[1], params[4], params[10], params[7]], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The biases are joined as i, f, c, o, the weights as i, f, o, c.",
    zh="偏置按 i、f、c、o 拼，权重却按 i、f、o、c 拼。",
    hint_en="Set all weights to zero: which piece does b_o move?",
    hint_zh="把权重全设为零：b_o 影响的是哪一块？",
)
def biases_in_another_order(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    b = torch.cat([params[2], params[5], params[11], params[8]])
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + b
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The biases are added twice: before the loop, and again in every step.",
    zh="偏置加了两次：循环前一次，每一步里又一次。",
    hint_en="torch.nn.LSTM has two biases. How many are there here?",
    hint_zh="torch.nn.LSTM 有两组偏置。这里有几组？",
)
def biases_twice(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    W, b = torch.cat(params[1:12:3], 1), torch.cat(params[2:12:3])
    A = torch.addmm(b, torch.cat(list(inputs)), torch.cat(params[0:12:3], 1))
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + torch.addmm(b, H, W)).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="One σ is taken of all four pieces: the candidate is no tanh.",
    zh="四块一起做了 σ，候选记忆没有用 tanh。",
    hint_en="A candidate may be negative. Can yours?",
    hint_zh="候选记忆可以是负数。你的可以吗？",
)
def sigmoid_of_all_four(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = torch.sigmoid(A_t + H @ W).chunk(4, 1)
        C = f * C + i * c
        H = o * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="tanh is made from the common σ as 2 σ(x) − 1; that is tanh(x / 2).",
    zh="用同一个 σ 算 tanh，写成了 2σ(x) − 1，其实那是 tanh(x / 2)。",
    hint_en="Compare the slopes at zero: tanh has 1, σ has 1/4. What is missing inside?",
    hint_zh="比较零点处的斜率：tanh 是 1，σ 是 1/4。括号里还差什么？",
)
def tanh_of_half(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = torch.sigmoid(A_t + H @ W).chunk(4, 1)
        C = f * C + i * (2 * c - 1)
        H = o * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="Both tanh are taken at once, so the state shows the old memory.",
    zh="两个 tanh 合成一次算，状态用的就成了旧的记忆。",
    hint_en="Is the new C there when you take its tanh?",
    hint_zh="求 tanh 的时候，新的 C 算出来了吗？",
)
def both_tanhs_at_once(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        candidate, shown = torch.tanh(torch.stack([c, C])).unbind(0)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * candidate
        H = torch.sigmoid(o) * shown
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="addcmul adds to C itself: the forget gate is lost.",
    zh="addcmul 直接加在了 C 上，遗忘门没有起作用。",
    hint_en="torch.addcmul(a, b, c) is a + b ⊙ c. What is a in your call?",
    hint_zh="torch.addcmul(a, b, c) 等于 a + b ⊙ c。你传的 a 是什么？",
)
def forget_gate_lost_in_addcmul(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, _, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.addcmul(C, torch.sigmoid(i), torch.tanh(c))
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The memory is updated in place, in the caller's tensor, past autograd.",
    zh="记忆是在调用者的张量里原地更新的，还绕过了自动求导。",
    hint_en="Print the C that you passed in, before and after the call.",
    hint_zh="在调用前后各打印一次传进来的 C。",
)
def memory_in_place(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    C = C.detach()
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        with torch.no_grad():
            C.mul_(torch.sigmoid(f)).add_(torch.sigmoid(i) * torch.tanh(c))
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C.clone())


@fast(
    en="The four W_h are joined along the rows and reshaped: their columns are mixed up.",
    zh="四个 W_h 是沿行拼起来再变形的，列全乱了。",
    hint_en="[W_hi, W_hf, W_ho, W_hc] has h rows. What is its first row?",
    hint_zh="[W_hi, W_hf, W_ho, W_hc] 有 h 行。它的第一行是什么？",
)
def joined_then_reshaped(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3]).reshape(H.shape[1], -1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The pieces are cut as every fourth column, not as four blocks.",
    zh="切块时每隔四列取一列，应当切成四个整块。",
    hint_en="Which columns belong to the input gate: 0, 4, 8, … or 0 to h − 1?",
    hint_zh="哪些列属于输入门：第 0、4、8……列，还是第 0 到 h − 1 列？",
)
def pieces_interleaved(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).reshape(*H.shape, 4).unbind(2)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The W_h are joined as rows for F.linear, but not transposed before.",
    zh="为了用 F.linear 把各个 W_h 沿行拼了起来，却没有先转置。",
    hint_en="A square matrix fits either way. What is F.linear(x, W)?",
    hint_zh="方阵转不转置形状都对。F.linear(x, W) 算的是什么？",
)
def linear_without_transpose(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3])
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + F.linear(H, W)).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The memory is detached between the steps, so its gradient goes no further back.",
    zh="在步与步之间对记忆做了 detach，沿记忆的梯度传不回去。",
    hint_en="The values are right. Along which path do an LSTM's gradients reach far back?",
    hint_zh="数值是对的。LSTM 的梯度靠哪条路传到很远的过去？",
)
def memory_detached(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C.detach() + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


@fast(
    en="The state is returned as (C, H), it is (H, C).",
    zh="返回的状态是 (C, H)，应当是 (H, C)。",
    hint_en="Feed the returned state in again: which matrix becomes H?",
    hint_zh="把返回的状态再传进来：哪个矩阵会成为 H？",
)
def state_returned_crosswise(inputs, state, params):
    params = list(params)
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (C, H)
