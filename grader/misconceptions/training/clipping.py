"""Mistakes in grad_clipping."""

import math

import torch

from grader.misconceptions import wrong


@wrong(
    "training.grad_clipping",
    en="Each parameter is clipped by its own norm, which changes the gradient's direction.",
    zh="每个参数按各自的范数裁剪，梯度的方向因此改变了。",
    hint_en="g is all gradients together, as one long vector: one norm, one factor.",
    hint_zh="g 是所有梯度拼成的一个长向量：一个范数，一个系数。",
)
def each_parameter_alone(params, theta, device=None):
    for param in params:
        if param.grad is not None and param.grad.norm() > theta:
            param.grad.mul_(theta / param.grad.norm())


@wrong(
    "training.grad_clipping",
    en="Each entry is clamped to [-theta, theta]; it is the norm that should be limited.",
    zh="把每个元素限制在 [-theta, theta] 内，而要限制的是范数。",
    hint_en="Clipping keeps the direction: all entries are multiplied by the same factor.",
    hint_zh="裁剪不改变方向：所有元素乘以同一个系数。",
)
def clamped_by_value(params, theta, device=None):
    for param in params:
        if param.grad is not None:
            param.grad.clamp_(-theta, theta)


@wrong(
    "training.grad_clipping",
    en="The norms of the parameters are added; their squares should be, with one root at the end.",
    zh="把各参数的范数直接相加了，应把平方相加，最后再开方。",
    hint_en="(3) and (4) together have length 5, not 7.",
    hint_zh="(3) 和 (4) 合在一起长度是 5，不是 7。",
)
def norms_added(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = sum(float(grad.norm()) for grad in grads)
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The square root is missing: the squared norm is compared with theta.",
    zh="没有开方：与 theta 比较的是范数的平方。",
    hint_en="What is the length of the vector (3, 4)?",
    hint_zh="向量 (3, 4) 的长度是多少？",
)
def no_square_root(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = sum(float((grad**2).sum()) for grad in grads)
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The norm is the sum of absolute values (L1); it should be the Euclidean norm (L2).",
    zh="范数用了绝对值之和（L1），应为欧几里得范数（L2）。",
    hint_en="What is the length of the vector (3, 4)?",
    hint_zh="向量 (3, 4) 的长度是多少？",
)
def absolute_values_added(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = sum(float(grad.abs().sum()) for grad in grads)
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The largest of the parameters' norms is used, not the norm of all together.",
    zh="用的是各参数范数中最大的一个，而不是全体的范数。",
    hint_en="Every parameter's gradient adds to the length of the whole vector.",
    hint_zh="每个参数的梯度都会增加整个向量的长度。",
)
def largest_norm(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = max((float(grad.norm()) for grad in grads), default=0.0)
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="Only the last parameter's norm is used: it is overwritten in each round of the loop.",
    zh="只用了最后一个参数的范数：循环每一轮都把它覆盖了。",
    hint_en="A sum over parameters needs +=.",
    hint_zh="对各参数求和要用 +=。",
)
def norm_of_the_last_only(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    for grad in grads:
        norm = float(grad.norm())
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The gradients are always rescaled to theta, so small ones grow.",
    zh="总是把梯度缩放到 theta，小的梯度反而变大了。",
    hint_en="The factor is min(1, theta / norm): it never exceeds 1.",
    hint_zh="系数是 min（1, theta / 范数），不会超过 1。",
)
def always_rescaled(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    for grad in grads:
        grad.mul_(theta / norm if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The root of the mean square is used: the norm is divided by the number of entries.",
    zh="用的是均方根：范数被元素个数平均了。",
    hint_en="A norm is a length, not an average: nothing is divided by the number of entries.",
    hint_zh="范数是长度而不是平均值，不用除以元素个数。",
)
def root_mean_square(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    count = sum(grad.numel() for grad in grads)
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads) / max(count, 1))
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The parameters themselves are scaled, not their gradients.",
    zh="缩放的是参数本身，而不是它们的梯度。",
    hint_en="p or p.grad: which of the two should become shorter?",
    hint_zh="p 和 p.grad，要变短的是哪一个？",
)
def parameters_scaled(params, theta, device=None):
    params = [param for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((param.grad**2).sum()) for param in params))
    with torch.no_grad():
        for param in params:
            param.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The norm is that of the parameters, not of their gradients.",
    zh="范数是按参数计算的，而不是按梯度计算的。",
    hint_en="p or p.grad: the length of which one is limited?",
    hint_zh="p 和 p.grad，要限制长度的是哪一个？",
)
def norm_of_the_parameters(params, theta, device=None):
    params = [param for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((param.detach() ** 2).sum()) for param in params))
    for param in params:
        param.grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="Clipped copies are returned, but the gradients stay as they were.",
    zh="返回的是裁剪后的副本，梯度本身没有变。",
    hint_en="The caller reads p.grad afterwards. Which operation changes a tensor in place?",
    hint_zh="调用者随后读的是 p.grad。什么运算会原地修改张量？",
)
def copies_returned(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    return [grad * (min(1.0, theta / norm) if norm else 1.0) for grad in grads]


@wrong(
    "training.grad_clipping",
    en="params is walked through twice; the second time a generator is empty: nothing is clipped.",
    zh="params 遍历了两次；若它是生成器，第二次就是空的，什么也没裁剪。",
    hint_en="model.parameters() can be read once. How do you keep what it gave?",
    hint_zh="model.parameters() 只能读一遍。怎样把读到的留下来？",
)
def generator_read_twice(params, theta, device=None):
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params if p.grad is not None))
    for param in params:
        if param.grad is not None:
            param.grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="A parameter that has no gradient yet makes the function crash.",
    zh="遇到还没有梯度的参数，函数就会报错。",
    hint_en="Before the first backward, p.grad is None. Pass over such parameters.",
    hint_zh="第一次 backward 之前 p.grad 是 None，应当跳过这样的参数。",
)
def missing_gradient_crashes(params, theta, device=None):
    grads = [param.grad for param in params]
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The loop ends at the first parameter without a gradient; those after it are left out.",
    zh="遇到第一个没有梯度的参数，循环就结束了，后面的都被漏掉。",
    hint_en="Passing over one item of a loop is not the same as leaving the loop.",
    hint_zh="跳过循环中的一项，与离开循环是两回事。",
)
def stops_at_missing_gradient(params, theta, device=None):
    grads = []
    for param in params:
        if param.grad is None:
            break
        grads.append(param.grad)
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    for grad in grads:
        grad.mul_(min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The factor is theta² / norm², so clipped gradients come out too short.",
    zh="系数用了 theta² / 范数²，裁剪后的梯度过短。",
    hint_en="After clipping the norm must be exactly theta. Which factor does that?",
    hint_zh="裁剪之后范数应恰好等于 theta。系数应取多少？",
)
def ratio_of_squares(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    square = sum(float((grad**2).sum()) for grad in grads)
    for grad in grads:
        grad.mul_(min(1.0, theta**2 / square) if square else 1.0)


@wrong(
    "training.grad_clipping",
    en="p.grad is replaced by a scaled copy instead of being changed in place.",
    zh="把 p.grad 换成了缩放后的副本，而没有原地修改。",
    hint_en="Whoever holds the gradient tensor must see the change: use mul_ or *= on it.",
    hint_zh="持有这个梯度张量的地方都应看到变化：对它用 mul_ 或 *=。",
)
def gradient_replaced(params, theta, device=None):
    params = [param for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((param.grad**2).sum()) for param in params))
    for param in params:
        param.grad = param.grad * (min(1.0, theta / norm) if norm else 1.0)


@wrong(
    "training.grad_clipping",
    en="The condition is reversed: large gradients stay, small ones are stretched.",
    zh="条件写反了：大的梯度不动，小的反而被拉长。",
    hint_en="Which gradients are dangerous: those above theta or those below?",
    hint_zh="危险的是超过 theta 的梯度，还是小于 theta 的？",
)
def condition_reversed(params, theta, device=None):
    grads = [param.grad for param in params if param.grad is not None]
    norm = math.sqrt(sum(float((grad**2).sum()) for grad in grads))
    if 0 < norm < theta:
        for grad in grads:
            grad.mul_(theta / norm)
