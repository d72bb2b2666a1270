"""Mistakes that both fast networks can have: in joining steps, buffers, gradients and precision.

Each is written once. ``JOINED`` stands for the input product of all steps (T·n rows) and the
weights of the product in the loop, ``STEP`` for one time step; both networks have their own.
"""

import functools

import torch

from grader.misconceptions import wrong

JOINED = STEP = NotImplemented  # never called: text takes their place
GRU = {
    "A, W = JOINED(X, params)": """A = X @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
W = torch.cat([params[1], params[4]], 1)""",
    "H = STEP(A_t, H, W)": """gates, candidate = A_t.split([2 * len(W), len(W)], 1)
Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
H = torch.lerp(torch.tanh(candidate + (R * H) @ params[7]), H, Z)""",
}
LSTM = {
    "A, W = JOINED(X, params)": """A = X @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
W = torch.cat(params[1:12:3], 1)""",
    "H = STEP(A_t, H, W)": """gates, candidate = (A_t + H @ W).split([3 * len(W), len(W)], 1)
I, F, O = torch.sigmoid(gates).chunk(3, 1)
C = F * C + I * torch.tanh(candidate)
H = O * torch.tanh(C)""",
    "(H,)": "(H, C)",
}
LET = {"gru_fast": GRU, "lstm_fast": LSTM}

both = functools.partial(wrong, *LET, let=LET)


