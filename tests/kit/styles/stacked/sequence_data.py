"""One tensor wherever a sequence is meant: to_onehot gives (T, n, q), iterators unfold views."""

import torch


def build_vocab(corpus):
    idx_to_char = list(dict.fromkeys(corpus))
    return idx_to_char, {c: i for i, c in enumerate(idx_to_char)}


def one_hot(x, n_class, dtype=torch.float32):
    return torch.eye(n_class, dtype=dtype, device=x.device).index_select(0, x.long())


def to_onehot(X, n_class):
    T, n = X.T.shape
    return one_hot(X.T.reshape(-1), n_class).reshape(T, n, n_class)


def _windows(rows, num_steps):
    """(..., L) to (..., k, T + 1): neighbours share one entry, the label of the last."""
    if rows.shape[-1] <= num_steps:
        return rows.new_empty((*rows.shape[:-1], 0, num_steps + 1))
    return rows.unfold(-1, num_steps + 1, num_steps)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    windows = _windows(torch.as_tensor(corpus_indices, device=device), num_steps)
    count = len(windows) // batch_size * batch_size
    chosen = torch.randperm(len(windows), device=device)[:count]
    for batch in windows[chosen].reshape(-1, batch_size, num_steps + 1):
        yield batch[:, :-1], batch[:, 1:]


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    rows = corpus[: batch_size * length].reshape(batch_size, length)
    for batch in _windows(rows, num_steps).unbind(1):
        yield batch[:, :-1], batch[:, 1:]
