"""Mistakes in what rnn_backward collects: sums over time, and the order of the results."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bptt import _states

backward = functools.partial(wrong, "rnn_backward")


@backward(
    en="The parameters' gradients are those of the last step alone.",
    zh="参数的梯度只算了最后一步的。",
    hint_en="How often is W_hh used in T steps? Its gradient has a term for each use.",
    hint_zh="T 步里 W_hh 用了几次？每用一次，梯度就多一项。",
)
def one_step_in_parameters(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        if t == len(inputs) - 1:
            grad_W_xh, grad_W_hh = inputs[t].T @ grad_A, states[t].T @ grad_A
            grad_b_h = grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The parameters' gradients are overwritten in each step instead of added up.",
    zh="参数的梯度每一步都被覆盖，没有累加。",
    hint_en="After the loop, what of the steps before is left in grad_W_hh?",
    hint_zh="循环结束后，grad_W_hh 里还留着前面几步的内容吗？",
)
def sums_overwritten(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = inputs[t].T @ grad_A
        grad_W_hh = states[t].T @ grad_A
        grad_b_h = grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The parameters' gradients are averaged over the time steps; they are sums.",
    zh="参数的梯度对时间步取了平均，应当求和。",
    hint_en="Where does the definition divide by T?",
    hint_zh="定义里哪里除以了 T？",
)
def averaged_over_steps(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    T = len(inputs)
    return grad_inputs[::-1], carried, grad_W_xh / T, grad_W_hh / T, grad_b_h / T


@backward(
    en="The weights' gradients are divided by the batch size; they are sums over the samples.",
    zh="权重的梯度除以了批量大小，应当对样本求和。",
    hint_en="Averaging is the loss's affair. Does the chain rule divide by anything?",
    hint_zh="取平均是损失函数的事。链式法则里有除法吗？",
)
def averaged_over_samples(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    n = len(H)
    return grad_inputs[::-1], carried, grad_W_xh / n, grad_W_hh / n, grad_b_h / n


@backward(
    en="The bias's gradient is averaged over the samples instead of summed.",
    zh="偏置的梯度对样本取了平均，应当求和。",
    hint_en="b_h is added to every row. What does each row contribute to its gradient?",
    hint_zh="b_h 加到了每一行上。每一行对它的梯度贡献多少？",
)
def bias_averaged(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.mean(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The bias's gradient still has a row for each sample.",
    zh="偏置的梯度仍是每个样本一行。",
    hint_en="A gradient has the shape of what it belongs to. What shape has b_h?",
    hint_zh="梯度的形状与它所属的量相同。b_h 是什么形状？",
)
def bias_per_sample(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The inputs' gradients come in reverse order, the last step's first.",
    zh="输入的梯度顺序反了，最后一步的排在了最前面。",
    hint_en="Your loop goes backwards. In which order does it collect?",
    hint_zh="循环是倒着走的。它收集结果的顺序是怎样的？",
)
def inputs_reversed(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    return grad_inputs, carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="W_hh's gradient uses the new state H_t; what W_hh multiplies is H_(t−1).",
    zh="W_hh 的梯度用了新状态 H_t，而与 W_hh 相乘的是 H_(t−1)。",
    hint_en="Y = A B gives dB = Aᵀ dY. What is A here?",
    hint_zh="Y = A B 时，dB = Aᵀ dY。这里的 A 是哪个状态？",
)
def new_state_in_hidden_weight(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t + 1].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The gradient of A_1 is returned for H: the last factor W_hhᵀ is missing.",
    zh="H 的梯度返回了 A_1 的梯度，少乘了最后的 W_hhᵀ。",
    hint_en="What lies between H and the first step's A_1?",
    hint_zh="从 H 到第一步的 A_1，中间隔着什么？",
)
def grad_H_stops_at_step_one(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    return grad_inputs[::-1], grad_A, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The gradient of H is returned as zero, as if H were a constant.",
    zh="H 的梯度返回了 0，好像 H 是常数。",
    hint_en="Would the loss stay the same if H were another one?",
    hint_zh="换一个 H，损失会保持不变吗？",
)
def grad_H_zero(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    return grad_inputs[::-1], torch.zeros_like(H), grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="In the gradient of H the slope of tanh at the first step is missing.",
    zh="H 的梯度里漏了第一步的 tanh 导数。",
    hint_en="H reaches the loss only through A_1. Does your last line start from its gradient?",
    hint_zh="H 只能通过 A_1 影响损失。你的最后一行是从 A_1 的梯度出发的吗？",
)
def grad_H_without_slope(inputs, H, W_xh, W_hh, b_h, grad_states):
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
        if t == 0:
            grad_H = (grad_states[t] + carried) @ W_hh.T
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], grad_H, grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The first step's outside gradient is added to the gradient of H once more.",
    zh="第一步从外面来的梯度又加到了 H 的梯度上。",
    hint_en="grad_states begins with H_1. Does anything from outside reach H_0?",
    hint_zh="grad_states 是从 H_1 开始的。外面有梯度直接到达 H_0 吗？",
)
def outside_added_to_H(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    return grad_inputs[::-1], carried + grad_states[0], grad_W_xh, grad_W_hh, grad_b_h


@backward(
    en="The parameters' gradients are returned first, the inputs' and H's last.",
    zh="先返回了参数的梯度，输入与 H 的梯度排在后面。",
    hint_en="The gradients come in the order of the arguments. Which argument is first?",
    hint_zh="梯度按参数表的顺序返回。排在第一的是哪个？",
)
def parameters_returned_first(inputs, H, W_xh, W_hh, b_h, grad_states):
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
    return grad_W_xh, grad_W_hh, grad_b_h, grad_inputs[::-1], carried
