"""Mini-batches that a submission's iterator gave, as lists of whole numbers."""

from typing import Any

import torch

from grader.checking.cases import Case
from grader.checking.comparison import has_data, kind_of, numbers_of
from grader.findings import fail
from grader.sandbox.values import Opaque
from grader.submission import Answer, Function, Returned

Batch = tuple[list[list[int]], list[list[int]]]
SPARE = 8  # batches drawn beyond those expected, before the iterator counts as endless


def batches(function: Function, case: Case, expected: int) -> tuple[Answer, list[Batch]]:
    """Draw one epoch: ``expected`` pairs (X, Y), both (n, T), of any real dtype.

    Raises:
        CheckStopped: if there are more or fewer, or one is not such a pair.
    """
    answer = function.ask(case.arguments, take=expected + SPARE)
    value = answer.value
    if isinstance(value, Opaque) and value.note == "endless":
        raise fail("batch_count", answer=answer, returned=f"> {expected + SPARE}", count=expected)
    if not isinstance(value, (list, tuple)):
        raise fail("not_iterable", answer=answer, kind=kind_of(value))
    found = [_pair(answer, item, number, case) for number, item in enumerate(value)]
    if len(found) != expected:
        raise fail("batch_count", answer=answer, returned=len(found), count=expected)
    return answer, found


def _pair(answer: Answer, item: Any, number: int, case: Case) -> Batch:
    if not isinstance(item, (list, tuple)) or len(item) != 2:
        raise fail("batch_not_a_pair", answer=answer, batch=number, kind=kind_of(item))
    shape = (case["batch_size"], case["num_steps"])
    X, Y = (
        _rows(answer, part, f"{name} of batch {number}", shape)
        for name, part in zip("XY", item, strict=True)
    )
    return X, Y


def _rows(answer: Answer, value: Any, part: str, shape: tuple[int, int]) -> list[list[int]]:
    if not isinstance(value, Returned):
        value = _nested(value)
    if value is None:
        raise fail("not_a_tensor", answer=answer, part=part, kind="list")
    if has_data(answer, part, value) is None or value.shape != shape:
        raise fail(
            "shape", answer=answer, part=part, returned_shape=value.shape, expected_shape=shape
        )
    data = numbers_of(value)
    if not bool((data == data.round()).all()):
        raise fail("not_whole", answer=answer, part=part)
    return data.long().tolist()


def _nested(value: Any) -> Returned | None:
    """Nested lists of numbers as a tensor; None if they are none."""
    try:
        data = torch.tensor(value)
    except (TypeError, ValueError, RuntimeError):
        return None
    from grader.sandbox.wire import TensorNode

    return Returned(TensorNode(str(data.dtype), list(data.shape), 0), data)


def position_of(case: Case) -> dict[int, int]:
    """Where each number of the corpus stands."""
    return {number: index for index, number in enumerate(case["corpus_indices"])}
