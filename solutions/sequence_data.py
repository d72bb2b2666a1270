"""Exercise 1: a text becomes mini-batches.

A character-level language model reads a text character by character and guesses the next one.
Before any network can do that, the characters become numbers, the numbers become one-hot vectors,
and the long text becomes mini-batches (X, Y) in which Y is X one position later.

There are two ways to cut the text. Random sampling takes windows from anywhere, so neighbouring
batches have nothing to do with each other; consecutive sampling lets each batch go on where the
one before it ended, so the network's state can be carried over.

Letters: n batch_size, T num_steps. Source: 《动手学深度学习》(PyTorch), chapters 6.3 and 6.4.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


def build_vocab(corpus: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    """The vocabulary of a text: its distinct characters, numbered.

        idx_to_char[i] = c  ⇔  char_to_idx[c] = i,    i = 0 … vocab_size − 1

    Watch for: the two results are each other's inverse, and a character that occurs a thousand
    times is still one entry.

    Args:
        corpus: a str, or a list of characters.

    Returns:
        (idx_to_char, char_to_idx): a list in any order, and a dict.
    """
    idx_to_char = sorted(set(corpus))
    char_to_idx = {char: index for index, char in enumerate(idx_to_char)}
    return idx_to_char, char_to_idx


def one_hot(x: Tensor, n_class: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """One-hot vectors: row i is all zero but for a 1 at place x[i].

        result[i, j] = 1 if j = x[i], else 0

    Shapes: x (n,) → (n, n_class).

        >>> one_hot(torch.tensor([2, 0]), 3)
        tensor([[0., 0., 1.],
                [1., 0., 0.]])

    Watch for: x holds whole numbers but may be of a floating type; the result is of `dtype`, and
    lives where x lives.
    """
    result = torch.zeros(len(x), n_class, dtype=dtype, device=x.device)
    return result.scatter_(1, x.long().unsqueeze(1), 1)


def to_onehot(X: Tensor, n_class: int) -> list[Tensor]:
    """A mini-batch of indices as the T inputs of a recurrent network.

        inputs[t] = one_hot(X[:, t]),    t = 0 … T − 1

    Shapes: X (n, T) → T matrices (n, n_class), float32.

    Watch for: the network walks through time, not through the batch. The first matrix holds the
    first character of every sequence.
    """
    return [one_hot(X[:, t], n_class) for t in range(X.shape[1])]


def data_iter_random(
    corpus_indices: Sequence[int] | Tensor,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Random sampling: an epoch of mini-batches of windows in random order.

    Windows do not overlap: the k-th is X = corpus[kT … kT + T − 1], Y = corpus[kT + 1 … kT + T],
    for k = 0 … ⌊(len − 1) / T⌋ − 1. Every call is a new epoch: it deals the windows out in a fresh
    random order, each at most once, n to a batch.

    Shapes: yields (X, Y), both (n, T); a last batch of fewer than n windows is left out.

        >>> len(list(data_iter_random(range(30), batch_size=2, num_steps=6)))
        2

    Watch for: a window is useful only if it has a next character for each of its characters, and
    two epochs in the same order are not random.
    """
    corpus = _as_indices(corpus_indices, device)
    num_windows = max(0, (len(corpus) - 1) // num_steps)
    starts = (torch.randperm(num_windows) * num_steps).tolist()
    for first in range(0, num_windows - batch_size + 1, batch_size):
        batch = starts[first : first + batch_size]
        X = torch.stack([corpus[start : start + num_steps] for start in batch])
        Y = torch.stack([corpus[start + 1 : start + 1 + num_steps] for start in batch])
        yield X, Y


def data_iter_consecutive(
    corpus_indices: Sequence[int] | Tensor,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Consecutive sampling: each row of a batch goes on where that row ended in the batch before.

    The first n · L indices, L = ⌊len / n⌋, are laid out as n rows of L; the rows are then cut from
    left to right: batch k is X = rows[:, kT … kT + T − 1], Y = rows[:, kT + 1 … kT + T].

    Shapes: rows (n, L); yields ⌊(L − 1) / T⌋ pairs (X, Y), both (n, T).

        >>> X, Y = next(data_iter_consecutive(range(30), batch_size=2, num_steps=6))
        >>> X
        tensor([[ 0,  1,  2,  3,  4,  5],
                [15, 16, 17, 18, 19, 20]])

    Watch for: it is row i of the next batch that goes on with row i of this one, not the next row
    of this batch; and the last column of Y must exist.
    """
    corpus = _as_indices(corpus_indices, device)
    row_length = len(corpus) // batch_size
    rows = corpus[: batch_size * row_length].reshape(batch_size, row_length)
    for start in range(0, row_length - num_steps, num_steps):
        X = rows[:, start : start + num_steps]
        Y = rows[:, start + 1 : start + 1 + num_steps]
        yield X, Y


def _as_indices(
    corpus_indices: Sequence[int] | Tensor, device: torch.device | str | None
) -> Tensor:
    """The corpus as a 1-D tensor on the device; a tensor stays where it is without one."""
    if not isinstance(corpus_indices, Tensor):
        corpus_indices = list(corpus_indices)
    return torch.as_tensor(corpus_indices, device=device)
