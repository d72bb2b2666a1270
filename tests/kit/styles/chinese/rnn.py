"""中文写法:循环神经网络。"""

import torch
from torch import nn

from exercises.parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    隐藏层 = gate_params(num_inputs, num_hiddens, device)
    输出层 = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*隐藏层, *输出层])


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (隐藏状态,) = state  # 状态是只有一个元素的元组
    各步输出 = []
    for 输入 in inputs:
        隐藏状态 = rnn_step(输入, 隐藏状态, W_xh, W_hh, b_h)
        各步输出.append(隐藏状态 @ W_hq + b_q)
    return 各步输出, (隐藏状态,)
