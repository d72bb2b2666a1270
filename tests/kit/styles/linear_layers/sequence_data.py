"""F.linear on transposed weights."""

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
    return torch.eye(n_class, dtype=dtype, device=x.device)[x.long()]


def to_onehot(X, n_class):
    return tuple(one_hot(column, n_class) for column in X.T)


class _Epoch:
    def __init__(self, corpus, batch_size, num_steps, device):
        self.corpus, self.n, self.T, self.device = np.asarray(corpus), batch_size, num_steps, device
        self.order = np.random.permutation((len(self.corpus) - 1) // num_steps)
        self.position = 0

    def __iter__(self):
        return self

    def __next__(self):
        chosen = self.order[self.position : self.position + self.n]
        if len(chosen) < self.n:
            raise StopIteration
        self.position += self.n
        both = np.stack([self.corpus[i * self.T : i * self.T + self.T + 1] for i in chosen])
        both = torch.from_numpy(both).to(self.device)
        return both[:, :-1], both[:, 1:]


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    return _Epoch(corpus_indices, batch_size, num_steps, device)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    length = len(corpus_indices) // batch_size
    for start in range(0, (length - 1) // num_steps * num_steps, num_steps):
        X, Y = np.zeros((2, batch_size, num_steps), dtype=np.int64)
        for row in range(batch_size):
            for step in range(num_steps):
                X[row, step] = int(corpus_indices[row * length + start + step])
                Y[row, step] = int(corpus_indices[row * length + start + step + 1])
        yield torch.from_numpy(X).to(device), torch.from_numpy(Y).to(device)
