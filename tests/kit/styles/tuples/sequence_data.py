"""Tuples and iterators of tuples everywhere: nothing is a list unless it must be."""

import random

import torch


def build_vocab(corpus):
    characters = tuple(sorted(frozenset(corpus)))
    return list(characters), dict((c, i) for i, c in enumerate(characters))


def one_hot(x, n_class, dtype=torch.float32):
    out = x.new_zeros((x.shape[0], n_class), dtype=dtype)
    out[torch.arange(x.shape[0], device=x.device), x.long()] = 1
    return out


def to_onehot(X, n_class):
    return tuple(one_hot(column, n_class) for column in X.unbind(dim=1))


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = tuple(range(0, len(corpus) - num_steps, num_steps))
    starts = tuple(random.sample(starts, k=len(starts)))
    batches = zip(*(starts[k::batch_size] for k in range(batch_size)))
    return tuple(
        tuple(
            torch.stack(tuple(corpus[s + shift : s + shift + num_steps] for s in batch))
            for shift in (0, 1)
        )
        for batch in batches
    )


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = corpus.shape[0] // batch_size
    rows = tuple(corpus[r * length : (r + 1) * length] for r in range(batch_size))
    return tuple(
        tuple(
            torch.stack(tuple(row[s + shift : s + shift + num_steps] for row in rows))
            for shift in (0, 1)
        )
        for s in range(0, length - num_steps, num_steps)
    )
