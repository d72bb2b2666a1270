"""A loop over the samples, for want of a better idea."""

import random
from collections import Counter

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def build_vocab(corpus):
    characters = [char for char, _ in Counter(corpus).most_common()]
    return characters, dict(zip(characters, range(len(characters))))


def one_hot(x, n_class, dtype=torch.float32):
    return torch.eye(n_class, dtype=dtype, device=x.device)[x.long()]


def to_onehot(X, n_class):
    n, T = X.shape
    return one_hot(X.t().reshape(-1), n_class).reshape(T, n, n_class)


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