@both(
    en="The inputs are joined sample by sample, the product is cut step by step: rows are mixed.",
    zh="输入是按样本拼起来的，乘积却按时间步切开，各行混在了一起。",
    hint_en="Which row comes after the first: the next sample's, or the next step's?",
    hint_zh="第一行之后是哪一行：下一个样本的，还是下一个时间步的？",
)
def inputs_batch_major(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.stack(list(inputs), dim=1).flatten(0, 1)
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The outputs come out sample by sample; time comes first: n rows of step 1, then of step 2.",
    zh="输出是按样本排的；应当时间在前：先是第 1 步的 n 行，再是第 2 步的。",
    hint_en="Along which axis do you stack the states, and what does flatten do then?",
    hint_zh="状态是沿哪一维叠起来的？之后 flatten 又做了什么？",
)
def outputs_batch_major(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    states = torch.stack(states, dim=1).flatten(0, 1)
    return states @ params[-2] + params[-1], (H,)


@both(
    en="Each step uses the input product of the step before it; the first uses the last one's.",
    zh="每一步用的是上一步的输入乘积，第一步用的成了最后一步的。",
    hint_en="Which rows does your first step read: rows 0 to n − 1?",
    hint_zh="第一步读的是哪几行？是第 0 到 n − 1 行吗？",
)
def input_product_one_step_late(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for A_t in A.roll(len(H), 0).split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The steps begin at rows 0, 1, 2, … of the input product, not at 0, n, 2n.",
    zh="各步从输入乘积的第 0、1、2……行取起，应当从第 0、n、2n……行取起。",
    hint_en="With n = 1 it is right. How many rows does a step have?",
    hint_zh="n = 1 时是对的。一个时间步占几行？",
)
def step_offset_without_batch(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for t in range(len(inputs)):
        A_t = A[t : t + len(H)]
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The states collected for the output product begin with the first state and lack the last.",
    zh="为输出收集的状态从初始状态开始，少了最后一个。",
    hint_en="T + 1 states, T outputs: which state has no output?",
    hint_zh="状态有 T + 1 个，输出有 T 个：哪个状态没有输出？",
)
def outputs_one_step_early(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        states.append(H)
        H = STEP(A_t, H, W)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The product with the state left the loop, too: every step uses the first state.",
    zh="连与状态的乘法也挪到了循环外：每一步用的都是初始状态。",
    hint_en="What is known before the loop, and what only after the step before?",
    hint_zh="哪些在循环之前就知道，哪些要等上一步算完才知道？",
)
def state_product_hoisted(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    first = H
    for A_t in A.split(len(H)):
        H = first
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The state is detached between the steps: fast, but no gradient goes back in time.",
    zh="在步与步之间对状态做了 detach：反向快了，但梯度传不回过去。",
    hint_en="The values are right. What does a shorter graph leave out?",
    hint_zh="数值是对的。计算图变短了，少的是什么？",
)
def detached_between_steps(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        (H,) = (S.detach() for S in (H,))
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The work before the loop is done under no_grad: inputs and joined weights get no gradient.",
    zh="循环之前的准备是在 no_grad 里做的，输入和拼起来的权重都得不到梯度。",
    hint_en="Joining is an operation like any other. Who needs the gradient that goes through it?",
    hint_zh="拼接也是一种运算。谁需要经过它的梯度？",
)
def joined_without_gradient(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    with torch.no_grad():
        A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The states are written into a buffer past autograd (.data): outputs give no gradient.",
    zh="状态绕过自动求导(.data)写进了缓冲区，输出没有梯度可传。",
    hint_en="Does autograd see a copy into .data? What joins a list of states instead?",
    hint_zh="写进 .data 的内容，自动求导看得到吗？一列状态可以用什么合起来？",
)
def buffer_filled_past_autograd(inputs, state, params):
    params = list(params)
    (H,) = state
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    states = H.new_zeros(len(inputs), *H.shape)
    for t, A_t in enumerate(A.split(len(H))):
        H = STEP(A_t, H, W)
        states.data[t] = H
    return states.flatten(0, 1) @ params[-2] + params[-1], (H,)


@both(
    en="One buffer is overwritten with the state at every step, which backward still needs.",
    zh="每一步都把状态写进同一块缓冲区，而反向传播还要用到原来的内容。",
    hint_en="The product's gradient needs the H that it was given. Is that still there?",
    hint_zh="求乘积的梯度要用到当时的 H，它还在吗？",
)
def one_buffer_for_all_steps(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    buffer = torch.empty_like(H)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        H = buffer.copy_(H)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The new state is written into the caller's state, to save memory.",
    zh="为了省内存，把新状态写进了调用者传进来的状态。",
    hint_en="Print the state that you passed in, before and after the call.",
    hint_zh="在调用前后各打印一次传进来的状态。",
)
def state_in_the_callers_memory(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    state[0].data.copy_(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The input product is kept in bfloat16, which has only two or three digits.",
    zh="输入的乘积存成了 bfloat16，只剩两三位有效数字。",
    hint_en="Which dtype do the inputs have, and how many digits does yours keep?",
    hint_zh="输入是什么类型？你用的类型能保留几位有效数字？",
)
def bfloat16_inside(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    A, W = JOINED(X, params)
    A = A.bfloat16().to(W.dtype)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="Everything is computed in float32, whatever came in.",
    zh="不管传进来什么类型，全都用 float32 计算。",
    hint_en="Try float64 inputs and parameters: what comes back?",
    hint_zh="输入和参数都用 float64 试试：返回的是什么类型？",
)
def float32_inside(inputs, state, params):
    params = list(params)
    (H,), states = (S.float() for S in state), []
    X = torch.cat(list(inputs)).float()
    params = [p.float() for p in params]
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The joined parameters of the first call are kept and used in every later one.",
    zh="第一次调用时拼好的参数被留了下来，以后每次调用都用它。",
    hint_en="What do parameters do between two calls in training?",
    hint_zh="训练时，参数在两次调用之间会怎样？",
)
def joined_once_for_all_calls(inputs, state, params, kept=[]):
    if not kept:
        kept.extend(p.detach().clone() for p in params)
    (H,), states = state, []
    X = torch.cat(list(inputs))
    params = kept
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)


@both(
    en="The inputs are taken as one tensor: a list or a tuple fails.",
    zh="把输入当成了一个张量，遇到列表或元组就会出错。",
    hint_en="A list has no flatten. What makes one tensor of a list?",
    hint_zh="列表没有 flatten。用什么把列表变成一个张量？",
)
def tensor_only(inputs, state, params):
    params = list(params)
    (H,), states = state, []
    X = inputs.flatten(0, 1)
    A, W = JOINED(X, params)
    for A_t in A.split(len(H)):
        H = STEP(A_t, H, W)
        states.append(H)
    return torch.cat(states) @ params[-2] + params[-1], (H,)
