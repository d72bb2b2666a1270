"""中文写法:变量名和注释都用中文,只有规定的函数名和参数名用英文。"""

import random

import torch


def build_vocab(corpus):
    # 按字符第一次出现的先后编号
    字符表 = []
    编号 = {}
    for 字 in corpus:
        if 字 not in 编号:
            编号[字] = len(字符表)
            字符表.append(字)
    return 字符表, 编号


def one_hot(x, n_class, dtype=torch.float32):
    下标 = x.long().reshape(-1, 1)
    结果 = torch.zeros(下标.shape[0], n_class, dtype=dtype, device=x.device)
    # 每一行只有一个 1
    return 结果.scatter(1, 下标, torch.ones_like(下标, dtype=dtype))


def to_onehot(X, n_class):
    步数 = X.shape[1]
    return [one_hot(X[:, 步], n_class) for 步 in range(步数)]


def _转成张量(语料, device):
    if isinstance(语料, torch.Tensor):
        return 语料 if device is None else 语料.to(device)
    return torch.tensor(语料, dtype=torch.long, device=device)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    """随机采样:相邻的两个小批量在原文里不一定相邻。"""
    语料 = _转成张量(corpus_indices, device)
    样本数 = max((len(语料) - 1) // num_steps, 0)
    次序 = list(range(样本数))
    random.shuffle(次序)
    批数 = 样本数 // batch_size
    for 批 in range(批数):
        起点 = [号 * num_steps for 号 in 次序[批 * batch_size : (批 + 1) * batch_size]]
        输入 = torch.stack([语料[s : s + num_steps] for s in 起点])
        标签 = torch.stack([语料[s + 1 : s + 1 + num_steps] for s in 起点])
        yield 输入, 标签


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    """相邻采样:下一个小批量的第 i 行,接着这一个小批量的第 i 行。"""
    语料 = _转成张量(corpus_indices, device)
    行长 = len(语料) // batch_size
    各行 = 语料[: batch_size * 行长].view(batch_size, 行长)
    批数 = max((行长 - 1) // num_steps, 0)
    for 批 in range(批数):
        左 = 批 * num_steps
        yield 各行[:, 左 : 左 + num_steps], 各行[:, 左 + 1 : 左 + num_steps + 1]
