"""Products written as sums over broadcast axes."""

import random
from collections import Counter

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def build_vocab(corpus):
    char_to_idx = {}
    for char in corpus:
        char_to_idx.setdefault(char, len(char_to_idx))
    return list(char_to_idx), char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    return F.one_hot(x.long(), n_class).to(dtype)


def to_onehot(X, n_class):
    n, T = X.shape
    return one_hot(X.t().reshape(-1), n_class).reshape(T, n, n_class)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.tensor([int(i) for i in corpus_indices])
    count = (corpus.numel() - 1) // num_steps
    if count == 0:
        return iter(())
    X = corpus[: count * num_steps].view(count, num_steps)
    Y = corpus[1 : count * num_steps + 1].view(count, num_steps)
    data = TensorDataset(X.to(device), Y.to(device))
    return iter(DataLoader(data, batch_size, shuffle=True, drop_last=True))


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus_indices = torch.tensor(
        [int(i) for i in corpus_indices], dtype=torch.float32, device=device
    )
    data_len = len(corpus_indices)
    batch_len = data_len // batch_size
    indices = corpus_indices[0 : batch_size * batch_len].view(batch_size, batch_len)
    epoch_size = (batch_len - 1) // num_steps
    for i in range(epoch_size):
        i = i * num_steps
        yield indices[:, i : i + num_steps], indices[:, i + 1 : i + num_steps + 1]
