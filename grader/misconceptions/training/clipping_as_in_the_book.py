"""Two mistakes in grad_clipping at once, as the book's own code has them."""

import math

from grader.misconceptions import wrong


@wrong(
    "training.grad_clipping",
    en="Two faults: params is read twice, so from a generator nothing is clipped; and a parameter "
    "without a gradient makes the function crash.",
    zh="有两处错误：params 读了两遍，遇到生成器就什么也没裁剪；遇到没有梯度的参数又会报错。",
    hint_en="Collect the gradients in a list first, and pass over those that are None.",
    hint_zh="先把梯度收进一个列表，并跳过为 None 的梯度。",
    also={
        "_in_float32": {
            "norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params))": "norm = "
            "torch.tensor([0.0])\nfor p in params:\n    norm += (p.grad.data**2).sum()\n"
            "norm = norm.sqrt().item()"
        }
    },
)
def read_twice_and_missing_gradient(params, theta, device=None):
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params))
    if norm > theta:
        for param in params:
            param.grad.mul_(theta / norm)
