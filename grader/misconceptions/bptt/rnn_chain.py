"""Mistakes in rnn_backward's way from the last step back to the first."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bptt import _states

backward = functools.partial(wrong, "rnn_backward")


@backward(
    en="The slope of tanh is missing: gradients pass through it unchanged.",
    zh="漏乘了 tanh 的导数，梯度原样穿了过去。",
    hint_en="Which function lies between A_t and H_t, and what is its derivative?",
    hint_zh="A_t 与 H_t 之间隔着哪个函数？它的导数是什么？",
)
def slope_missing(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = grad_states[t] + carried
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The slope of tanh is taken at the old state H_(t−1) instead of H_t.",
    zh="tanh 的导数用了旧状态 H_(t−1)，应当用 H_t。",
    hint_en="tanh'(a) = 1 − tanh(a)². Which state is tanh(A_t)?",
    hint_zh="tanh'(a) = 1 − tanh(a)²。tanh(A_t) 是哪个状态？",
)
def slope_of_old_state(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The slope of tanh is written as 1 − H_t; the square is missing.",
    zh="tanh 的导数写成了 1 − H_t，漏了平方。",
    hint_en="Look at the slope at H_t = 0 and at H_t = −1: what should it be there?",
    hint_zh="看看 H_t = 0 与 H_t = −1 两处：导数各应当是多少？",
)
def slope_not_squared(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1])
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The slope is that of the sigmoid, H_t ⊙ (1 − H_t); the activation is tanh.",
    zh="用的是 sigmoid 的导数 H_t ⊙ (1 − H_t)，而激活函数是 tanh。",
    hint_en="Two activations, two derivatives. Which belongs to this network?",
    hint_zh="两种激活函数的导数不同。这个网络用的是哪一种？",
)
def sigmoid_slope(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * states[t + 1] * (1 - states[t + 1])
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="Nothing is carried from a step to the one before: each counts its outside gradient only.",
    zh="梯度没有往前一步传，每一步只算了外面来的那一份。",
    hint_en="H_t goes outside and into the next step. How many gradients meet in it?",
    hint_zh="H_t 既输出到外面，又进入下一步。有几份梯度在它那里汇合？",
)
def carried_missing(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = grad_states[t] * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The carried gradient is added after the slope, which it must pass, too.",
    zh="往前传的梯度在乘完导数之后才加上，它也应当乘导数。",
    hint_en="Both gradients arrive at H_t. What lies between H_t and A_t, for both of them?",
    hint_zh="两份梯度都到达 H_t。从 H_t 到 A_t，它们都要经过什么？",
)
def carried_past_the_slope(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = grad_states[t] * (1 - states[t + 1] ** 2) + carried
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="What is carried to the step before has not passed the slope of tanh.",
    zh="往前一步传的梯度没有乘 tanh 的导数。",
    hint_en="H_(t−1) acts on H_t through A_t. Whose gradient has to be multiplied by W_hhᵀ?",
    hint_zh="H_(t−1) 通过 A_t 影响 H_t。乘以 W_hhᵀ 的应当是谁的梯度？",
)
def carried_without_slope(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = (grad_states[t] + carried) @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="Of the outside gradients only the last step's is used.",
    zh="外面来的梯度只用了最后一步的那一份。",
    hint_en="grad_states has one matrix a step. Where does each of them enter?",
    hint_zh="grad_states 每一步都有一个矩阵。它们各从哪里加进来？",
)
def last_outside_only(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried if t == len(inputs) - 1 else carried) * (
            1 - states[t + 1] ** 2
        )
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="On the way back W_hh is not transposed.",
    zh="往回传的时候，W_hh 没有转置。",
    hint_en="Y = A B gives dA = dY Bᵀ. W_hh is square, so its shape won't warn you.",
    hint_zh="Y = A B 时，dA = dY Bᵀ。W_hh 是方阵，不转置形状也对得上，再核对一遍公式？",
)
def hidden_weight_not_transposed(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The loop goes from the first step to the last; gradients go the other way.",
    zh="循环从第一步走到最后一步，而梯度是反方向传的。",
    hint_en="Which step must be done before the gradient of H_t is complete: t − 1 or t + 1?",
    hint_zh="要得到 H_t 的完整梯度，必须先算哪一步：t − 1 还是 t + 1？",
)
def steps_forwards(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in range(len(inputs)):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs, carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The states are computed from zeros, not from the given H.",
    zh="状态是从 0 算起的，没有用传入的 H。",
    hint_en="H_0 = H. What do your states begin with?",
    hint_zh="H_0 = H。你的状态是从什么开始的？",
)
def states_from_zero(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, torch.zeros_like(H), W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The carried gradient is added into the caller's grad_states in place.",
    zh="把往前传的梯度原地加进了调用者的 grad_states。",
    hint_en="Look at grad_states after the call: is it still what it was before?",
    hint_zh="调用之后再看 grad_states，它还是原来的样子吗？",
)
def grad_states_changed(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = grad_states[t].add_(carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="Autograd is asked for the gradients; it is off here.",
    zh="想让自动求导来算梯度，而这里它是关着的。",
    hint_en="The module's docstring gives what takes autograd's place. Which formulas are they?",
    hint_zh="文档字符串里给出了代替自动求导的公式。是哪几个？",
)
def autograd_asked(inputs, H, W_xh, W_hh, b_h, grad_states):
    inputs = [X.detach().requires_grad_() for X in inputs]
    leaves = [tensor.detach().requires_grad_() for tensor in (H, W_xh, W_hh, b_h)]
    states = _states(inputs, *leaves)[1:]
    torch.autograd.backward(states, list(grad_states))
    return [X.grad for X in inputs], *(leaf.grad for leaf in leaves)
