"""einsum for every product."""

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
    return (x.unsqueeze(1) == torch.arange(n_class, device=x.device)).type(dtype)


def to_onehot(X, n_class):
    return tuple(one_hot(column, n_class) for column in X.T)


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
