"""Mistakes in birnn: what each direction reads, with which parameters, from which state.

In ``params`` [0:3] are the forward direction's, [3:6] the backward direction's.
"""

import functools

import torch

from grader.misconceptions import wrong
from solutions.bidirectional import rnn_step

loop = functools.partial(wrong, "birnn")


@loop(
    en="The backward direction reads the inputs from first to last, too.",
    zh="后向也是从第一步读到最后一步，没有倒着读。",
    hint_en="Change the last input. Which direction must show it in the first output?",
    hint_zh="改动最后一个输入，哪个方向应当让第一个输出也跟着变？",
)
def both_read_forwards(inputs, state, params):
    (H_f, H_b), outputs = state, []
    for X in inputs:
        H_f, H_b = rnn_step(X, H_f, *params[:3]), rnn_step(X, H_b, *params[3:6])
        outputs.append(torch.cat([H_f, H_b], dim=1) @ params[6] + params[7])
    return outputs, (H_f, H_b)


@loop(
    en="The backward direction reads forwards, and only its list of states is turned round.",
    zh="后向是顺着读的，只把算出的状态列表倒了过来。",
    hint_en="What has to run backwards: the reading, or only the list of results?",
    hint_zh="要倒过来的是读的顺序，还是只是结果的列表？",
)
def only_states_turned(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f, H_b = rnn_step(X, H_f, *params[:3]), rnn_step(X, H_b, *params[3:6])
        rightward.append(H_f)
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Both directions use the forward parameters.",
    zh="两个方向用的都是前向的参数。",
    hint_en="Which of the eight parameters are never used?",
    hint_zh="八个参数中，哪些一次也没用到？",
)
def forward_parameters_twice(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[:3])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The parameters of the two directions are exchanged.",
    zh="两个方向的参数用反了。",
    hint_en="Compare your unpacking with get_params: which direction comes first?",
    hint_zh="与 get_params 对照拆包的顺序：哪个方向在前？",
)
def parameters_exchanged(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[3:6])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[:3])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The backward step uses the forward direction's W_hh.",
    zh="后向的每一步用了前向的 W_hh。",
    hint_en="A copied line keeps old names. Which parameter is never used?",
    hint_zh="复制过来的代码常留着旧名字。哪个参数一次也没用到？",
)
def forward_weight_in_backward(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, params[3], params[1], params[5])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The backward direction's bias is left out.",
    zh="后向漏加了偏置。",
    hint_en="Follow each parameter to the place where it is used. Which has none?",
    hint_zh="逐个找到每个参数用在哪里。哪个没有用到？",
)
def backward_bias_missing(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = torch.tanh(X @ params[3] + H_b @ params[4])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The cells use sigmoid; here they use tanh.",
    zh="状态用了 sigmoid，这里应当用 tanh。",
    hint_en="A state may be negative. Which of the two functions allows that?",
    hint_zh="状态可以是负数。两个函数中哪个能得到负数？",
)
def sigmoid_cells(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = torch.sigmoid(X @ params[0] + H_f @ params[1] + params[2])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = torch.sigmoid(X @ params[3] + H_b @ params[4] + params[5])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The backward direction starts from the forward one's last state.",
    zh="后向从前向最后的状态出发。",
    hint_en="Whose is the second matrix of the incoming state?",
    hint_zh="传进来的第二个状态是给谁用的？",
)
def starts_from_forward_end(inputs, state, params):
    (H, _), rightward, leftward = state, [], []
    for X in inputs:
        H = rnn_step(X, H, *params[:3])
        rightward.append(H)
    for X in reversed(list(inputs)):
        H = rnn_step(X, H, *params[3:6])
        leftward.insert(0, H)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (rightward[-1], leftward[0])


@loop(
    en="The backward direction starts from zeros: its incoming state is ignored.",
    zh="后向从零开始，没有用传进来的状态。",
    hint_en="Call it with two different backward states. Do the outputs differ?",
    hint_zh="用两个不同的后向状态各调用一次，输出有区别吗？",
)
def backward_from_zeros(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    H_b = torch.zeros_like(H_b)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="Both directions start from the first matrix of the state.",
    zh="两个方向都从状态的第一个矩阵出发。",
    hint_en="With a zero state nobody sees it. What is the second matrix for?",
    hint_zh="初始状态为零时看不出来。第二个矩阵是做什么用的？",
)
def one_state_for_both(inputs, state, params):
    H_f, H_b, rightward, leftward = state[0], state[0], [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in reversed(list(inputs)):
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The samples of each input are turned round instead of the time: flip(0) of a matrix.",
    zh="倒过来的是每个输入里的样本，不是时间：对矩阵做了 flip(0)。",
    hint_en="Which axis of X_t is time? Does it have one?",
    hint_zh="X_t 的哪一维是时间？它有时间维吗？",
)
def samples_turned(inputs, state, params):
    (H_f, H_b), outputs = state, []
    for X in inputs:
        H_f, H_b = rnn_step(X, H_f, *params[:3]), rnn_step(X.flip(0), H_b, *params[3:6])
        outputs.append(torch.cat([H_f, H_b], dim=1) @ params[6] + params[7])
    return outputs, (H_f, H_b)


@loop(
    en="The inputs are turned with [::-1], which a tensor does not know.",
    zh="用 [::-1] 倒转输入，而张量不支持负的步长。",
    hint_en="Call it with one tensor (T, n, d). What turns lists and tensors alike?",
    hint_zh="用一个 (T, n, d) 的张量调用试试。怎样倒着读，对列表和张量都适用？",
)
def negative_step(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    for X in inputs[::-1]:
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)


@loop(
    en="The caller's list of inputs is turned round in place.",
    zh="把调用者的输入列表原地倒了过来。",
    hint_en="Call it twice with the same list. What does reverse() return, and what change?",
    hint_zh="用同一个列表调用两次试试。reverse() 返回什么？又改动了什么？",
)
def inputs_reversed_in_place(inputs, state, params):
    (H_f, H_b), rightward, leftward = state, [], []
    for X in inputs:
        H_f = rnn_step(X, H_f, *params[:3])
        rightward.append(H_f)
    inputs.reverse()
    for X in inputs:
        H_b = rnn_step(X, H_b, *params[3:6])
        leftward.insert(0, H_b)
    both = [torch.cat(pair, dim=1) for pair in zip(rightward, leftward)]
    return [H @ params[6] + params[7] for H in both], (H_f, H_b)
