"""In-place operations: a one-hot matrix that is filled, batches written into fresh tensors."""

import torch


def build_vocab(corpus):
    idx_to_char = list(corpus)
    idx_to_char.sort()
    for i in range(len(idx_to_char) - 1, 0, -1):
        if idx_to_char[i] == idx_to_char[i - 1]:
            del idx_to_char[i]
    char_to_idx = {}
    char_to_idx.update((char, i) for i, char in enumerate(idx_to_char))
    return idx_to_char, char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    result = torch.empty((x.numel(), n_class), dtype=dtype, device=x.device)
    result.zero_()
    rows = torch.arange(x.numel(), device=x.device)
    return result.index_put_((rows, x.long()), torch.ones((), dtype=dtype, device=x.device))


def to_onehot(X, n_class):
    n, T = X.shape
    result = torch.zeros((T, n, n_class), device=X.device)
    result.scatter_(2, X.long().t()[:, :, None], 1.0)
    return [*result]


def _blank(batch_size, num_steps, corpus):
    return corpus.new_empty((batch_size, num_steps)), corpus.new_empty((batch_size, num_steps))


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    windows = list(range(max(len(corpus) - 1, 0) // num_steps))
    order = torch.rand(len(windows)).argsort().tolist()
    while len(order) >= batch_size:
        X, Y = _blank(batch_size, num_steps, corpus)
        for row in range(batch_size):
            start = order.pop() * num_steps
            X[row] = corpus[start : start + num_steps]
            Y[row] = corpus[start + 1 : start + num_steps + 1]
        yield X, Y


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    for start in range(0, length - num_steps, num_steps):
        X, Y = _blank(batch_size, num_steps, corpus)
        for row in range(batch_size):
            X[row].copy_(corpus[row * length + start :][:num_steps])
            Y[row].copy_(corpus[row * length + start + 1 :][:num_steps])
        yield X, Y
