"""Probes of sequence_data: vocabularies in any order, one-hot vectors, and the two samplings."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.audit.probe_calls import META, Look, matrix_of, on_meta

MOST = 400  # batches: no epoch here has as many
TEXTS = ("hello world\n", "x", "aaab", "学而时习之,不亦说乎?学而不思则罔", "tab\tand\nnewline ")
LENGTHS = [(31, 2, 4), (24, 2, 3), (25, 2, 3), (26, 2, 3), (30, 3, 3), (13, 1, 4), (12, 1, 4)]
LENGTHS += [(14, 1, 4), (5, 5, 1), (10, 5, 1), (9, 5, 1), (11, 5, 1), (97, 4, 3), (2, 1, 1)]
LENGTHS += [(1, 1, 1), (2, 3, 1), (3, 1, 7), (8, 1, 7), (7, 1, 7), (16, 2, 7), (15, 2, 7)]
EPOCHS = 120
ORDERS = 50  # of 5·4·3·2 orders, in so many epochs, at least
INDICES = torch.tensor([2, 0, 1, 1, 3, 0, 4, 4])


def _vocabulary(text: Any) -> Look:
    """The characters and whether both directions fit: the order is free."""

    def look(module: Any) -> Any:
        characters, numbers = module.build_vocab(text)
        if not isinstance(characters, (list, tuple)) or not isinstance(numbers, dict):
            raise TypeError("no vocabulary")
        inverse = [int(numbers[char]) == index for index, char in enumerate(characters)]
        return sorted(characters), sorted(numbers), inverse

    return look


def _one_hot(x: Tensor, n_class: int, *dtype: torch.dtype) -> Look:
    def look(module: Any) -> Any:
        given = x.clone()
        first, second = (module.one_hot(given, n_class, *dtype) for _ in range(2))
        return first, torch.equal(given, x), torch.equal(first, second)

    return look


def _to_onehot(X: Tensor, n_class: int) -> Look:
    def look(module: Any) -> Any:
        given = X.clone()
        found = _matrices(module.to_onehot(given, n_class), X.shape[1])
        floating = [matrix.is_floating_point() for matrix in found]
        return [matrix.double() for matrix in found], floating, torch.equal(given, X)

    return look


def _matrices(value: Any, length: int) -> list[Tensor]:
    """T matrices: a list, a tuple or one tensor."""
    if not isinstance(value, (list, tuple, Tensor)) or len(value) != length:
        raise TypeError("no sequence of matrices")
    return [matrix_of(item) for item in value]


def _on_meta(function: str, x: Tensor) -> Look:
    def look(module: Any) -> Any:
        def wrap(value: Any) -> list[Tensor]:
            return [value.float()] if function == "one_hot" else [m.float() for m in value]

        return on_meta(lambda x: getattr(module, function)(x, 6), [x], wrap)

    return look


def _batches(module: Any, function: str, *arguments: Any) -> list[tuple[list, list]]:
    """One epoch as lists of whole numbers."""
    found = []
    for X, Y in itertools.islice(getattr(module, function)(*arguments), MOST):
        found.append((_rows(X), _rows(Y)))
    return found


def _rows(value: Any) -> list[list[int]]:
    matrix = matrix_of(value)
    if not torch.equal(matrix.double(), matrix.long().double()):
        raise TypeError("not whole numbers")
    return matrix.long().tolist()


def _corpus(length: int, as_tensor: bool) -> Any:
    """A corpus in which every number tells its position."""
    numbers = [100 + 3 * i for i in range(length)]
    return torch.tensor(numbers) if as_tensor else numbers


def _place(number: int) -> int:
    return (number - 100) // 3


def _consecutive(length: int, n: int, T: int, as_tensor: bool) -> Look:
    def look(module: Any) -> Any:
        corpus = _corpus(length, as_tensor)
        found = _batches(module, "data_iter_consecutive", corpus, n, T)
        again = _batches(module, "data_iter_consecutive", corpus, n, T)
        return found, again == found, list(corpus) == list(_corpus(length, as_tensor))

    return look


def _windows(length: int, n: int, T: int, as_tensor: bool) -> Look:
    """What holds of any right order."""

    def look(module: Any) -> Any:
        corpus = _corpus(length, as_tensor)
        found = [_batches(module, "data_iter_random", corpus, n, T) for _ in range(2)]
        rows = [(x, y) for epoch in found for X, Y in epoch for x, y in zip(X, Y, strict=True)]
        starts = [[_place(x[0]) for X, _ in epoch for x in X] for epoch in found]
        return {
            "shapes": [[(len(X), len(X[0]), len(Y), len(Y[0])) for X, Y in e] for e in found],
            "runs": [x == list(range(x[0], x[0] + 3 * T, 3)) for x, _ in rows],
            "shifted": [y == [number + 3 for number in x] for x, y in rows],
            "in it": [0 <= _place(number) < length for _, y in rows for number in y],
            "on the grid": [start % T == 0 for epoch in starts for start in epoch],
            "once": [len(set(epoch)) == len(epoch) for epoch in starts],
            "corpus": list(corpus) == list(_corpus(length, as_tensor)),
        }

    return look


def _orders(module: Any) -> Any:
    """Many epochs of five windows, of which each uses four: the orders, and what is left out."""
    orders = []
    for _ in range(EPOCHS):
        found = _batches(module, "data_iter_random", _corpus(11, True), 2, 2)
        orders.append(tuple(_place(row[0]) // 2 for X, _ in found for row in X))
    firsts = [sorted({order[place] for order in orders}) for place in range(4)]
    left_out = {number for order in orders for number in set(range(5)) - set(order)}
    return len(set(orders)) > ORDERS, firsts, sorted(left_out)


def _iterator_on_meta(function: str) -> Look:
    def look(module: Any) -> Any:
        batches = getattr(module, function)(list(range(30)), 2, 6, META)
        return [
            (X.device.type, Y.device.type, tuple(X.shape), tuple(Y.shape))
            for X, Y in itertools.islice(batches, MOST)
        ]

    return look


def _for_lengths(look: Callable[..., Look]) -> list[Look]:
    lists = [look(*sizes, False) for sizes in LENGTHS]
    return lists + [look(*sizes, True) for sizes in LENGTHS[:4]]


_MATRIX = INDICES[:6].reshape(2, 3)
LOOKS: dict[str, list[Look]] = {
    "build_vocab": [_vocabulary(text) for text in (*TEXTS, list(TEXTS[0]))],
    "one_hot": [
        *(_one_hot(INDICES.to(dtype), 6) for dtype in (torch.int64, torch.int32, torch.uint8)),
        *(_one_hot(INDICES.to(dtype), 6) for dtype in (torch.float32, torch.float64)),
        *(_one_hot(INDICES, 5, dtype) for dtype in (torch.float32, torch.float64)),
        _one_hot(INDICES[1:2], 1),
        _one_hot(INDICES[:1], 3),
        _on_meta("one_hot", INDICES),
    ],
    "to_onehot": [
        *(_to_onehot(_MATRIX.to(t), 6) for t in (torch.int64, torch.int32, torch.float32)),
        _to_onehot(INDICES.reshape(4, 2), 5),
        _to_onehot(INDICES.reshape(2, 4).T, 5),
        _to_onehot(INDICES.reshape(1, 8), 5),
        _to_onehot(INDICES.reshape(8, 1), 5),
        _to_onehot(torch.zeros(1, 1, dtype=torch.int64), 1),
        _on_meta("to_onehot", _MATRIX),
    ],
    "data_iter_random": [
        *_for_lengths(_windows),
        _orders,
        _iterator_on_meta("data_iter_random"),
    ],
    "data_iter_consecutive": [
        *_for_lengths(_consecutive),
        _iterator_on_meta("data_iter_consecutive"),
    ],
}
