"""Mistakes that all three loops can have in the state they carry, as whole loops have them.

See loops.py. A form is added to a name where the same mistake raises or returns something else.
"""

import functools

import torch

from grader.misconceptions import wrong
from grader.misconceptions.shared.loops import LET, loop
from solutions.rnn import rnn_step

# The step into names of its own, so that the old state stays what it was.
NEW = "S = (rnn_step(X, H, *params[:3]),)"
GRU_NEW = """Z, R = update_gate(X, H, *params[0:3]), reset_gate(X, H, *params[3:6])
S = (next_state(Z, H, candidate_state(X, H, R, *params[6:9])),)"""
LSTM_NEW = """I, F = input_gate(X, H, *params[0:3]), forget_gate(X, H, *params[3:6])
O = output_gate(X, H, *params[6:9])
C_new = next_memory(F, C, I, candidate_memory(X, H, *params[9:12]))
S = (next_state(O, C_new), C_new)"""
KEPT = {"rnn.rnn": {}, "gru.gru": {NEW: GRU_NEW}, "lstm.lstm": {NEW: LSTM_NEW, "(H,)": "(H, C)"}}
ONE = {name: LET[name] for name in ("rnn.rnn", "gru.gru")}


@functools.partial(wrong, *KEPT, let=KEPT)(
    en="The new state never takes the old one's place: every step starts from the first state, "
    "and that one is returned.",
    zh="新状态从未取代旧状态：每一步都从初始状态出发，返回的也是它。",
    hint_en="Follow the name that holds the state. Where is it given a new value?",
    hint_zh="跟踪保存状态的那个名字：它在哪里被赋了新值？",
)
def state_never_assigned(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        S = (rnn_step(X, H, *params[:3]),)
        outputs.append(S[0] @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="Every step starts from zeros again: nothing is carried from step to step.",
    zh="每一步都重新从零开始，什么也没有传到下一步。",
    hint_en="What does the second step know about the first one?",
    hint_zh="第二步知道第一步读到了什么吗？",
)
def zeros_at_each_step(inputs, state, params):
    outputs = []
    for X in inputs:
        (H,) = (torch.zeros_like(S) for S in state)
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="Every step starts from random numbers instead of the state before it.",
    zh="每一步都从随机数出发，没有用上一步的状态。",
    hint_en="Call it twice with the same inputs. Should the outputs differ?",
    hint_zh="用同样的输入调用两次，输出应当不同吗？",
    also={
        "_by_rand": {"torch.randn_like": "torch.rand_like"},
        "_by_shape": {
            "(torch.randn_like(S) for S in state)": "(torch.randn(S.shape, dtype=S.dtype, "
            "device=S.device) * 0.01 for S in state)"
        },
    },
)
def random_at_each_step(inputs, state, params):
    outputs = []
    for X in inputs:
        (H,) = (torch.randn_like(S) for S in state)
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@loop(
    en="The loop starts from random numbers: the incoming state is ignored.",
    zh="循环从随机数出发，没有用传进来的状态。",
    hint_en="Call it with two different states. Do the outputs follow them?",
    hint_zh="用两个不同的状态各调用一次，输出随之变化吗？",
    also={"_by_rand": {"torch.randn_like": "torch.rand_like"}},
)
def starts_at_random(inputs, state, params):
    (H,), outputs = (torch.randn_like(S) for S in state), []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@functools.partial(wrong, *ONE, let=ONE)(
    en="The state that comes in is used as a matrix, but it is a tuple: (H,).",
    zh="把传进来的状态直接当成矩阵用了，而它是一个元组：(H,)。",
    hint_en="Print type(state). How do you take the one matrix out of it?",
    hint_zh="打印 type(state) 看看。怎样取出里面唯一的矩阵？",
)
def bare_state_in(inputs, state, params):
    H, outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, (H,)


@functools.partial(wrong, *ONE, let=ONE)(
    en="The state that is returned is wrapped once too often: ((H,),).",
    zh="返回的状态多套了一层元组：((H,),)。",
    hint_en="Feed the returned state in again: what does your code take out of it?",
    hint_zh="把返回的状态再传进来：你的代码会从中取出什么？",
)
def state_wrapped_twice(inputs, state, params):
    (H,), outputs = state, []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        outputs.append(H @ params[-2] + params[-1])
    return outputs, ((H,),)
