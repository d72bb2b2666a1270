"""Mistakes in deep_gru: what goes up from layer to layer, and which parameters belong to which.

In ``params`` [9 l : 9 l + 9] are layer l's: the update gate, the reset gate and the candidate.
"""

import functools

import torch
from torch.nn import functional as F

from grader.misconceptions import wrong
from solutions.deep import candidate_state, next_state, reset_gate, update_gate

loop = functools.partial(wrong, "deep_gru")


@loop(
    en="All layers read the input X_t; the upper ones should read the state of the layer below.",
    zh="每一层读的都是输入 X_t，上面各层应当读下一层的状态。",
    hint_en="What is X in your second layer, and where would the first layer's new state go?",
    hint_zh="你的第二层读的是什么？第一层的新状态传到哪里去了？",
)
def inputs_to_all_layers(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Upper layers read the old state of the layer below, from the step before.",
    zh="上面各层读的是下一层上一时间步的旧状态。",
    hint_en="In the equation, does the state from below carry t or t−1?",
    hint_zh="公式里，从下一层传上来的状态的下标是 t 还是 t−1？",
)
def old_state_below(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        below = [X, *states[:-1]]
        for l, H in enumerate(states):
            p, X = params[9 * l : 9 * l + 9], below[l]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="At every step the upper layers read the last state of the layer below, H_T.",
    zh="每个时间步，上面各层读的都是下一层最后的状态 H_T。",
    hint_en="A layer hands up a sequence of states. Which one belongs to step t?",
    hint_zh="每一层向上传的是一串状态。第 t 步该用其中哪一个？",
)
def last_state_below(inputs, state, params):
    sequence, states = list(inputs), []
    for l, H in enumerate(state):
        p, below, sequence = params[9 * l : 9 * l + 9], sequence, []
        for X in below:
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            H = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            sequence.append(H)
        states.append(H)
        top, sequence = sequence, [H] * len(sequence)
    return [H @ params[-2] + params[-1] for H in top], tuple(states)


@loop(
    en="The candidate goes up to the next layer instead of the new state.",
    zh="传给上一层的是候选状态，应当传新状态。",
    hint_en="H_tilde or H: which of them is the layer's state after the step?",
    hint_zh="H_tilde 和 H，哪个是这一层走完这一步之后的状态？",
)
def candidate_goes_up(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = candidate_state(X, H, R, *p[6:])
            states[l] = next_state(Z, H, X)
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Each upper layer's input is added to its new state, as in a residual network.",
    zh="上面各层把自己的输入加到了新状态里，成了残差连接。",
    hint_en="Which equation of this exercise has such a sum between layers?",
    hint_zh="本题的哪个公式里，层与层之间有这样的加法？",
)
def residual_connections(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            new = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            X = states[l] = X + new if l else new
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Another tanh is put between the layers.",
    zh="层与层之间多做了一次 tanh。",
    hint_en="A state lies between −1 and 1 already. What may happen to it on its way up?",
    hint_zh="状态本来就在 −1 与 1 之间。向上传时还要做什么运算吗？",
)
def tanh_between_layers(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            X = torch.tanh(states[l])
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="Dropout is put between the layers.",
    zh="层与层之间加了 dropout。",
    hint_en="Call it twice with the same arguments. Are the outputs equal?",
    hint_zh="用同样的参数调用两次，输出相同吗？",
)
def dropout_between_layers(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            X = F.dropout(states[l], 0.2)
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The state is detached on its way up, so the lower layers learn nothing.",
    zh="状态向上传时做了 detach，下面各层得不到梯度，学不到东西。",
    hint_en="The numbers are right. Which parameters have no gradient after backward()?",
    hint_zh="数值是对的。backward() 之后，哪些参数没有梯度？",
)
def detached_between_layers(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            p = params[9 * l : 9 * l + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
            X = states[l].detach()
        outputs.append(states[-1] @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The first layer's parameters are used for all layers.",
    zh="每一层用的都是第一层的参数。",
    hint_en="Where does the number of the layer come into your choice of parameters?",
    hint_zh="你取参数的代码里，哪里体现了这是第几层？",
)
def first_parameters_for_all(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            Z, R = update_gate(X, H, *params[:3]), reset_gate(X, H, *params[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *params[6:9]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The parameters are given to the layers from top to bottom.",
    zh="参数与层的对应反了，从上往下分给了各层。",
    hint_en="The first nine parameters: which layer's are they?",
    hint_zh="最前面的九个参数是哪一层的？",
)
def parameters_from_top(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            first = 9 * (len(states) - 1 - l)
            p = params[first : first + 9]
            Z, R = update_gate(X, H, *p[:3]), reset_gate(X, H, *p[3:6])
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, *p[6:]))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)


@loop(
    en="The upper layers' hidden weights W_h are the first layer's.",
    zh="上面各层的 W_h 用的是第一层的。",
    hint_en="Which parameters of the second layer get no gradient?",
    hint_zh="第二层的哪些参数没有得到梯度？",
)
def hidden_weights_of_first(inputs, state, params):
    states, outputs = list(state), []
    for X in inputs:
        for l, H in enumerate(states):
            W_z, _, b_z, W_r, _, b_r, W_h, _, b_h = params[9 * l : 9 * l + 9]
            Z = update_gate(X, H, W_z, params[1], b_z)
            R = reset_gate(X, H, W_r, params[4], b_r)
            X = states[l] = next_state(Z, H, candidate_state(X, H, R, W_h, params[7], b_h))
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(states)
