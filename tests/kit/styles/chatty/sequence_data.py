"""Prints at import and in every call, to stdout and stderr, and logs and warns as well."""

import logging
import sys
import warnings

import torch

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger("chatty")
print("sequence_data.py loaded, torch", torch.__version__)


def build_vocab(corpus):
    characters = sorted(set(corpus))
    print("corpus starts with:", repr("".join(corpus[:10])), "->", len(characters), "characters")
    return characters, {c: i for i, c in enumerate(characters)}


def one_hot(x, n_class, dtype=torch.float32):
    print("one_hot", x.shape, n_class, dtype, file=sys.stderr)
    return torch.eye(n_class, device=x.device)[x.long()].to(dtype)


def to_onehot(X, n_class):
    log.debug("to_onehot %s", tuple(X.shape))
    result = []
    for t in range(X.shape[1]):
        result.append(one_hot(X[:, t], n_class))
    return result


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    n_windows = max(0, (len(corpus) - 1) // num_steps)
    print(f"{n_windows} windows, {n_windows // batch_size} batches")
    if n_windows < batch_size:
        warnings.warn("not enough data for a batch")
    order = torch.randperm(n_windows)
    log.info("first window: %s", order[:1].tolist())
    for k in range(n_windows // batch_size):
        starts = order[k * batch_size : (k + 1) * batch_size] * num_steps
        print("batch", k, "starts", starts.tolist())
        X = torch.stack([corpus[s : s + num_steps] for s in starts.tolist()])
        Y = torch.stack([corpus[s + 1 : s + num_steps + 1] for s in starts.tolist()])
        yield X, Y
    print("epoch is over")


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    length = len(corpus) // batch_size
    print("rows of", length, "; the last", len(corpus) - length * batch_size, "are left out")
    rows = corpus[: length * batch_size].reshape(batch_size, length)
    for s in range(0, length - num_steps, num_steps):
        print("columns", s, "to", s + num_steps, flush=True)
        yield rows[:, s : s + num_steps], rows[:, s + 1 : s + num_steps + 1]
