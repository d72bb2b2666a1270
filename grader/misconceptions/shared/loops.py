"""Mistakes that all three loops can have: what goes in, and which state is carried on.

Written for the RNN; the GRU and the LSTM have the same mistake around their own step and state.
"""

import functools

import torch

from grader.misconceptions import wrong
from solutions.rnn import rnn_step

RNN_STEP = "H = rnn_step(X, H, *params[:3])"
GRU_STEP = """Z = update_gate(X, H, *params[0:3])
R = reset_gate(X, H, *params[3:6])
H_tilde = candidate_state(X, H, R, *params[6:9])
H = next_state(Z, H, H_tilde)"""
LSTM_STEP = """I = input_gate(X, H, *params[0:3])
F = forget_gate(X, H, *params[3:6])
O = output_gate(X, H, *params[6:9])
C = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
H = next_state(O, C)"""
LET = {
    "rnn.rnn": {},
    "gru.gru": {RNN_STEP: GRU_STEP},
    "lstm.lstm": {RNN_STEP: LSTM_STEP, "(H,)": "(H, C)"},
}

loop = functools.partial(wrong, *LET, let=LET)


@loop(
    en="Every step starts from the first state: the new state is not carried on.",
    zh="每一步都从初始状态出发，新状态没有传到下一步。",
    hint_en="Which state does the second step start from in your loop?",
    hint_zh="在你的循环里，第二步是从哪个状态出发的？",
)
def state_not_carried(inputs, state, params):
    outputs = []
    for X in inputs:
        (H,) = state
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The state that came in is returned, not the last one.",
    zh="返回的是传进来的初始状态，应当返回最后的状态。",
    hint_en="What must the next call start from, so that the sequence goes on?",
    hint_zh="要让序列接着算下去，下一次调用应当从什么状态开始？",
)
def first_state_returned(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, state


@loop(
    en="The state is returned as a bare matrix, not in a tuple.",
    zh="返回的状态是一个矩阵，不是元组。",
    hint_en="Feed the returned state in again: can your own code unpack it?",
    hint_zh="把返回的状态再传进来：你自己的代码能拆开它吗？",
    also={
        "_joined": {"return outputs": "return torch.cat(outputs, dim=0)"},
        "_stacked": {"return outputs": "return torch.stack(outputs)"},
    },
)
def bare_state(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, H


@loop(
    en="The states of all steps are returned, not only the last.",
    zh="返回了所有时间步的状态，应当只返回最后一个。",
    hint_en="How long is your state after 3 steps, and how long was the one that came in?",
    hint_zh="走了 3 步之后，你返回的状态有几个元素？传进来的有几个？",
)
def all_states_returned(inputs, state, params):
    (H,), outputs, states = state, [], []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        states.append(H)
        outputs.append(H @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The incoming state is ignored: the loop starts from zeros.",
    zh="没有用传进来的状态，而是从零开始。",
    hint_en="Call it with two different states. Do the outputs differ?",
    hint_zh="用两个不同的状态各调用一次，输出有区别吗？",
)
def starts_from_zeros(inputs, state, params):
    (H,), outputs = (torch.zeros_like(S) for S in state), []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="Only the first sample's state is used, as if the batch size were 1.",
    zh="只用了第一个样本的状态，好像批量大小总是 1。",
    hint_en="Try it with two samples whose states differ.",
    hint_zh="用状态不同的两个样本试试。",
)
def first_sample_only(inputs, state, params):
    (H,), outputs = (S[:1].expand_as(S) for S in state), []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The last input is never read.",
    zh="最后一个输入没有读到。",
    hint_en="Count the steps: T inputs, T outputs. Where does your range end?",
    hint_zh="数一数步数：T 个输入，T 个输出。你的循环到哪里为止？",
)
def last_input_dropped(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs[:-1]:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The inputs are taken as one tensor: a list or a tuple fails.",
    zh="把输入当成了一个张量，遇到列表或元组就会出错。",
    hint_en="A list has no .shape. Which loop works for lists and tensors alike?",
    hint_zh="列表没有 .shape。怎样写循环，才能对列表和张量都适用？",
)
def tensor_only(inputs, state, params):
    (H,), outputs = state, []
    for t in range(inputs.shape[0]):
        X = inputs[t]
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The inputs are taken out of the caller's list, which is empty afterwards.",
    zh="把输入从调用者的列表里逐个取走了，调用之后列表是空的。",
    hint_en="Call it twice with the same list. And what does pop do to a tuple?",
    hint_zh="用同一个列表调用两次试试。元组有 pop 吗？",
)
def inputs_consumed(inputs, state, params):
    (H,), outputs = state, []
    while len(inputs):
        X = inputs.pop(0)
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The state is detached at every step, so no gradient goes back in time.",
    zh="每一步都对状态做了 detach，梯度传不回过去。",
    hint_en="Detaching belongs between batches. What does it cut inside the loop?",
    hint_zh="detach 应当用在两个批量之间。用在循环里会切断什么？",
)
def detached_each_step(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        (H,) = (S.detach() for S in (H,))
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The incoming state is detached here; that is for the training loop to do.",
    zh="在这里对传入的状态做了 detach，那是训练循环的事。",
    hint_en="Who decides how far gradients go back: the network, or who calls it?",
    hint_zh="梯度往回传多远由谁决定：网络，还是调用网络的人？",
)
def first_state_detached(inputs, state, params):
    (H,), outputs = (S.detach() for S in state), []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The last state is written into the caller's state as well.",
    zh="把最后的状态又写回了调用者传进来的状态里。",
    hint_en="Print the state that you passed in, before and after the call.",
    hint_zh="在调用前后各打印一次传进来的状态。",
)
def state_written_back(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    state[0].data.copy_(H)
    return outputs, (H,)


@loop(
    en="Numbers become float32 on the way (the inputs, say), whatever the parameters are.",
    zh="不管参数是什么类型，中途都有数（例如输入）被转成了 float32。",
    hint_en="Try float64 inputs and parameters. Which of them keeps its type?",
    hint_zh="输入和参数都用 float64 试试。谁的类型变了？",
)
def float32_inputs(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        X = X.float()
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)
