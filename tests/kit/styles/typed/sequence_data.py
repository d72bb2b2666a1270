"""Full type hints, frozen dataclasses, Optional and Union as of Python 3.10."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Vocabulary:
    characters: list[str]
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {c: i for i, c in enumerate(self.characters)})


def build_vocab(corpus: Sequence[str]) -> tuple[list[str], dict[str, int]]:
    vocabulary: Vocabulary = Vocabulary(sorted(set(corpus), reverse=True))
    return vocabulary.characters, vocabulary.numbers


def one_hot(x: Tensor, n_class: int, dtype: torch.dtype = torch.float32) -> Tensor:
    index: Tensor = x.to(torch.int64).unsqueeze(-1)
    result: Tensor = torch.zeros(*x.shape, n_class, dtype=dtype, device=x.device)
    return result.scatter(-1, index, 1.0)


def to_onehot(X: Tensor, n_class: int) -> list[Tensor]:
    num_steps: int = X.shape[1]
    return [one_hot(X[:, t], n_class) for t in range(num_steps)]


@dataclass(frozen=True)
class Sampling:
    corpus: Tensor
    batch_size: int
    num_steps: int

    @classmethod
    def of(
        cls,
        corpus: Sequence[int] | Tensor,
        batch_size: int,
        num_steps: int,
        device: torch.device | str | None,
    ) -> Sampling:
        return cls(torch.as_tensor(corpus, device=device), batch_size, num_steps)

    def window(self, start: int) -> tuple[Tensor, Tensor]:
        stop: int = start + self.num_steps
        return self.corpus[start:stop], self.corpus[start + 1 : stop + 1]

    def batch(self, starts: Sequence[int]) -> tuple[Tensor, Tensor]:
        xs, ys = zip(*(self.window(start) for start in starts), strict=True)
        return torch.stack(xs), torch.stack(ys)


def data_iter_random(
    corpus_indices: Sequence[int] | Tensor,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    sampling: Sampling = Sampling.of(corpus_indices, batch_size, num_steps, device)
    starts: list[int] = list(range(0, len(sampling.corpus) - num_steps, num_steps))
    random.shuffle(starts)
    for k in range(len(starts) // batch_size):
        yield sampling.batch(starts[k * batch_size : (k + 1) * batch_size])


def data_iter_consecutive(
    corpus_indices: Sequence[int] | Tensor,
    batch_size: int,
    num_steps: int,
    device: torch.device | str | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    sampling: Sampling = Sampling.of(corpus_indices, batch_size, num_steps, device)
    row_length: int = len(sampling.corpus) // batch_size
    for offset in range(0, row_length - num_steps, num_steps):
        yield sampling.batch([row * row_length + offset for row in range(batch_size)])
