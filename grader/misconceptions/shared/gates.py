"""Mistakes in σ(X W + H U + b) and tanh(X W + H U + b): gates, the RNN's step, LSTM's candidate.

Written once, registered for each of these functions with its own names of the parameters; ``act``
stands for the function's activation.
"""

import functools

import torch

from grader.misconceptions import wrong

LETTERS = {
    "gru.reset_gate": "r",
    "gru.update_gate": "z",
    "lstm.input_gate": "i",
    "lstm.forget_gate": "f",
    "lstm.output_gate": "o",
}
TANH = {"rnn.rnn_step": "h", "lstm.candidate_memory": "c"}


def _names(letter: str, act: str) -> dict[str, str]:
    return {"W_x": f"W_x{letter}", "W_h": f"W_h{letter}", "b": f"b_{letter}", "act": f"torch.{act}"}


LET = {function: _names(letter, "sigmoid") for function, letter in LETTERS.items()}
LET |= {function: _names(letter, "tanh") for function, letter in TANH.items()}

act = torch.sigmoid
affine = functools.partial(wrong, *LET, let=LET)
gate = functools.partial(wrong, *LETTERS, let=LET)
cell = functools.partial(wrong, *TANH, let=LET)


@affine(
    en="The bias {b} is not added.",
    zh="漏加了偏置 {b}。",
    hint_en="Count the terms inside the activation: the equation has three.",
    hint_zh="数一数激活函数里有几项：公式里有三项。",
)
def bias_missing(X, H, W_x, W_h, b):
    return act(X @ W_x + H @ W_h)


@affine(
    en="The bias {b} is added twice.",
    zh="偏置 {b} 加了两次。",
    hint_en="One bias serves the whole sum. How often does yours come in?",
    hint_zh="整个和式只需要一个偏置。你的代码里它出现了几次？",
)
def bias_doubled(X, H, W_x, W_h, b):
    return act((X @ W_x + b) + (H @ W_h + b))


@affine(
    en="The bias {b} is added after the activation instead of before it.",
    zh="偏置 {b} 加在了激活函数之外，应加在里面。",
    hint_en="Check where the bracket of the activation closes.",
    hint_zh="看看激活函数的右括号写在了哪里。",
)
def bias_outside(X, H, W_x, W_h, b):
    return act(X @ W_x + H @ W_h) + b


@affine(
    en="The activation function is missing: the bare sum is returned.",
    zh="没有用激活函数，直接返回了和。",
    hint_en="Between which two numbers must every entry of the result lie? What takes it there?",
    hint_zh="结果的每个元素应在哪两个数之间？哪个函数能做到？",
)
def activation_missing(X, H, W_x, W_h, b):
    return X @ W_x + H @ W_h + b


@affine(
    en="The activation is ReLU.",
    zh="激活函数用成了 ReLU。",
    hint_en="ReLU has no upper end. Which activation does the equation name?",
    hint_zh="ReLU 没有上界。公式里写的是哪个激活函数？",
)
def relu_instead(X, H, W_x, W_h, b):
    return torch.relu(X @ W_x + H @ W_h + b)


@affine(
    en="The state is multiplied with the transpose of {W_h}.",
    zh="与状态相乘的是 {W_h} 的转置。",
    hint_en="A square matrix fits either way round, with no error. What does the equation say?",
    hint_zh="方阵转置后形状不变，不会报错。公式里有转置吗？",
)
def state_weight_transposed(X, H, W_x, W_h, b):
    return act(X @ W_x + H @ W_h.T + b)


@affine(
    en="The input is multiplied with the transpose of {W_x}; that only runs where d = h.",
    zh="与输入相乘的是 {W_x} 的转置，只有 d = h 时才能运行。",
    hint_en="Write the shapes of both factors side by side: (n, d) times what gives (n, h)?",
    hint_zh="把两个因子的形状并排写出来：(n, d) 乘以什么得到 (n, h)？",
)
def input_weight_transposed(X, H, W_x, W_h, b):
    return act(X @ W_x.T + H @ W_h + b)


@affine(
    en="The old state H is left out.",
    zh="没有用到上一时刻的状态 H。",
    hint_en="How does this step learn of the steps before it?",
    hint_zh="这一步怎样知道之前发生了什么？",
)
def state_ignored(X, H, W_x, W_h, b):
    return act(X @ W_x + b)


@affine(
    en="The input X is left out.",
    zh="没有用到当前的输入 X。",
    hint_en="How does this step learn what it has just read?",
    hint_zh="这一步怎样知道刚读到了什么？",
)
def input_ignored(X, H, W_x, W_h, b):
    return act(H @ W_h + b)


@affine(
    en="H and X are joined in the other order than {W_x} and {W_h}.",
    zh="拼接时 H、X 的顺序与 {W_x}、{W_h} 的顺序不一致。",
    hint_en="One product of joined matrices is fine. Which columns meet which rows?",
    hint_zh="拼接后只乘一次是可以的，但哪些列对应哪些行？",
)
def joined_crosswise(X, H, W_x, W_h, b):
    return act(torch.cat([H, X], dim=1) @ torch.cat([W_x, W_h], dim=0) + b)


