"""Mistakes in rnn_backward's sums and transposes."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bptt import _states

backward = functools.partial(wrong, "rnn_backward")


@backward(
    en="W_xh is not transposed in the inputs' gradients; that only runs where d = h.",
    zh="求输入的梯度时 W_xh 没有转置，只有 d = h 时才能运行。",
    hint_en="dA is (n, h), dX (n, d). Which shape lies between them?",
    hint_zh="dA 是 (n, h)，dX 是 (n, d)。中间的矩阵应是什么形状？",
)
def input_weight_not_transposed(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="All parameters' gradients are averaged over samples and steps; they are sums.",
    zh="所有参数的梯度都按样本和时间步平均了，而它们应是总和。",
    hint_en="Nothing in the equations divides by n or T. Where does your mean come from?",
    hint_zh="公式里没有除以 n 或 T。你的平均是从哪里来的？",
)
def all_averaged(inputs, H, W_xh, W_hh, b_h, grad_states):
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
        carried = grad_A @ W_hh.T
    return (
        grad_inputs[::-1],
        carried,
        *(g / len(H) / len(inputs) for g in (grad_W_xh, grad_W_hh, grad_b_h)),
    )


@backward(
    en="The outside gradients are read in reverse: step t is given that of step T − t + 1.",
    zh="外部梯度的次序读反了：第 t 步用了第 T − t + 1 步的。",
    hint_en="grad_states[t] belongs to which of your states?",
    hint_zh="grad_states[t] 对应你的哪个状态？",
)
def outside_of_another_step(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[len(inputs) - 1 - t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="W_hh's gradient uses the first state H at every step.",
    zh="W_hh 的梯度在每一步都用了最初的状态 H。",
    hint_en="What did W_hh multiply at step t?",
    hint_zh="第 t 步里 W_hh 乘的是什么？",
)
def first_state_in_hidden_weight(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + H.T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h
