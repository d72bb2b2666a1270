"""The notes' first edition: scatter_, view, expand, lists of matrices, float indices."""

import random

import torch


def build_vocab(corpus):
    idx_to_char = list(set(corpus))
    char_to_idx = dict([(char, i) for i, char in enumerate(idx_to_char)])
    return idx_to_char, char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    x = x.long()
    rows = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    rows.scatter_(1, x.view(-1, 1), 1)
    return rows


def to_onehot(X, n_class):
    return [one_hot(X[:, i], n_class) for i in range(X.shape[1])]


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    if torch.is_tensor(corpus_indices):
        device = corpus_indices.device if device is None else device
        corpus_indices = corpus_indices.tolist()
    # minus 1 because the labels are one position further
    num_examples = (len(corpus_indices) - 1) // num_steps
    epoch_size = num_examples // batch_size
    example_indices = list(range(num_examples))
    random.shuffle(example_indices)

    def cut(pos):
        return corpus_indices[pos : pos + num_steps]

    for i in range(epoch_size):
        chosen = example_indices[i * batch_size : (i + 1) * batch_size]
        X = [cut(j * num_steps) for j in chosen]
        Y = [cut(j * num_steps + 1) for j in chosen]
        yield (
            torch.tensor(X, dtype=torch.float32, device=device),
            torch.tensor(Y, dtype=torch.float32, device=device),
        )


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus_indices = torch.as_tensor(corpus_indices, dtype=torch.float32, device=device)
    batch_len = len(corpus_indices) // batch_size
    indices = corpus_indices[0 : batch_size * batch_len].view(batch_size, batch_len)
    epoch_size = (batch_len - 1) // num_steps
    for i in range(epoch_size):
        i = i * num_steps
        X = indices[:, i : i + num_steps]
        Y = indices[:, i + 1 : i + num_steps + 1]
        yield X, Y
