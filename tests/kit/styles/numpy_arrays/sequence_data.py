"""numpy does the cutting and shuffling; tensors are made at the very end."""

import numpy as np
import torch


def build_vocab(corpus):
    # np.unique would strip trailing NUL characters, so code points are compared
    codes = np.unique(np.array([ord(char) for char in corpus], dtype=np.int64))
    idx_to_char = [chr(code) for code in codes]
    return idx_to_char, dict(zip(idx_to_char, range(len(idx_to_char))))


def one_hot(x, n_class, dtype=torch.float32):
    classes = torch.from_numpy(np.arange(n_class)).to(x.device)
    return (x.long()[:, None] == classes[None, :]).to(dtype)


def to_onehot(X, n_class):
    return [one_hot(X[:, t], n_class) for t in range(X.shape[1])]


def _array(corpus_indices, device):
    if isinstance(corpus_indices, torch.Tensor):
        where = corpus_indices.device if device is None else device
        return corpus_indices.detach().cpu().numpy(), where
    return np.asarray(corpus_indices, dtype=np.int64), device


def _pair(X, Y, device):
    make = lambda a: torch.tensor(np.ascontiguousarray(a), device=device)
    return make(X), make(Y)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus, device = _array(corpus_indices, device)
    count = max((len(corpus) - 1) // num_steps, 0)
    windows = np.arange(count)[:, None] * num_steps + np.arange(num_steps)[None, :]
    np.random.shuffle(windows)
    for first in range(0, count - count % batch_size, batch_size):
        places = windows[first : first + batch_size]
        yield _pair(corpus[places], corpus[places + 1], device)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus, device = _array(corpus_indices, device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].reshape(batch_size, length)
    count = max((length - 1) // num_steps, 0)
    if count == 0:
        return
    X = np.split(rows[:, : count * num_steps], count, axis=1)
    Y = np.split(rows[:, 1 : count * num_steps + 1], count, axis=1)
    for x, y in zip(X, Y):
        yield _pair(x, y, device)
