"""Loops over rows, columns and entries in plain Python: slow, but it does what it says."""

import random

import torch


def build_vocab(corpus):
    idx_to_char = []
    char_to_idx = {}
    for char in corpus:
        if char in char_to_idx:
            continue
        char_to_idx[char] = len(idx_to_char)
        idx_to_char.append(char)
    return idx_to_char, char_to_idx


def one_hot(x, n_class, dtype=torch.float32):
    result = torch.zeros((len(x), n_class), dtype=dtype, device=x.device)
    for i in range(len(x)):
        for j in range(n_class):
            result[i, j] = (x[i] == j).to(dtype)
    return result


def to_onehot(X, n_class):
    inputs = []
    for t in range(X.shape[1]):
        column = []
        for i in range(X.shape[0]):
            column.append(X[i, t])
        inputs.append(one_hot(torch.stack(column), n_class))
    return inputs


def as_list(corpus_indices):
    numbers = []
    for number in corpus_indices:
        numbers.append(int(number))
    return numbers


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    if device is None and isinstance(corpus_indices, torch.Tensor):
        device = corpus_indices.device
    corpus = as_list(corpus_indices)
    left = []
    start = 0
    while start + num_steps < len(corpus):
        left.append(start)
        start += num_steps
    batches = []
    while len(left) >= batch_size:
        X, Y = [], []
        for _ in range(batch_size):
            start = left.pop(random.randrange(len(left)))
            X.append([corpus[start + t] for t in range(num_steps)])
            Y.append([corpus[start + t + 1] for t in range(num_steps)])
        batches.append((torch.tensor(X, device=device), torch.tensor(Y, device=device)))
    return batches


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    if device is None and isinstance(corpus_indices, torch.Tensor):
        device = corpus_indices.device
    corpus = as_list(corpus_indices)
    row_length = len(corpus) // batch_size
    batches = []
    t = 0
    while t + num_steps < row_length:
        X, Y = [], []
        for i in range(batch_size):
            first = i * row_length + t
            X.append(corpus[first : first + num_steps])
            Y.append(corpus[first + 1 : first + num_steps + 1])
        batches.append((torch.tensor(X, device=device), torch.tensor(Y, device=device)))
        t += num_steps
    return batches
