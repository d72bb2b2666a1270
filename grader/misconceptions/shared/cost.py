"""Right but costly: the three loops with the right values, at a price that grows or need not be.

Written for the RNN; the GRU and the LSTM have the same mistake around their own step and state.
"""

import torch

from grader.misconceptions.shared.loops import loop
from solutions.rnn import rnn_step


@loop(
    en="The samples of a batch are computed one after the other, in a loop.",
    zh="用循环逐个计算批量中的样本。",
    hint_en="X has n rows. What does X @ W do with all of them at once?",
    hint_zh="X 有 n 行。X @ W 一次会算出哪些行？",
)
def sample_by_sample(inputs, state, params):
    outputs, last = [[] for _ in range(len(inputs))], []
    for i in range(len(state[0])):
        (H,) = (matrix[i : i + 1] for matrix in state)
        for t in range(len(inputs)):
            X = inputs[t][i : i + 1]
            H = rnn_step(X, H, *params[:3])
            outputs[t].append(H @ params[-2] + params[-1])
        last.append((H,))
    return [torch.cat(rows) for rows in outputs], tuple(map(torch.cat, zip(*last, strict=True)))


@loop(
    en="The outputs are computed one column after the other, in a loop over the q outputs.",
    zh="用循环逐列计算 q 个输出。",
    hint_en="One matrix product gives all q columns.",
    hint_zh="一次矩阵乘法就能得到全部 q 列。",
)
def output_by_output(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        columns = [H @ params[-2][:, k] + params[-1][k] for k in range(len(params[-1]))]
        outputs.append(torch.stack(columns, 1))
    return outputs, (H,)


@loop(
    en="For every output the sequence is computed again from its first step.",
    zh="为了得到每一步的输出，都从第一个时间步重新算起。",
    hint_en="Which result of the step before is all that the next one needs?",
    hint_zh="下一步只需要上一步的哪个结果？",
)
def begins_again(inputs, state, params):
    outputs = []
    for t in range(len(inputs)):
        (H,) = state
        for X in inputs[: t + 1]:
            H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="Every step asks whether the state is finite: the program waits for the answer.",
    zh="每一步都检查状态是否有限：程序要停下来等结果。",
    hint_en="`if` on a tensor needs its number now. Can the question wait until after the loop?",
    hint_zh="对张量写 if，就要立刻得到它的数值。这个检查能放到循环之后吗？",
)
def asks_at_every_step(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        if not torch.isfinite(H).all():
            raise ValueError("the state is not finite")
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="Statistics of all parameters are computed at every step, and thrown away.",
    zh="每一步都计算所有参数的统计量，然后丢掉。",
    hint_en="What was only there to look at while you searched for a fault?",
    hint_zh="哪些语句只是找错时用来观察的？",
)
def statistics_at_every_step(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        for tensor in (X, H, *params):
            _ = tensor.mean(), tensor.std(), tensor.min(), tensor.max(), tensor.norm(), tensor.sum()
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)
