"""torch.func.vmap over the samples."""

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
    x = x.long()
    result = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    result.scatter_(1, x.view(-1, 1), 1)
    return result


def to_onehot(X, n_class):
    return tuple(one_hot(column, n_class) for column in X.T)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    num_examples = (len(corpus_indices) - 1) // num_steps
    epoch_size = num_examples // batch_size
    example_indices = list(range(num_examples))
    random.shuffle(example_indices)

    def _data(pos):
        return corpus_indices[pos : pos + num_steps]

    for i in range(epoch_size):
        i = i * batch_size
        batch_indices = example_indices[i : i + batch_size]
        X = [list(map(int, _data(j * num_steps))) for j in batch_indices]
        Y = [list(map(int, _data(j * num_steps + 1))) for j in batch_indices]
        yield (
            torch.tensor(X, dtype=torch.float32, device=device),
            torch.tensor(Y, dtype=torch.float32, device=device),
        )


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices)
    rows = corpus[: len(corpus) // batch_size * batch_size].reshape(batch_size, -1).to(device)
    last = rows.shape[1] - num_steps
    return [
        (rows[:, t : t + num_steps], rows[:, t + 1 : t + num_steps + 1])
        for t in range(0, last, num_steps)
    ]
