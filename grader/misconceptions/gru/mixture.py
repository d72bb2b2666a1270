"""Mistakes in next_state.

Sources differ in which of Z and 1 − Z keeps: the text says so, for whoever took a formula from
elsewhere made no slip.
"""

import functools

import torch

from grader.misconceptions import wrong

mixture = functools.partial(wrong, "next_state")


@mixture(
    en="Z and 1 − Z are exchanged: here Z keeps the old state, though in some sources it is 1 − Z.",
    zh="Z 与 1 − Z 用反了：这里 Z 表示保留旧状态。（有些资料的约定正相反。）",
    hint_en="Put Z = 1 into your formula. What should be left, and what is?",
    hint_zh="把 Z = 1 代入你的公式：应当剩下什么？实际剩下什么？",
)
def gates_exchanged(Z, H, H_tilde):
    return (1 - Z) * H + Z * H_tilde


@mixture(
    en="The candidate comes in whole: its factor 1 − Z is missing.",
    zh="候选状态整个加了进来，漏乘了 1 − Z。",
    hint_en="The two shares add up to one. What are your two shares?",
    hint_zh="两部分的权重之和是 1。你的两个权重各是多少？",
)
def candidate_whole(Z, H, H_tilde):
    return Z * H + H_tilde


@mixture(
    en="The old state comes in whole: its factor Z is missing.",
    zh="旧状态整个加了进来，漏乘了 Z。",
    hint_en="The two shares add up to one. What are your two shares?",
    hint_zh="两部分的权重之和是 1。你的两个权重各是多少？",
)
def old_state_whole(Z, H, H_tilde):
    return H + (1 - Z) * H_tilde


@mixture(
    en="Both parts are multiplied with Z.",
    zh="两部分都乘了 Z。",
    hint_en="With Z = 0, what should the new state be? What does yours become?",
    hint_zh="Z = 0 时，新状态应当是什么？你的结果是什么？",
)
def same_share(Z, H, H_tilde):
    return Z * H + Z * H_tilde


@mixture(
    en="The new state is the candidate alone: nothing of the old state is kept.",
    zh="新状态就是候选状态，旧状态一点也没有保留。",
    hint_en="Put Z = 1 into your formula. What should be left, and what is?",
    hint_zh="把 Z = 1 代入你的公式：应当剩下什么？实际剩下什么？",
    also={"_in_both_places": {"return H_tilde": "return Z * H_tilde + (1 - Z) * H_tilde"}},
)
def candidate_only(Z, H, H_tilde):
    return H_tilde


@mixture(
    en="A second tanh is put around the mixture.",
    zh="在混合结果外面又套了一个 tanh。",
    hint_en="With Z = 1 the old state must come out unchanged. Does it?",
    hint_zh="Z = 1 时，旧状态应原样返回。你的代码能做到吗？",
)
def activated_again(Z, H, H_tilde):
    return torch.tanh(Z * H + (1 - Z) * H_tilde)


@mixture(
    en="Z is rounded to a choice: one of the two states, not a mixture.",
    zh="把 Z 当成了开关，只取两个状态之一，没有混合。",
    hint_en="What should come out for Z = 0.25? And could such a gate learn?",
    hint_zh="Z = 0.25 时应当得到什么？这样的门还能学习吗？",
)
def hard_choice(Z, H, H_tilde):
    return torch.where(Z > 0.5, H, H_tilde)


@mixture(
    en="The products are matrix products (@); ⊙ multiplies entry by entry.",
    zh="用了矩阵乘法(@)，而 ⊙ 是逐元素相乘。",
    hint_en="All three are (n, h). Which product takes two of them to (n, h) again?",
    hint_zh="三个都是 (n, h)。哪种乘法的结果仍是 (n, h)？",
)
def matrix_product(Z, H, H_tilde):
    return Z @ H + (1 - Z) @ H_tilde


@mixture(
    en="The ones are made on the CPU, wherever Z is.",
    zh="不管 Z 在哪里，torch.ones 都建在 CPU 上。",
    hint_en="Must 1 − Z have a tensor of ones at all?",
    hint_zh="计算 1 − Z 一定要先建一个全 1 的张量吗？",
)
def ones_on_cpu(Z, H, H_tilde):
    return Z * H + (torch.ones(Z.shape, dtype=Z.dtype) - Z) * H_tilde


@mixture(
    en="The arguments are converted to float32, whatever they were.",
    zh="不管输入是什么类型，都被转成了 float32。",
    hint_en="What type does the result have when the inputs are float64?",
    hint_zh="输入是 float64 时，结果是什么类型？",
)
def float32_inside(Z, H, H_tilde):
    return Z.float() * H.float() + (1 - Z.float()) * H_tilde.float()


@mixture(
    en="The old state is detached, so no gradient goes back to the steps before.",
    zh="对旧状态做了 detach，梯度传不回之前的时间步。",
    hint_en="The numbers are right. What would backward() have to pass through?",
    hint_zh="数值是对的。反向传播时梯度要经过哪里？",
)
def state_detached(Z, H, H_tilde):
    return Z * H.detach() + (1 - Z) * H_tilde


@mixture(
    en="The new state is written into H, which belongs to the caller.",
    zh="把新状态写进了 H，而 H 是调用者的数据。",
    hint_en="Print H before and after the call. Which operation changes it in place?",
    hint_zh="在调用前后各打印一次 H。哪个运算原地修改了它？",
)
def state_changed(Z, H, H_tilde):
    H.data *= Z
    return H + (1 - Z) * H_tilde
