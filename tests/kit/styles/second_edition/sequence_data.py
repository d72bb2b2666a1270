"""The book's second edition: F.one_hot of the transpose, a Vocab, functions that yield."""

import collections
import random

import torch
from torch.nn import functional as F


class Vocab:
    """The characters, the most frequent first."""

    def __init__(self, tokens):
        counter = collections.Counter(tokens)
        self.token_freqs = sorted(counter.items(), key=lambda pair: pair[1], reverse=True)
        self.idx_to_token = [token for token, freq in self.token_freqs]
        self.token_to_idx = {token: idx for idx, token in enumerate(self.idx_to_token)}


def build_vocab(corpus):
    vocab = Vocab(corpus)
    return vocab.idx_to_token, vocab.token_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    return F.one_hot(x.long(), n_class).type(dtype)


def to_onehot(X, n_class):
    return F.one_hot(X.T.long(), n_class).type(torch.float32)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices)
    num_subseqs = max(0, (len(corpus) - 1) // num_steps)
    initial_indices = list(range(0, num_subseqs * num_steps, num_steps))
    random.shuffle(initial_indices)

    def data(pos):
        return corpus[pos : pos + num_steps]

    num_batches = num_subseqs // batch_size
    for i in range(0, batch_size * num_batches, batch_size):
        per_batch = initial_indices[i : i + batch_size]
        X = torch.stack([data(j) for j in per_batch])
        Y = torch.stack([data(j + 1) for j in per_batch])
        if device is not None:
            X, Y = X.to(device), Y.to(device)
        yield X, Y


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    num_tokens = (len(corpus) // batch_size) * batch_size
    rows = (
        corpus[:num_tokens].reshape(batch_size, -1)
        if num_tokens
        else corpus.new_zeros((batch_size, 0))
    )
    num_batches = max(0, (rows.shape[1] - 1) // num_steps)
    Xs = rows[:, :-1]
    Ys = rows[:, 1:]
    for i in range(0, num_steps * num_batches, num_steps):
        yield Xs[:, i : i + num_steps], Ys[:, i : i + num_steps]
