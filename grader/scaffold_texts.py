"""What a new exercise consists of before anybody has changed it; see grader/scaffold.py.

Templates with ``${name}``, the exercise's name, and ``${title}``, the same with spaces. The
mistakes are chosen so that each of the checks catches at least one of them.
"""

STYLE = "einsum"  # the style that is written

SOLUTION = '''
"""Exercise: ${title}.

A start to be replaced: one step of a network with a tanh cell.

    H' = tanh(X W_x + H W_h + b)

Letters: n batch_size, d num_inputs, h num_hiddens. Source: name the paper or the chapter here.
"""

import torch
from torch import Tensor


def ${name}_step(X: Tensor, H: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    """One step: the new state from the input and the old state.

        H' = tanh(X W_x + H W_h + b)

    Shapes: X (n, d), H (n, h), W_x (d, h), W_h (h, h), b (h,) → H' (n, h).

    Watch for: rows are samples, so the weights stand on the right.
    """
    return torch.tanh(X @ W_x + H @ W_h + b)
'''

ENTRY = """
[[exercise]]
name = "${name}"
title = { en = "New exercise: ${title}", zh = "新练习：${title}" }
teaches = { en = "How one step makes a new state from the input and the old state.", zh = "一个时间步怎样由输入和旧状态得到新状态。" }
after = ["rnn"]
functions = ["${name}_step"]
"""  # noqa: E501 - an inline table stands on one line

CHECKS = '''
"""What one step must do (name the source here): exercises/${name}.py.

H' = tanh(X W_x + H W_h + b)
"""

from grader.checking import answers
from grader.checking.cells import gate_saturation
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from tests.checks.shared import gate

reference = answers.reference("solutions.${name}")

STEP = Subject("${name}", "${name}_step", reference.${name}_step, gate)

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [STEP]
)
check_bounds = gate_saturation([STEP], low=-1.0)
'''

CHECK_ROWS = """
# The checks of exercises/${name}.py: a row a check. Standard rows: see standard.toml.

[${name}_step]
shape = { points = 1 }
values = { points = 5, hint = { en = "H' = tanh(X W_x + H W_h + b). Compare term by term.", zh = "H' = tanh(X W_x + H W_h + b)。请逐项对照。" } }
gradients = { points = 3 }
bounds = { points = 3, kind = "property", title = { en = "the state lies between −1 and 1", zh = "状态在 −1 与 1 之间" }, hint = { en = "Which activation has −1 and 1 as its ends?", zh = "哪个激活函数的两端是 −1 和 1？" } }
precision = { points = 1 }
purity = { points = 1 }
device = { points = 1 }
"""  # noqa: E501 - an inline table stands on one line

WRONG = '''
"""Wrong versions of the functions in exercises/${name}.py, as learners really write them."""

import functools

import torch

from grader.misconceptions import wrong

step = functools.partial(wrong, "${name}_step")
'''

