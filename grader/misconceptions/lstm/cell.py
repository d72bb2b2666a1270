"""Mistakes in next_memory and next_state."""

import functools

import torch

from grader.misconceptions import wrong

memory = functools.partial(wrong, "next_memory")
output = functools.partial(wrong, "next_state")


@memory(
    en="The input and the forget gate are exchanged: F keeps the memory, I lets the candidate in.",
    zh="输入门与遗忘门用反了：F 保留旧记忆，I 放入候选记忆。",
    hint_en="One gate is called forget, one input. What does each of them decide on?",
    hint_zh="一个叫遗忘门，一个叫输入门。它们各自决定什么？",
)
def gates_exchanged(F, C, I, C_tilde):
    return I * C + F * C_tilde


@memory(
    en="1 − F is used for I, as a GRU would couple its gates.",
    zh="用 1 − F 代替了 I，那是 GRU 的做法。",
    hint_en="An LSTM may keep all and add all at once. Which argument is never used?",
    hint_zh="LSTM 可以既全部保留又全部写入。哪个参数没有用到？",
)
def gates_coupled(F, C, I, C_tilde):
    return F * C + (1 - F) * C_tilde


@memory(
    en="The forget gate is left out: the old memory is kept whole.",
    zh="漏了遗忘门：旧记忆全部保留下来。",
    hint_en="With F = 0, what should be left of C?",
    hint_zh="F = 0 时，C 应当还剩什么？",
)
def forget_gate_missing(F, C, I, C_tilde):
    return C + I * C_tilde


@memory(
    en="The input gate is left out: the candidate comes in whole.",
    zh="漏了输入门：候选记忆全部写入。",
    hint_en="With I = 0, may the memory change by the candidate?",
    hint_zh="I = 0 时，候选记忆还能改变记忆吗？",
)
def input_gate_missing(F, C, I, C_tilde):
    return F * C + C_tilde


@memory(
    en="The forget gate is used for both parts.",
    zh="两部分都用了遗忘门。",
    hint_en="Which argument is never used?",
    hint_zh="哪个参数没有用到？",
)
def forget_gate_twice(F, C, I, C_tilde):
    return F * C + F * C_tilde


@memory(
    en="The forget gate is upside down: 1 − F keeps the memory.",
    zh="遗忘门反了：用 1 − F 来保留记忆。",
    hint_en="Despite its name, F = 1 keeps. What does your code do with F = 1?",
    hint_zh="别被名字误导：F = 1 表示保留。F = 1 时你的代码怎样做？",
)
def forget_gate_upside_down(F, C, I, C_tilde):
    return (1 - F) * C + I * C_tilde


@memory(
    en="The old memory is lost: only the new part is there.",
    zh="旧记忆丢了，只剩下新写入的部分。",
    hint_en="What makes an LSTM remember over many steps?",
    hint_zh="LSTM 靠什么记住很多步以前的内容？",
)
def old_memory_lost(F, C, I, C_tilde):
    return I * C_tilde


@memory(
    en="F is added to the memory instead of multiplied with it.",
    zh="F 与旧记忆相加了，应当相乘。",
    hint_en="What does ⊙ stand for? With F = 0 nothing of C may be left.",
    hint_zh="⊙ 是什么运算？F = 0 时 C 不应留下任何影响。",
)
def forget_gate_added(F, C, I, C_tilde):
    return (F + C) + I * C_tilde


@memory(
    en="A tanh is put around the new memory.",
    zh="给新记忆套了一个 tanh。",
    hint_en="Which equation has the tanh of C: the one for C, or the one for H?",
    hint_zh="C 的 tanh 出现在哪个公式里：C 的公式，还是 H 的公式？",
)
def activated(F, C, I, C_tilde):
    return torch.tanh(F * C + I * C_tilde)


@memory(
    en="The products are matrix products (@); ⊙ multiplies entry by entry.",
    zh="用了矩阵乘法(@)，而 ⊙ 是逐元素相乘。",
    hint_en="All four are (n, h). Which product takes two of them to (n, h) again?",
    hint_zh="四个都是 (n, h)。哪种乘法的结果仍是 (n, h)？",
)
def matrix_product(F, C, I, C_tilde):
    return F @ C + I @ C_tilde


@memory(
    en="The old memory is detached, so no gradient goes back to the steps before.",
    zh="对旧记忆做了 detach，梯度传不回之前的时间步。",
    hint_en="The numbers are right. Along which path do an LSTM's gradients reach far back?",
    hint_zh="数值是对的。LSTM 的梯度靠哪条路传到很远的过去？",
)
def memory_detached(F, C, I, C_tilde):
    return F * C.detach() + I * C_tilde


@memory(
    en="The old memory is changed in place, though it belongs to the caller.",
    zh="原地修改了旧记忆，而它是调用者的数据。",
    hint_en="Print C before and after the call. Which operation changes it in place?",
    hint_zh="在调用前后各打印一次 C。哪个运算原地修改了它？",
)
def memory_changed(F, C, I, C_tilde):
    C.data *= F
    return C + I * C_tilde


