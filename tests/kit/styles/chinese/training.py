"""中文写法:损失、困惑度、梯度裁剪、训练与续写。"""

import math
import time

import torch
import torch.nn.functional as F

from exercises.sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    if not isinstance(outputs, torch.Tensor):
        outputs = torch.cat(list(outputs), dim=0)
    预测 = outputs.reshape(-1, outputs.shape[-1])
    # 输出是时间在前,标签是样本在前:先转置再拉平
    标签 = Y.t().contiguous().view(-1).long()
    return F.cross_entropy(预测, 标签)


def perplexity(mean_loss):
    return math.exp(mean_loss)


def grad_clipping(params, theta, device=None):
    各梯度 = [参数.grad for 参数 in params if 参数.grad is not None]
    平方和 = 0.0
    for 梯度 in 各梯度:
        平方和 += (梯度**2).sum().item()
    范数 = 平方和**0.5
    if 范数 > theta:
        for 梯度 in 各梯度:
            梯度.mul_(theta / 范数)


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for 参数 in params:
            if 参数.grad is not None:
                参数 -= lr * 参数.grad / batch_size


def detach_state(state):
    return tuple(状态.detach() for 状态 in state)


def _编码(X, vocab_size, params):
    样板 = next(iter(params))
    return [矩阵.to(样板.dtype) for 矩阵 in to_onehot(X.to(样板.device), vocab_size)]


def predict_rnn(
    prefix,
    num_chars,
    rnn,
    params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    idx_to_char,
    char_to_idx,
):
    状态 = init_rnn_state(1, num_hiddens, device)
    已写 = [char_to_idx[prefix[0]]]
    with torch.no_grad():
        for 步 in range(len(prefix) + num_chars - 1):
            输入 = _编码(torch.tensor([[已写[-1]]]), vocab_size, params)
            输出, 状态 = rnn(输入, 状态, params)
            if 步 + 1 < len(prefix):
                已写.append(char_to_idx[prefix[步 + 1]])  # 还在读前缀
            else:
                已写.append(int(输出[0].argmax()))
    return "".join(idx_to_char[号] for 号 in 已写)


def train_epoch(
    rnn,
    params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    data_iter,
    lr,
    clipping_theta,
    is_random_iter,
):
    状态 = None
    总损失, 总字数 = 0.0, 0
    for X, Y in data_iter:
        if is_random_iter or 状态 is None:
            状态 = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            状态 = detach_state(状态)
        输出, 状态 = rnn(_编码(X, vocab_size, params), 状态, params)
        损失 = sequence_loss(输出, Y.to(输出[0].device))
        for 参数 in params:
            参数.grad = None
        损失.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        总损失 += 损失.item() * Y.numel()
        总字数 += Y.numel()
    return perplexity(总损失 / 总字数)


def train_and_predict_rnn(
    rnn,
    get_params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    corpus_indices,
    idx_to_char,
    char_to_idx,
    is_random_iter,
    num_epochs,
    num_steps,
    lr,
    clipping_theta,
    batch_size,
    pred_period,
    pred_len,
    prefixes,
):
    采样 = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    各轮困惑度 = []
    for 轮 in range(1, num_epochs + 1):
        开始 = time.perf_counter()
        数据 = 采样(corpus_indices, batch_size, num_steps, device)
        各轮困惑度.append(
            train_epoch(
                rnn,
                params,
                init_rnn_state,
                num_hiddens,
                vocab_size,
                device,
                数据,
                lr,
                clipping_theta,
                is_random_iter,
            )
        )
        if 轮 % pred_period == 0:
            print(f"第{轮}轮,困惑度{各轮困惑度[-1]:.2f},用时{time.perf_counter() - 开始:.2f}秒")
            for 前缀 in prefixes:
                print(
                    "——"
                    + predict_rnn(
                        前缀,
                        pred_len,
                        rnn,
                        params,
                        init_rnn_state,
                        num_hiddens,
                        vocab_size,
                        device,
                        idx_to_char,
                        char_to_idx,
                    )
                )
    return params, 各轮困惑度