@affine(
    en="Both products go through the activation separately and are added after it.",
    zh="两个乘积分别过了激活函数，之后才相加。",
    hint_en="How many activations does the equation have, and what stands inside?",
    hint_zh="公式里有几个激活函数？括号里是什么？",
)
def activated_apart(X, H, W_x, W_h, b):
    return act(X @ W_x) + act(H @ W_h + b)


@affine(
    en="Only the state of the first sample is used, for the whole batch.",
    zh="整个批量都只用了第一个样本的状态。",
    hint_en="Each row of H belongs to one sample. What happens when the batch has more than one?",
    hint_zh="H 的每一行属于一个样本。批量大于 1 时会怎样？",
)
def first_sample_only(X, H, W_x, W_h, b):
    return act(X @ W_x + H[0] @ W_h + b)


@affine(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(X, H, W_x, W_h, b):
    return act(X.float() @ W_x.float() + H.float() @ W_h.float() + b.float())


@affine(
    en="The old state is detached, so no gradient goes back to the steps before.",
    zh="对旧状态做了 detach，梯度传不回之前的时间步。",
    hint_en="The numbers are right. What would backward() have to pass through?",
    hint_zh="数值是对的。反向传播时梯度要经过哪里？",
)
def state_detached(X, H, W_x, W_h, b):
    return act(X @ W_x + H.detach() @ W_h + b)


@affine(
    en="The result is moved to the CPU.",
    zh="结果被搬到了 CPU 上。",
    hint_en="Where should the result be when the inputs are on a GPU?",
    hint_zh="输入在 GPU 上时，结果应当在哪里？",
)
def moved_to_cpu(X, H, W_x, W_h, b):
    return act(X @ W_x + H @ W_h + b).cpu()


@affine(
    en="The first answer is remembered and returned at every later call.",
    zh="记住了第一次的结果，以后每次调用都返回它。",
    hint_en="When is a default argument made: at each call, or once?",
    hint_zh="默认参数是每次调用时创建的，还是只创建一次？",
)
def remembered(X, H, W_x, W_h, b, memory={}):
    if "result" not in memory:
        memory["result"] = act(X @ W_x + H @ W_h + b)
    return memory["result"]


@affine(
    en="The result is written into H, which belongs to the caller.",
    zh="把结果写进了 H，而 H 是调用者的数据。",
    hint_en="Print H before and after the call. Who else still needs the old one?",
    hint_zh="在调用前后各打印一次 H。还有谁要用旧的 H？",
)
def written_into_state(X, H, W_x, W_h, b):
    result = act(X @ W_x + H @ W_h + b)
    H.data.copy_(result)
    return result


@gate(
    en="The gate goes through tanh instead of σ.",
    zh="门用了 tanh，应当用 σ。",
    hint_en="A gate says how much to let through, from nothing to all. Can yours be negative?",
    hint_zh="门表示放行多少，从全不放行到全部放行。你的门会是负数吗？",
)
def tanh_instead(X, H, W_x, W_h, b):
    return torch.tanh(X @ W_x + H @ W_h + b)


@gate(
    en="The gate goes through the hard sigmoid, a broken line that only resembles σ.",
    zh="门用了 hard sigmoid，它只是近似 σ 的折线。",
    hint_en="Compare both curves at 3: has σ reached 1 there?",
    hint_zh="比较两条曲线在 3 处的值：σ 到 1 了吗？",
)
def hard_sigmoid(X, H, W_x, W_h, b):
    return torch.nn.functional.hardsigmoid(X @ W_x + H @ W_h + b)


@gate(
    en="The gate goes through softmax, so its entries compete for a sum of 1.",
    zh="门用了 softmax，各元素的和被限制为 1。",
    hint_en="Each hidden unit decides for itself. Can all entries of your gate be near 1 at once?",
    hint_zh="每个隐藏单元独立决定。你的门能让所有元素同时接近 1 吗？",
)
def softmax_instead(X, H, W_x, W_h, b):
    return torch.softmax(X @ W_x + H @ W_h + b, dim=-1)


@gate(
    en="The gate is upside down: 1 − σ instead of σ.",
    zh="门反了：算成了 1 − σ。",
    hint_en="Give {b} a huge positive value. Should the gate be open or shut then?",
    hint_zh="把 {b} 设得非常大，这时门应当是开的还是关的？",
)
def upside_down(X, H, W_x, W_h, b):
    return 1 - torch.sigmoid(X @ W_x + H @ W_h + b)


@cell(
    en="The activation is σ instead of tanh.",
    zh="激活函数用成了 σ，应当用 tanh。",
    hint_en="Set all parameters to zero: which value should come out, and which does?",
    hint_zh="把参数全设为零：应当得到什么值？实际得到什么？",
)
def sigmoid_instead(X, H, W_x, W_h, b):
    return torch.sigmoid(X @ W_x + H @ W_h + b)


@cell(
    en="The sum is cut off at −1 and 1 instead of going through tanh.",
    zh="只是把和截断在 −1 与 1 之间，没有用 tanh。",
    hint_en="Both stay between −1 and 1. Compare them at 0.5.",
    hint_zh="两者都在 −1 与 1 之间。比较它们在 0.5 处的值。",
)
def clamped(X, H, W_x, W_h, b):
    return (X @ W_x + H @ W_h + b).clamp(-1, 1)
