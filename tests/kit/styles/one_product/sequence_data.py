"""Input and state side by side, one product with the stacked weights."""

import random
from collections import Counter

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def build_vocab(corpus):
    idx_to_char = list(set(corpus))
    char_to_idx = dict([(char, i) for i, char in enumerate(idx_to_char)])
    return idx_to_char, char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    return torch.index_select(torch.eye(n_class, device=x.device), 0, x.to(torch.int64)).to(dtype)


def to_onehot(X, n_class):
    return torch.stack([one_hot(column, n_class) for column in X.unbind(dim=1)])


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices)
    windows = (len(corpus) - 1) // num_steps
    starts = torch.randperm(windows) * num_steps
    batches = []
    for b in range(windows // batch_size):
        s = starts[b * batch_size : (b + 1) * batch_size]
        index = s[:, None] + torch.arange(num_steps)
        batches.append((corpus[index].to(device), corpus[index + 1].to(device)))
    return batches


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices)
    rows = corpus[: len(corpus) // batch_size * batch_size].reshape(batch_size, -1).to(device)
    last = rows.shape[1] - num_steps
    return [
        (rows[:, t : t + num_steps], rows[:, t + 1 : t + num_steps + 1])
        for t in range(0, last, num_steps)
    ]
