"""Mistakes in state_gradient_norms: another norm, another product, another order."""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bptt import _states

norms = functools.partial(wrong, "state_gradient_norms")


@norms(
    en="The Frobenius norm is taken, the root of the sum of squares.",
    zh="取的是 Frobenius 范数，也就是平方和的平方根。",
    hint_en="‖·‖₂ of a matrix says how far it can stretch a vector. Which number tells that?",
    hint_zh="矩阵的 ‖·‖₂ 表示它最多能把向量拉长多少倍。哪个数说明这一点？",
)
def frobenius(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.norm(jacobian)))
    return norms[::-1]


@norms(
    en="The largest eigenvalue's size is taken instead of the largest singular value.",
    zh="取的是特征值的最大绝对值，应当取最大奇异值。",
    hint_en="For which matrices are eigenvalues and singular values the same? Is J_t one of them?",
    hint_zh="哪些矩阵的特征值与奇异值一致？J_t 属于其中吗？",
)
def spectral_radius(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.eigvals(jacobian).abs().max()))
    return norms[::-1]


@norms(
    en="The largest entry's size is taken for the norm.",
    zh="把绝对值最大的元素当成了范数。",
    hint_en="How far can a matrix of many equal entries stretch a vector?",
    hint_zh="如果矩阵的元素全都相等，它能把向量拉长多少倍？",
)
def largest_entry(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(jacobian.abs().max()))
    return norms[::-1]


@norms(
    en="The squares of the norms are returned.",
    zh="返回的是范数的平方。",
    hint_en="A singular value is the root of an eigenvalue of JᵀJ. Have you taken the root?",
    hint_zh="奇异值是 JᵀJ 特征值的平方根。你开方了吗？",
)
def squared(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.eigvalsh(jacobian.T @ jacobian).max()))
    return norms[::-1]


@norms(
    en="The norms of the single factors are multiplied; the norm of the product is asked for.",
    zh="把各个因子的范数相乘了，要求的是乘积的范数。",
    hint_en="Must every factor stretch most what the factor before has stretched most?",
    hint_zh="前一个因子拉得最长的方向，正好也是后一个因子拉得最长的方向吗？",
)
def product_of_norms(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    product, norms = 1.0, []
    for H_next in reversed(states[1:]):
        factor = (1 - H_next.T**2) * W_hh.T
        product = product * float(torch.linalg.matrix_norm(factor, ord=2))
        norms.append(product)
    return norms[::-1]


@norms(
    en="Each norm is that of one step's Jacobian; the product up to T is missing.",
    zh="每个范数只是单独一步的雅可比矩阵的，没有一直乘到 T。",
    hint_en="How does H_T feel a change of H_0? Go through all the steps between.",
    hint_zh="H_0 的变化怎样影响到 H_T？把中间的每一步都走一遍。",
)
def single_steps(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    norms = []
    for H_next in reversed(states[1:]):
        jacobian = torch.diag(1 - H_next[0] ** 2) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="The norms come in reverse order, the last step's first.",
    zh="范数的顺序反了，最后一步的排在了最前面。",
    hint_en="Your loop goes backwards. In which order does it collect?",
    hint_zh="循环是倒着走的。它收集结果的顺序是怎样的？",
)
def in_reverse_order(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms


@norms(
    en="There are T + 1 norms: the last state's, which is always 1, is included.",
    zh="返回了 T + 1 个范数，多了最后一个状态的（它总是 1）。",
    hint_en="t = 0 … T − 1. How many numbers are these?",
    hint_zh="t = 0 … T − 1，一共是几个数？",
)
def last_state_included(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return [*norms[::-1], 1.0]


@norms(
    en="The norms are those of t = 1 … T: each is taken before its step's factor comes in.",
    zh="返回的是 t = 1 … T 的范数：每次都在乘上这一步的因子之前就取了。",
    hint_en="The last norm is J_(T−1)'s. Can it be 1 whatever the weights are?",
    hint_zh="最后一个范数是 J_(T−1) 的。它会不管权重是什么都等于 1 吗？",
)
def shifted(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
    return norms[::-1]


@norms(
    en="The slopes of tanh are missing: only powers of W_hh are left.",
    zh="漏乘了 tanh 的导数，只剩下 W_hh 的幂。",
    hint_en="Does a saturated tanh let a change through? Where do your factors say so?",
    hint_zh="饱和的 tanh 能让变化传过去吗？你的因子里哪里体现了这一点？",
)
def slopes_missing(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = jacobian @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="The slopes stand on the wrong side of W_hhᵀ.",
    zh="tanh 的导数乘到了 W_hhᵀ 的另一侧。",
    hint_en="Which comes first on the way from H_(s−1) to H_s: the product or tanh?",
    hint_zh="从 H_(s−1) 到 H_s，先做乘积还是先做 tanh？",
)
def slopes_on_the_wrong_side(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian @ W_hh.T) * (1 - H_next**2)
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="Each slope is taken at the old state H_(s−1) instead of H_s.",
    zh="每个导数都取在旧状态 H_(s−1) 处，应当取在 H_s 处。",
    hint_en="tanh'(a) = 1 − tanh(a)². Which state is tanh of step s?",
    hint_zh="tanh'(a) = 1 − tanh(a)²。第 s 步的 tanh 得到的是哪个状态？",
)
def slopes_of_old_states(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[:-1]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="W_hh is not transposed, although the slopes stand on the left of it.",
    zh="导数乘在左边，W_hh 却没有转置。",
    hint_en="Write out ∂H_s[i]/∂H_(s−1)[j] for row vectors: which entry of W_hh is in it?",
    hint_zh="行向量的写法下，写出 ∂H_s[i]/∂H_(s−1)[j]：里面是 W_hh 的哪个元素？",
)
def not_transposed(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="The factors are multiplied in the wrong order: earlier steps stand on the left.",
    zh="因子的次序乘反了：前面的时间步到了左边。",
    hint_en="A change of H_t meets step t + 1 first. On which side of the product does that stand?",
    hint_zh="H_t 的变化先经过第 t + 1 步。它应当在乘积的哪一侧？",
)
def factors_in_reverse(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = torch.diag(1 - H_next[0] ** 2) @ W_hh.T @ jacobian
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


@norms(
    en="The states are computed from zeros, not from the given H.",
    zh="状态是从 0 算起的，没有用传入的 H。",
    hint_en="H_0 = H. What do your states begin with?",
    hint_zh="H_0 = H。你的状态是从什么开始的？",
)
def states_from_zero(inputs, H, W_xh, W_hh, b_h):
    states = _states(inputs, torch.zeros_like(H), W_xh, W_hh, b_h)
    jacobian, norms = torch.eye(H.shape[1], dtype=H.dtype), []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]
