"""torch.linalg and functional reduce."""

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
    return F.one_hot(x.long(), n_class).to(dtype)


def to_onehot(X, n_class):
    return tuple(one_hot(column, n_class) for column in X.T)


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
    length = len(corpus_indices) // batch_size
    for start in range(0, (length - 1) // num_steps * num_steps, num_steps):
        X, Y = np.zeros((2, batch_size, num_steps), dtype=np.int64)
        for row in range(batch_size):
            for step in range(num_steps):
                X[row, step] = int(corpus_indices[row * length + start + step])
                Y[row, step] = int(corpus_indices[row * length + start + step + 1])
        yield torch.from_numpy(X).to(device), torch.from_numpy(Y).to(device)
