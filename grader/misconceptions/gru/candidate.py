"""Mistakes in candidate_state.

Sources differ in where the reset gate acts: the text says so, for whoever took a formula from
elsewhere made no slip.
"""

import functools

import torch

from grader.misconceptions import wrong

candidate = functools.partial(wrong, "candidate_state")


@candidate(
    en="R acts after the product with W_hh, as in torch.nn.GRU; here it acts before.",
    zh="R 作用在与 W_hh 相乘之后，那是 torch.nn.GRU 的写法；这里应在相乘之前。",
    hint_en="Look at the brackets in the equation: what does R multiply, H or a product?",
    hint_zh="看公式里的括号：R 乘的是 H，还是一个乘积？",
)
def reset_after_product(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + R * (H @ W_hh) + b_h)


@candidate(
    en="R acts after the product and on the bias b_h as well.",
    zh="R 不仅作用在乘积之后，还乘到了偏置 b_h 上。",
    hint_en="With R = 0, is the bias still there in the equation? Is it in your code?",
    hint_zh="R = 0 时，公式里还有偏置吗？你的代码里呢？",
)
def reset_after_bias(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + R * (H @ W_hh + b_h))


@candidate(
    en="The reset gate R is not used.",
    zh="没有用到重置门 R。",
    hint_en="With R = 0 the candidate must not depend on H. Does yours?",
    hint_zh="R = 0 时，候选状态不应依赖 H。你的呢？",
)
def reset_unused(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


@candidate(
    en="R acts on the input's part instead of the old state.",
    zh="R 乘在了输入那一项上，应当乘在旧状态上。",
    hint_en="What is to be reset: what was read just now, or what was remembered?",
    hint_zh="要重置的是刚读到的内容，还是记住的内容？",
)
def reset_on_input(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(R * (X @ W_xh) + H @ W_hh + b_h)


@candidate(
    en="R acts on both the input's and the old state's part.",
    zh="R 同时乘在了输入和旧状态两项上。",
    hint_en="With R = 0, may the candidate still depend on X?",
    hint_zh="R = 0 时，候选状态还应当依赖 X 吗？",
)
def reset_on_both(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(R * (X @ W_xh + H @ W_hh) + b_h)


@candidate(
    en="The reset gate is upside down: 1 − R instead of R.",
    zh="重置门反了：用了 1 − R。",
    hint_en="R = 0 forgets, R = 1 remembers. Try both in your code.",
    hint_zh="R = 0 表示忘记，R = 1 表示记住。分别代入你的代码试试。",
)
def reset_upside_down(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + ((1 - R) * H) @ W_hh + b_h)


@candidate(
    en="R is added to the old state instead of multiplied with it.",
    zh="R 与旧状态相加了，应当相乘。",
    hint_en="What does ⊙ stand for? With R = 0 nothing of H may be left.",
    hint_zh="⊙ 是什么运算？R = 0 时 H 不应留下任何影响。",
)
def reset_added(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R + H) @ W_hh + b_h)


@candidate(
    en="R takes the place of the old state: H is missing.",
    zh="R 代替了旧状态，H 不见了。",
    hint_en="R only says how much. How much of what?",
    hint_zh="R 只表示“多少”。是什么的多少？",
)
def state_missing(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + R @ W_hh + b_h)


@candidate(
    en="The activation is σ instead of tanh.",
    zh="激活函数用成了 σ，应当用 tanh。",
    hint_en="May the candidate be negative?",
    hint_zh="候选状态可以是负数吗？",
)
def sigmoid_instead(X, H, R, W_xh, W_hh, b_h):
    return torch.sigmoid(X @ W_xh + (R * H) @ W_hh + b_h)


@candidate(
    en="The activation tanh is missing.",
    zh="漏了激活函数 tanh。",
    hint_en="Between which two numbers must the candidate lie?",
    hint_zh="候选状态应在哪两个数之间？",
)
def activation_missing(X, H, R, W_xh, W_hh, b_h):
    return X @ W_xh + (R * H) @ W_hh + b_h


@candidate(
    en="The bias b_h is not added.",
    zh="漏加了偏置 b_h。",
    hint_en="Count the terms inside tanh: the equation has three.",
    hint_zh="数一数 tanh 里有几项：公式里有三项。",
)
def bias_missing(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh)


@candidate(
    en="The old state is multiplied with the transpose of W_hh.",
    zh="与旧状态相乘的是 W_hh 的转置。",
    hint_en="A square matrix fits either way round, with no error. What does the equation say?",
    hint_zh="方阵转置后形状不变，不会报错。公式里有转置吗？",
)
def state_weight_transposed(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh.T + b_h)


@candidate(
    en="The reset state is detached, so no gradient reaches R or H.",
    zh="对 R ⊙ H 做了 detach，梯度传不到 R 和 H。",
    hint_en="The numbers are right. How should the reset gate learn?",
    hint_zh="数值是对的。重置门要靠什么来学习？",
)
def reset_detached(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H).detach() @ W_hh + b_h)


@candidate(
    en="H is multiplied with R in place, so the caller loses the old state.",
    zh="R 原地乘到了 H 上，调用者的旧状态被改掉了。",
    hint_en="Print H before and after the call. Which later equation needs the old one?",
    hint_zh="在调用前后各打印一次 H。后面哪个公式还要用旧的 H？",
)
def state_changed(X, H, R, W_xh, W_hh, b_h):
    H.data *= R
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


@candidate(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(X, H, R, W_xh, W_hh, b_h):
    X, H, R, W_xh, W_hh, b_h = (argument.float() for argument in (X, H, R, W_xh, W_hh, b_h))
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


@candidate(
    en="The result is moved to the CPU.",
    zh="结果被搬到了 CPU 上。",
    hint_en="Where should the result be when the inputs are on a GPU?",
    hint_zh="输入在 GPU 上时，结果应当在哪里？",
)
def moved_to_cpu(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h).cpu()


@candidate(
    en="The bias b_h is added twice.",
    zh="偏置 b_h 加了两次。",
    hint_en="One bias serves the whole sum. How often does yours come in?",
    hint_zh="整个和式只需要一个偏置。你的代码里它出现了几次？",
)
def bias_doubled(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh((X @ W_xh + b_h) + ((R * H) @ W_hh + b_h))


@candidate(
    en="The input is multiplied with the transpose of W_xh; that only runs where d = h.",
    zh="与输入相乘的是 W_xh 的转置，只有 d = h 时才能运行。",
    hint_en="Write the shapes of both factors side by side: (n, d) times what gives (n, h)?",
    hint_zh="把两个因子的形状并排写出来：(n, d) 乘以什么得到 (n, h)？",
)
def input_weight_transposed(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh.T + (R * H) @ W_hh + b_h)


@candidate(
    en="R and H are multiplied as matrices (@); ⊙ multiplies entry by entry.",
    zh="R 与 H 用了矩阵乘法(@)，而 ⊙ 是逐元素相乘。",
    hint_en="Both are (n, h). Which product takes them to (n, h) again?",
    hint_zh="两个都是 (n, h)。哪种乘法的结果仍是 (n, h)？",
)
def matrix_product(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R @ H) @ W_hh + b_h)


@candidate(
    en="Only the reset gate of the first sample is used, for the whole batch.",
    zh="整个批量都只用了第一个样本的重置门。",
    hint_en="Each row of R belongs to one sample. What happens when the batch has more than one?",
    hint_zh="R 的每一行属于一个样本。批量大于 1 时会怎样？",
)
def first_sample_only(X, H, R, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + (R[0] * H) @ W_hh + b_h)


@candidate(
    en="The first answer is remembered and returned at every later call.",
    zh="记住了第一次的结果，以后每次调用都返回它。",
    hint_en="When is a default argument made: at each call, or once?",
    hint_zh="默认参数是每次调用时创建的，还是只创建一次？",
)
def remembered(X, H, R, W_xh, W_hh, b_h, memory={}):
    if "result" not in memory:
        memory["result"] = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    return memory["result"]
