"""Newer torch: tensor_split, take_along_dim, movedim, vmap, IterableDataset."""

import torch
from torch.utils.data import IterableDataset, get_worker_info


def build_vocab(corpus):
    seen: dict[str, int] = {}
    idx_to_char = [c for c in corpus if c not in seen and seen.setdefault(c, len(seen)) >= 0]
    return idx_to_char, seen


def one_hot(x, n_class, dtype=torch.float32):
    classes = torch.arange(n_class, device=x.device)
    return torch.vmap(lambda label: (classes == label).to(dtype))(x.long())


def to_onehot(X, n_class):
    classes = torch.arange(n_class, device=X.device)
    return X.long().mT.unsqueeze(-1).eq(classes).float().unbind()


class Batches(IterableDataset):
    """Shuffles anew whenever it is iterated."""

    def __init__(self, corpus, batch_size, num_steps, shuffle):
        self.corpus, self.n, self.T, self.shuffle = corpus, batch_size, num_steps, shuffle

    def starts(self):
        if self.shuffle:
            windows = torch.arange(0, max(len(self.corpus) - self.T, 0), self.T)
            windows = windows[torch.randperm(len(windows))]
            return windows[: len(windows) // self.n * self.n].reshape(-1, self.n)
        length = len(self.corpus) // self.n
        first = torch.arange(self.n) * length
        return torch.arange(0, max(length - self.T, 0), self.T)[:, None] + first

    def __iter__(self):
        assert get_worker_info() is None
        steps = torch.arange(self.T, device=self.corpus.device)
        for starts in self.starts():
            places = starts.to(self.corpus.device)[:, None] + steps
            yield self.corpus[places], self.corpus[places + 1]


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.asarray(corpus_indices, device=device, dtype=torch.int64)
    return Batches(corpus, batch_size, num_steps, shuffle=True)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.asarray(corpus_indices, device=device, dtype=torch.int64)
    return Batches(corpus, batch_size, num_steps, shuffle=False)
