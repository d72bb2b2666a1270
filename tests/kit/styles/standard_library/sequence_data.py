"""The standard library does what it can: Counter, random.sample, islice, deque."""

import random
from collections import Counter, deque
from itertools import islice

import torch


def build_vocab(corpus):
    idx_to_char = [char for char, _ in Counter(corpus).most_common()]
    return idx_to_char, {char: idx_to_char.index(char) for char in idx_to_char}


def one_hot(x, n_class, dtype=torch.float32):
    table = torch.diag(torch.ones(n_class, dtype=dtype, device=x.device))
    return torch.nn.functional.embedding(x.long(), table)


def to_onehot(X, n_class):
    return [one_hot(X.select(1, t), n_class) for t in range(X.size(1))]


class Runs:
    """Runs of ``size`` numbers of a sequence; a run starts with the last number of the one before."""

    def __init__(self, numbers, size):
        self.numbers, self.size = iter(numbers), size

    def __iter__(self):
        run = deque(islice(self.numbers, 1), maxlen=self.size)
        while True:
            more = list(islice(self.numbers, self.size - 1))
            if len(more) < self.size - 1:
                return
            run.extend(more)
            yield list(run)
            run = deque([more[-1]], maxlen=self.size)


def _numbers(corpus_indices):
    if isinstance(corpus_indices, torch.Tensor):
        return corpus_indices.tolist()
    return list(corpus_indices)


def _tensors(runs, like, device):
    if device is None and isinstance(like, torch.Tensor):
        device = like.device
    X = torch.tensor([run[:-1] for run in runs], device=device)
    Y = torch.tensor([run[1:] for run in runs], device=device)
    return X, Y


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    runs = list(Runs(_numbers(corpus_indices), num_steps + 1))
    runs = iter(random.sample(runs, len(runs)))
    while len(batch := list(islice(runs, batch_size))) == batch_size:
        yield _tensors(batch, corpus_indices, device)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    numbers = _numbers(corpus_indices)
    length = len(numbers) // batch_size
    rows = [numbers[row * length : (row + 1) * length] for row in range(batch_size)]
    for batch in zip(*(Runs(row, num_steps + 1) for row in rows)):
        yield _tensors(batch, corpus_indices, device)