# name, body, en, zh, hint_en, hint_zh
MISTAKES = (
    (
        "bias_missing",
        "return torch.tanh(X @ W_x + H @ W_h)",
        "The bias b is not added.",
        "漏加了偏置 b。",
        "Count the terms inside the activation: the equation has three.",
        "数一数激活函数里有几项：公式里有三项。",
    ),
    (
        "sigmoid_instead",
        "return torch.sigmoid(X @ W_x + H @ W_h + b)",
        "The activation is σ instead of tanh.",
        "激活函数用成了 σ，应当用 tanh。",
        "Set all parameters to zero: which value should come out, and which does?",
        "把参数全设为零：应当得到什么值？实际得到什么？",
    ),
    (
        "state_weight_transposed",
        "return torch.tanh(X @ W_x + H @ W_h.T + b)",
        "The state is multiplied with the transpose of W_h.",
        "与状态相乘的是 W_h 的转置。",
        "A square matrix fits either way round, with no error. What does the equation say?",
        "方阵转置后形状不变，不会报错。公式里有转置吗？",
    ),
    (
        "state_detached",
        "return torch.tanh(X @ W_x + H.detach() @ W_h + b)",
        "The old state is detached: no gradient reaches the steps before.",
        "对旧状态做了 detach，梯度传不到更早的时间步。",
        "The numbers are right. How should the steps before this one learn?",
        "数值是对的。之前的时间步要靠什么来学习？",
    ),
    (
        "returned_in_a_tuple",
        "return (torch.tanh(X @ W_x + H @ W_h + b),)",
        "The new state is returned in a tuple; one step returns the matrix itself.",
        "把新状态装进元组返回了，一个时间步应直接返回矩阵。",
        "Print the type of the result. Is it the one that the docstring names?",
        "打印返回值的类型。与文档里写的一致吗？",
    ),
    (
        "float32_inside",
        "return torch.tanh(X.float() @ W_x.float() + H.float() @ W_h.float() + b.float())",
        "The arguments are converted to float32, whatever they were.",
        "不管输入是什么类型，都被转成了 float32。",
        "What type does the result have when the inputs are float64?",
        "输入是 float64 时，结果是什么类型？",
    ),
    (
        "written_into_state",
        "return H.data.copy_(torch.tanh(X @ W_x + H @ W_h + b))",
        "The result is written into H, which belongs to the caller.",
        "把结果写进了 H，而 H 是调用者的数据。",
        "Print H before and after the call. Who else still needs the old one?",
        "在调用前后各打印一次 H。还有谁要用旧的 H？",
    ),
    (
        "moved_to_cpu",
        "return torch.tanh(X @ W_x + H @ W_h + b).cpu()",
        "The result is moved to the CPU.",
        "结果被搬到了 CPU 上。",
        "Where should the result be when the inputs are on a GPU?",
        "输入在 GPU 上时，结果应当在哪里？",
    ),
)

OTHER = '''
"""Everything as torch.einsum."""

import torch


def ${name}_step(X, H, W_x, W_h, b):
    return (torch.einsum("nd,dh->nh", X, W_x) + torch.einsum("ng,gh->nh", H, W_h) + b).tanh()
'''

PAGE = """
# ${name}: a heading

[中文](${name}.zh.md)

## The idea

Say in a few sentences what is new here, and why one wants it.

![one step](figures/${name}.svg)

## The equations

```
H' = tanh(X W_x + H W_h + b)        (n, h)
```

## Usual mistakes

- **The bias is missing.** To see it: set both weights to zero; the state must then be tanh(b).
- **W_h is transposed.** To see it: give H one row of the identity; a row of W_h must come out.

## Further reading

- The paper, the chapter.
"""

PAGE_ZH = """
# ${name}：标题

[English](${name}.md)

## 想法

用几句话说明新在哪里、为什么需要它。

![一个时间步](figures/${name}.svg)

## 公式

```
H' = tanh(X W_x + H W_h + b)        (n, h)
```

## 常见错误

- **漏了偏置。** 检查方法：两个权重都取零，状态就应当等于 tanh(b)。
- **W_h 转置了。** 检查方法：让 H 的一行取单位矩阵的一行，应当得到 W_h 的对应一行。

## 延伸阅读

- 论文或教材的章节。
"""

FIGURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60" font-size="16" text-anchor="middle">
<rect width="240" height="60" fill="#ffffff"/>
<rect x="80" y="10" width="80" height="40" rx="6" fill="none" stroke="#0072b2" stroke-width="2"/>
<text x="120" y="35">tanh</text><text x="20" y="35">X, H</text><text x="220" y="35">H'</text>
<path d="M45 30H78M162 30H200" stroke="#222222" stroke-width="2"/>
</svg>
"""

ROWS = {  # a line for the tables that list the exercises
    "exercises/README.md": "| `${name}` | what it teaches, in a few words | `rnn` |",
    "exercises/README.zh.md": "| `${name}` | 用几个词说明学什么 | `rnn` |",
    "docs/README.md": "| [${name}](${name}.md) | what it is about |",
    "docs/README.zh.md": "| [${name}](${name}.zh.md) | 内容 |",
}
