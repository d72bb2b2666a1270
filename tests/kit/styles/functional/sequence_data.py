"""Functional: comprehensions, partials, itertools; no loop statement."""

from functools import partial
from itertools import count, groupby, starmap

import torch


def build_vocab(corpus):
    idx_to_char = [char for char, _ in groupby(sorted(corpus))]
    return idx_to_char, dict(zip(idx_to_char, count()))


def one_hot(x, n_class, dtype=torch.float32):
    return torch.stack([x == k for k in range(n_class)], dim=1).to(dtype)


def to_onehot(X, n_class):
    return list(map(partial(one_hot, n_class=n_class), X.unbind(1)))


def _pair(rows, T):
    """Rows of at least T + 1 entries to (X, Y)."""
    return rows[:, :T], rows[:, 1 : T + 1]


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    windows = max(len(corpus) - 1, 0) // num_steps
    order = torch.randperm(windows)
    full = order[: windows - windows % batch_size].reshape(-1, batch_size).tolist()

    def rows(batch):
        return torch.stack([corpus[w * num_steps : (w + 1) * num_steps + 1] for w in batch])

    return map(lambda batch: _pair(rows(batch), num_steps), full)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].reshape(batch_size, length)
    starts = range(0, length - num_steps, num_steps)
    return starmap(lambda start: _pair(rows[:, start:], num_steps), zip(starts))
