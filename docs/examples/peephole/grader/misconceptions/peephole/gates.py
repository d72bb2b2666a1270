"""Mistakes in σ(X W + H U + C ⊙ p + b), written once and registered for all three gates."""

import functools

import torch

from grader.misconceptions import wrong

GATES = {"input_gate": "i", "forget_gate": "f", "output_gate": "o"}
LET = {
    function: {"W_x": f"W_x{g}", "W_h": f"W_h{g}", "p": f"p_{g}", "b": f"b_{g}"}
    for function, g in GATES.items()
}
gate = functools.partial(wrong, *GATES, let=LET)


@gate(
    en="There is no peephole: the gate does not look at the memory C.",
    zh="没有窥视孔：门没有看记忆 C。",
    hint_en="Seven arguments come in. Which two does your code never mention?",
    hint_zh="传进来七个参数，你的代码里没有出现的是哪两个？",
)
def peephole_missing(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + b)


@gate(
    en="{p} is added by itself, as a second bias, instead of weighing the memory C.",
    zh="{p} 被当成第二个偏置直接加了上去，应当先与记忆 C 相乘。",
    hint_en="Change C alone: does the gate move?",
    hint_zh="只改变 C，门的值会变吗？",
)
def peephole_as_bias(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + p + b)


@gate(
    en="The memory C is added whole, without its weights {p}.",
    zh="记忆 C 没有乘以权重 {p} 就直接加上了。",
    hint_en="How can a unit learn not to look at its memory? Which parameter says so?",
    hint_zh="如果一个单元要学会“不看记忆”，靠的是哪个参数？",
)
def memory_unweighted(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C + b)


@gate(
    en="The peephole looks at the hidden state H instead of the memory C.",
    zh="窥视孔看的是隐藏状态 H，应当看记忆 C。",
    hint_en="H is seen through {W_h} already. What could the gate not see in a plain LSTM?",
    hint_zh="门已经通过 {W_h} 看到了 H。普通 LSTM 的门看不到的是什么？",
)
def peephole_on_hidden_state(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + H * p + b)


@gate(
    en="The gate looks at tanh(C) instead of C itself.",
    zh="门看的是 tanh(C)，应当直接看 C。",
    hint_en="A memory that counts goes beyond 1. Can this gate still tell 3 from 5?",
    hint_zh="用来计数的记忆会超过 1。这样的门还分得清 3 和 5 吗？",
)
def peephole_on_squashed_memory(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + torch.tanh(C) * p + b)


@gate(
    en="The peephole's term is added after the activation instead of before it.",
    zh="窥视孔那一项加在了激活函数之外，应加在里面。",
    hint_en="Check where the bracket of σ closes: may the result exceed 1?",
    hint_zh="看看 σ 的右括号写在了哪里：结果可以超过 1 吗？",
)
def peephole_outside(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + b) + C * p


@gate(
    en="C and {p} meet in a matrix product: one sum for each sample, which only runs where n = h.",
    zh="C 与 {p} 做了矩阵乘法，每个样本只剩一个和，只有 n = h 时才能运行。",
    hint_en="Each unit looks at its own memory only. What shape has C ⊙ {p}?",
    hint_zh="每个单元只看自己的记忆。C ⊙ {p} 是什么形状？",
)
def peephole_summed(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C @ p + b)


@gate(
    en="The memory is detached: no gradient goes back through the peephole.",
    zh="对记忆做了 detach，梯度无法通过窥视孔传回去。",
    hint_en="The paper of 2000 cut this path on purpose. Does the equation here?",
    hint_zh="2000 年的论文有意截断了这条路径。这里的公式截断了吗？",
)
def memory_detached(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C.detach() * p + b)


@gate(
    en="The bias {b} is not added.",
    zh="漏加了偏置 {b}。",
    hint_en="Count the terms inside the activation: the equation has four.",
    hint_zh="数一数激活函数里有几项：公式里有四项。",
)
def bias_missing(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C * p)


@gate(
    en="{p} and {b} are exchanged: the bias weighs the memory.",
    zh="{p} 与 {b} 用反了：与记忆相乘的成了偏置。",
    hint_en="With C = 0 only the bias should be left beside the two products. Which vector is?",
    hint_zh="C = 0 时，除了两个乘积只应剩下偏置。你的代码剩下的是哪个向量？",
)
def peephole_and_bias_exchanged(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C * b + p)


@gate(
    en="The gate goes through tanh instead of σ.",
    zh="门用了 tanh，应当用 σ。",
    hint_en="A gate says how much to let through, from nothing to all. Can yours be negative?",
    hint_zh="门表示放行多少，从全不放行到全部放行。你的门会是负数吗？",
)
def tanh_instead(X, H, C, W_x, W_h, p, b):
    return torch.tanh(X @ W_x + H @ W_h + C * p + b)


@gate(
    en="The old hidden state H is left out.",
    zh="没有用到上一时刻的隐藏状态 H。",
    hint_en="The memory does not stand in for the hidden state. Which product is missing?",
    hint_zh="记忆不能代替隐藏状态。少了哪个乘积？",
)
def hidden_state_ignored(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + C * p + b)


@gate(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(X, H, C, W_x, W_h, p, b):
    X, H, C, W_x, W_h, p, b = (A.float() for A in (X, H, C, W_x, W_h, p, b))
    return torch.sigmoid(X @ W_x + H @ W_h + C * p + b)


@gate(
    en="The memory is weighed in place: the caller's C is changed.",
    zh="原地给记忆乘了权重，调用者的 C 被改掉了。",
    hint_en="Print C before and after the call. The next gate still needs it as it was.",
    hint_zh="在调用前后各打印一次 C。下一个门还要用原来的 C。",
)
def memory_changed(X, H, C, W_x, W_h, p, b):
    C.data.mul_(p)
    return torch.sigmoid(X @ W_x + H @ W_h + C + b)


@gate(
    en="The result is moved to the CPU.",
    zh="结果被搬到了 CPU 上。",
    hint_en="Where should the result be when the inputs are on a GPU?",
    hint_zh="输入在 GPU 上时，结果应当在哪里？",
)
def moved_to_cpu(X, H, C, W_x, W_h, p, b):
    return torch.sigmoid(X @ W_x + H @ W_h + C * p + b).cpu()
