"""中文写法:门控循环单元。更新门决定留多少,重置门决定看多少。"""

import torch
from torch import nn

from exercises.parameters import gate_params, output_params


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    更新门 = gate_params(num_inputs, num_hiddens, device)
    重置门 = gate_params(num_inputs, num_hiddens, device)
    候选状态 = gate_params(num_inputs, num_hiddens, device)
    输出层 = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*更新门, *重置门, *候选状态, *输出层])


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def _线性(X, H, W, U, b):
    return X @ W + H @ U + b


def reset_gate(X, H, W_xr, W_hr, b_r):
    return torch.sigmoid(_线性(X, H, W_xr, W_hr, b_r))


def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(_线性(X, H, W_xz, W_hz, b_z))


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    # 先按元素重置,再乘 W_hh;顺序不能反
    重置后 = R * H
    return torch.tanh(_线性(X, 重置后, W_xh, W_hh, b_h))


def next_state(Z, H, H_tilde):
    保留 = Z * H
    换新 = (1 - Z) * H_tilde
    return 保留 + 换新


def gru(inputs, state, params):
    参数 = list(params)
    (隐藏状态,) = state
    各步输出 = []
    for 输入 in inputs:
        更新 = update_gate(输入, 隐藏状态, *参数[0:3])
        重置 = reset_gate(输入, 隐藏状态, *参数[3:6])
        候选 = candidate_state(输入, 隐藏状态, 重置, *参数[6:9])
        隐藏状态 = next_state(更新, 隐藏状态, 候选)
        各步输出.append(隐藏状态 @ 参数[9] + 参数[10])
    return 各步输出, (隐藏状态,)
