"""Computes in float64 and returns the dtype that came in."""

import random
from collections import Counter

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def build_vocab(corpus):
    idx_to_char = sorted(set(corpus))
    return idx_to_char, {char: idx for idx, char in enumerate(idx_to_char)}


def one_hot(x, n_class, dtype=torch.float32):
    x = x.long()
    result = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    result.scatter_(1, x.view(-1, 1), 1)
    return result


def to_onehot(X, n_class):
    return torch.stack([one_hot(column, n_class) for column in X.unbind(dim=1)])


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