@memory(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(F, C, I, C_tilde):
    return F.float() * C.float() + I.float() * C_tilde.float()


@memory(
    en="The result is moved to the CPU.",
    zh="结果被搬到了 CPU 上。",
    hint_en="Where should the result be when the inputs are on a GPU?",
    hint_zh="输入在 GPU 上时，结果应当在哪里？",
)
def moved_to_cpu(F, C, I, C_tilde):
    return (F * C + I * C_tilde).cpu()


@output(
    en="The tanh of the memory is missing.",
    zh="漏了对记忆取 tanh。",
    hint_en="C may grow beyond 1. May H?",
    hint_zh="C 可以超过 1,H 可以吗？",
)
def tanh_missing(O, C):
    return O * C


@output(
    en="The memory goes through σ instead of tanh.",
    zh="记忆用了 σ，应当用 tanh。",
    hint_en="With C = 0 the state must be 0. Is yours?",
    hint_zh="C = 0 时状态应为 0。你的结果呢？",
)
def sigmoid_instead(O, C):
    return O * torch.sigmoid(C)


@output(
    en="The tanh is put around the whole product.",
    zh="tanh 套在了整个乘积外面。",
    hint_en="What stands inside the brackets of tanh in the equation?",
    hint_zh="公式中 tanh 的括号里是什么？",
)
def tanh_around_all(O, C):
    return torch.tanh(O * C)


@output(
    en="The output gate O is not used.",
    zh="没有用到输出门 O。",
    hint_en="With O = 0 nothing of the memory may show.",
    hint_zh="O = 0 时，记忆不应显露出来。",
)
def gate_missing(O, C):
    return torch.tanh(C)


@output(
    en="The output gate is upside down: 1 − O instead of O.",
    zh="输出门反了：用了 1 − O。",
    hint_en="With O = 1 the whole of tanh(C) must show. Does it?",
    hint_zh="O = 1 时应完整输出 tanh(C)。你的代码能做到吗？",
)
def gate_upside_down(O, C):
    return (1 - O) * torch.tanh(C)


@output(
    en="The gate is added instead of multiplied.",
    zh="门与 tanh(C) 相加了，应当相乘。",
    hint_en="What does ⊙ stand for? With O = 0 nothing of C may show.",
    hint_zh="⊙ 是什么运算？O = 0 时 C 不应显露出来。",
)
def gate_added(O, C):
    return O + torch.tanh(C)


@output(
    en="The tanh is taken of the gate instead of the memory.",
    zh="对门取了 tanh，应当对记忆取。",
    hint_en="A gate is between 0 and 1 already. Which of the two needs a bound?",
    hint_zh="门本来就在 0 与 1 之间。两者中哪一个需要限制范围？",
)
def tanh_of_gate(O, C):
    return torch.tanh(O) * C


@output(
    en="The memory is cut off at −1 and 1 instead of going through tanh.",
    zh="只是把记忆截断在 −1 与 1 之间，没有用 tanh。",
    hint_en="Both stay between −1 and 1. Compare them at 0.5.",
    hint_zh="两者都在 −1 与 1 之间。比较它们在 0.5 处的值。",
)
def clamped(O, C):
    return O * C.clamp(-1, 1)


@output(
    en="The product is a matrix product (@); ⊙ multiplies entry by entry.",
    zh="用了矩阵乘法(@)，而 ⊙ 是逐元素相乘。",
    hint_en="Both are (n, h). Which product takes them to (n, h) again?",
    hint_zh="两个都是 (n, h)。哪种乘法的结果仍是 (n, h)？",
)
def matrix_product(O, C):
    return O @ torch.tanh(C)


@output(
    en="The memory itself is replaced by its tanh, in place.",
    zh="原地把记忆改成了它的 tanh。",
    hint_en="Print C before and after the call. The next step still needs it as it was.",
    hint_zh="在调用前后各打印一次 C。下一步还要用原来的 C。",
)
def memory_changed(O, C):
    C.data.tanh_()
    return O * C


@output(
    en="The memory is detached, so no gradient reaches it.",
    zh="对记忆做了 detach，梯度传不到它。",
    hint_en="The numbers are right. How should the gates behind C learn?",
    hint_zh="数值是对的。C 之前的各个门要靠什么来学习？",
)
def memory_detached(O, C):
    return O * torch.tanh(C.detach())


@output(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(O, C):
    return O.float() * torch.tanh(C.float())


@output(
    en="The result is moved to the CPU.",
    zh="结果被搬到了 CPU 上。",
    hint_en="Where should the result be when the inputs are on a GPU?",
    hint_zh="输入在 GPU 上时，结果应当在哪里？",
)
def moved_to_cpu(O, C):
    return (O * torch.tanh(C)).cpu()


@output(
    en="The state is returned together with the memory; only the state is asked for.",
    zh="把状态和记忆一起返回了，这里只要状态。",
    hint_en="What does the equation have on its left side?",
    hint_zh="公式的左边是什么？",
)
def memory_returned_too(O, C):
    return O * torch.tanh(C), C
