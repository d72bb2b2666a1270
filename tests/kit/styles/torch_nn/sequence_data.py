"""What torch brings: F.one_hot, a Dataset, samplers and DataLoader."""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, TensorDataset


def build_vocab(corpus):
    char_to_idx = OrderedDict()
    for char in corpus:
        char_to_idx.setdefault(char, len(char_to_idx))
    return list(char_to_idx), char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    return F.one_hot(x.to(torch.int64), num_classes=n_class).to(dtype)


def to_onehot(X, n_class):
    return list(F.one_hot(X.to(torch.int64), n_class).float().unbind(dim=1))


class Windows(Dataset):
    def __init__(self, corpus, num_steps):
        self.corpus, self.num_steps = corpus, num_steps

    def __len__(self):
        return max(len(self.corpus) - 1, 0) // self.num_steps

    def __getitem__(self, number):
        if not 0 <= number < len(self):
            raise IndexError(number)
        start = number * self.num_steps
        window = self.corpus[start : start + self.num_steps + 1]
        return window[:-1], window[1:]


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    windows = Windows(torch.as_tensor(corpus_indices, device=device), num_steps)
    if len(windows) == 0:
        return []
    sampler = BatchSampler(RandomSampler(windows), batch_size, drop_last=True)
    return DataLoader(windows, batch_sampler=sampler)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    rows = corpus[: len(corpus) // batch_size * batch_size].reshape(batch_size, -1)
    batches = max(rows.shape[1] - 1, 0) // num_steps

    def cut(start):  # batch after batch, each with its n rows below each other
        part = rows[:, start : start + batches * num_steps]
        return part.reshape(batch_size, batches, num_steps).transpose(0, 1).flatten(0, 1)

    if batches == 0:
        return iter(())
    return DataLoader(TensorDataset(cut(0), cut(1)), batch_size=batch_size, shuffle=False)
