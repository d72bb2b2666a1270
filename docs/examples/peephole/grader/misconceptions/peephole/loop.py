"""Mistakes in peephole_lstm: which memory is seen, and which state is carried on.

In ``params`` [0:4] is the input gate's group (W_x, W_h, p, b), [4:8] the forget gate's, [8:12] the
output gate's; [12:15] is the candidate's (no p), [15:17] the output layer's.
"""

import functools

import torch

from grader.misconceptions import wrong
from solutions.peephole import forget_gate, input_gate, output_gate

loop = functools.partial(wrong, "peephole_lstm")


@loop(
    en="The output gate looks at the old memory; it is to look at the new one.",
    zh="输出门看的是旧记忆，应当看新记忆。",
    hint_en="Which gate decides on what is shown after the step? In which line does C change?",
    hint_zh="三个门中，哪一个决定这一步之后显露什么？C 是在哪一行更新的？",
)
def output_gate_looks_back(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        O = output_gate(X, H, C, *params[8:12])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = O * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The parameters of the input and the forget gate are exchanged: i comes first, then f.",
    zh="输入门与遗忘门的参数取反了：应当先 i 后 f。",
    hint_en="Compare your unpacking with the order in the docstring, group by group.",
    hint_zh="与文档里的参数顺序逐组对照。",
)
def input_and_forget_exchanged(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        F, I = forget_gate(X, H, C, *params[0:4]), input_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The forget gate looks through the input gate's peephole p_i.",
    zh="遗忘门用了输入门的窥视孔权重 p_i。",
    hint_en="A copied line keeps old names. Which parameter is never used?",
    hint_zh="复制过来的代码常留着旧名字。哪个参数一次也没用到？",
)
def input_peephole_in_forget(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I = input_gate(X, H, C, *params[0:4])
        F = forget_gate(X, H, C, *params[4:6], params[2], params[7])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The candidate looks at the memory, too (through p_i); only the gates have peepholes.",
    zh="候选记忆也通过 p_i 看了记忆，而只有门才有窥视孔。",
    hint_en="Count the vectors p. For how many of the four formulas are there some?",
    hint_zh="数一数有几个向量 p：四个公式中，哪几个带有它？",
)
def candidate_looks_too(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + C * params[2] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The gates are given H where the memory C belongs.",
    zh="该传记忆 C 的位置传成了 H。",
    hint_en="What stands third in the signature of a gate?",
    hint_zh="门函数的第三个参数是什么？",
)
def gates_look_at_hidden_state(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, H, *params[0:4]), forget_gate(X, H, H, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="Every step starts from the first memory: C is not carried on.",
    zh="每一步都从最初的记忆出发，C 没有传到下一步。",
    hint_en="H is carried on. Is C, too?",
    hint_zh="H 传到了下一步，C 呢？",
)
def memory_not_carried(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        C = state[1]
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The memory is detached at every step, so its gradient goes no further back.",
    zh="每一步都对记忆做了 detach，沿记忆的梯度传不回去。",
    hint_en="The numbers are right. Along which path do an LSTM's gradients reach far back?",
    hint_zh="数值是对的。LSTM 的梯度靠哪条路传到很远的过去？",
)
def memory_detached(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        C = C.detach()
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The state is unpacked as (C, H); it is (H, C).",
    zh="把状态拆成了 (C, H)，应当是 (H, C)。",
    hint_en="With a zero state both orders look alike. What does init_peephole_state return?",
    hint_zh="初始状态为零时看不出区别。init_peephole_state 返回的顺序是什么？",
)
def state_unpacked_crosswise(inputs, state, params):
    (C, H), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The state is returned as (C, H); it is (H, C).",
    zh="返回的状态是 (C, H)，应当是 (H, C)。",
    hint_en="Feed the returned state in again: which matrix becomes H?",
    hint_zh="把返回的状态再传进来：哪个矩阵会成为 H？",
)
def state_returned_crosswise(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (C, H)


@loop(
    en="The outputs are made from the memory C instead of the state H.",
    zh="输出是由记忆 C 算出的，应当用状态 H。",
    hint_en="Y_t = H_t W_hq + b_q. What is the output gate for, if C is shown as it is?",
    hint_zh="Y_t = H_t W_hq + b_q。如果直接输出 C，还要输出门做什么？",
)
def outputs_from_memory(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(C @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="Only H is returned, as from a GRU: the memory C is missing.",
    zh="只返回了 H，像 GRU 那样，缺少记忆 C。",
    hint_en="How many matrices came in with the state?",
    hint_zh="传进来的状态里有几个矩阵？",
)
def memory_not_returned(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H,)


@loop(
    en="The outputs come out in the reverse order of time.",
    zh="输出的时间顺序反了。",
    hint_en="At which end of the list does each new output belong?",
    hint_zh="每个新输出应放在列表的哪一端？",
)
def outputs_reversed(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.insert(0, H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The inputs are taken as one tensor: a list or a tuple fails.",
    zh="把输入当成了一个张量，遇到列表或元组就会出错。",
    hint_en="A list has no .shape. Which loop works for lists and tensors alike?",
    hint_zh="列表没有 .shape。怎样写循环，列表和张量都能用？",
)
def tensor_only(inputs, state, params):
    (H, C), outputs = state, []
    for t in range(inputs.shape[0]):
        X = inputs[t]
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="Only the first sample's state is used, as if the batch size were 1.",
    zh="只用了第一个样本的状态，好像批量大小总是 1。",
    hint_en="Try it with two samples whose states differ.",
    hint_zh="用两个状态不同的样本试一试。",
)
def first_sample_only(inputs, state, params):
    (H, C), outputs = (S[:1].expand_as(S) for S in state), []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The inputs are converted to float32, whatever the parameters are.",
    zh="不管参数是什么类型，输入都被转成了 float32。",
    hint_en="Try float64 inputs and parameters. Which of them keeps its type?",
    hint_zh="用 float64 的输入和参数试一试，谁的类型变了？",
)
def float32_inputs(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        X = X.float()
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    return outputs, (H, C)


@loop(
    en="The last state is written into the caller's state as well.",
    zh="把最后的状态又写回了调用者传进来的状态里。",
    hint_en="Print the state that you passed in, before and after the call.",
    hint_zh="在调用前后各打印一次传进去的状态。",
)
def state_written_back(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append(H @ params[15] + params[16])
    state[0].data.copy_(H)
    return outputs, (H, C)


@loop(
    en="The outputs are moved to the CPU.",
    zh="输出被搬到了 CPU 上。",
    hint_en="Where should the outputs be when the parameters are on a GPU?",
    hint_zh="参数在 GPU 上时，输出应当在哪里？",
)
def moved_to_cpu(inputs, state, params):
    (H, C), outputs = state, []
    for X in inputs:
        I, F = input_gate(X, H, C, *params[0:4]), forget_gate(X, H, C, *params[4:8])
        C = F * C + I * torch.tanh(X @ params[12] + H @ params[13] + params[14])
        H = output_gate(X, H, C, *params[8:12]) * torch.tanh(C)
        outputs.append((H @ params[15] + params[16]).cpu())
    return outputs, (H, C)
