"""中文写法:长短期记忆。用字典按名字取参数,省得数错位置。"""

import torch
from torch import nn

from exercises.parameters import gate_params, output_params

门名 = ("输入门", "遗忘门", "输出门", "候选记忆")


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    参数 = []
    for _ in 门名:
        参数.extend(gate_params(num_inputs, num_hiddens, device))
    参数.extend(output_params(num_hiddens, num_outputs, device))
    return nn.ParameterList(参数)


def init_lstm_state(batch_size, num_hiddens, device=None):
    隐藏状态 = torch.zeros(batch_size, num_hiddens, device=device)
    记忆细胞 = torch.zeros(batch_size, num_hiddens, device=device)
    return 隐藏状态, 记忆细胞


def _线性(X, H, W, U, b):
    return X @ W + H @ U + b


def input_gate(X, H, W_xi, W_hi, b_i):
    return torch.sigmoid(_线性(X, H, W_xi, W_hi, b_i))


def forget_gate(X, H, W_xf, W_hf, b_f):
    return torch.sigmoid(_线性(X, H, W_xf, W_hf, b_f))


def output_gate(X, H, W_xo, W_ho, b_o):
    return torch.sigmoid(_线性(X, H, W_xo, W_ho, b_o))


def candidate_memory(X, H, W_xc, W_hc, b_c):
    return torch.tanh(_线性(X, H, W_xc, W_hc, b_c))


def next_memory(F, C, I, C_tilde):
    return F * C + I * C_tilde


def next_state(O, C):
    return O * torch.tanh(C)


def lstm(inputs, state, params):
    参数 = list(params)
    取 = {名: 参数[3 * 号 : 3 * 号 + 3] for 号, 名 in enumerate(门名)}
    隐藏状态, 记忆细胞 = state
    各步输出 = []
    for 输入 in inputs:
        进 = input_gate(输入, 隐藏状态, *取["输入门"])
        忘 = forget_gate(输入, 隐藏状态, *取["遗忘门"])
        出 = output_gate(输入, 隐藏状态, *取["输出门"])
        候选 = candidate_memory(输入, 隐藏状态, *取["候选记忆"])
        记忆细胞 = next_memory(忘, 记忆细胞, 进, 候选)
        隐藏状态 = next_state(出, 记忆细胞)
        各步输出.append(隐藏状态 @ 参数[12] + 参数[13])
    return 各步输出, (隐藏状态, 记忆细胞)
