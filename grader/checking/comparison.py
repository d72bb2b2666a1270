"""Comparing what a submission returned with what was expected: structure, then dtype, then values.

Nothing is broadcast. What the interface lets a submission choose is settled here and nowhere else:
a sequence of T matrices may be a list, a tuple or one tensor (T, ...); outputs may also be joined
as (T·n, q); a state is a tuple or a list. In an expected value a Python list stands for such a
sequence, a tuple for a state or a group of results.
"""

import math
from typing import Any

import torch

from grader.findings import CheckStopped, Difference, fail
from grader.sandbox.devices import CPU
from grader.sandbox.values import Handle, Opaque, dtype_name
from grader.submission import Returned

TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5}
ACCELERATED = {torch.float64: 1e-9, torch.float32: 5e-5}  # TF32 is off by 1.5e-4 and more


Pair = tuple[str, Returned, torch.Tensor]


def tolerance_for(answer: Any) -> float:
    """The difference, times 1 + |expected|, that an answer's dtype and device explain."""
    table = TOLERANCE if answer.device == CPU else ACCELERATED
    return table[answer.dtype]


def pairs(answer: Any, expected: Any, part: str = "", actual: Any = None) -> list[Pair]:
    """Match a result's structure and shapes against the expected ones.

    Returns:
        The tensors of both, side by side, each with the name of its place.

    Raises:
        CheckStopped: if the structure or a shape differs.
    """
    actual = answer.value if actual is None and not part else actual
    if isinstance(expected, torch.Tensor):
        return [_tensor_pair(answer, expected, part, actual)]
    if isinstance(expected, list):
        items = _sequence(answer, expected, part, actual)
    elif isinstance(expected, tuple):
        items = _group(answer, expected, part, actual)
    else:
        raise TypeError(f"an expected value can't be a {type(expected).__name__}")
    found: list[Pair] = []
    for index, (item, wanted) in enumerate(zip(items, expected, strict=True)):
        found += pairs(answer, wanted, _name(part, index, expected), item)
    return found


def _name(part: str, index: int, expected: Any) -> str:
    names = getattr(expected, "_fields", None)
    if names:
        return f"{part}.{names[index]}" if part else names[index]
    return f"{part or 'result'}[{index}]"


def _tensor_pair(answer: Any, expected: torch.Tensor, part: str, actual: Any) -> Pair:
    if not isinstance(actual, Returned) or actual.node.kind == "array":  # X @ W takes no array
        raise fail(
            "not_a_tensor", answer=answer, expected=expected, part=part, kind=kind_of(actual)
        )
    has_data(answer, part, actual)
    if actual.node.dtype.startswith("complex"):
        names = {"returned_dtype": actual.node.dtype, "expected_dtype": dtype_name(answer.dtype)}
        raise fail("dtype", answer=answer, expected=expected, part=part, **names)
    if actual.shape != tuple(expected.shape):
        raise fail(
            "shape",
            answer=answer,
            expected=expected,
            part=part,
            returned_shape=actual.shape,
            expected_shape=tuple(expected.shape),
        )
    return part, actual, expected


def has_data(answer: Any, part: str, tensor: Returned) -> torch.Tensor | None:
    """A returned tensor's numbers; None only if the question was asked on meta tensors.

    Raises:
        CheckStopped: if they are missing otherwise.
    """
    if tensor.data is None and not answer.on_meta:
        raise fail("no_data", answer=answer, part=part, device=tensor.node.device)
    return tensor.data


def _sequence(answer: Any, expected: list, part: str, actual: Any) -> list[Any]:
    count, shape = len(expected), tuple(expected[0].shape)
    if isinstance(actual, Returned):
        has_data(answer, part, actual)
        joined = (count * shape[0], *shape[1:])
        if actual.node.kind == "array":
            kind = kind_of(actual)
            raise fail("not_a_sequence", answer=answer, expected=expected, part=part, kind=kind)
        if actual.shape == (count, *shape) or (_joinable(expected) and actual.shape == joined):
            return actual.unbind(shape, count)
        raise fail(
            "sequence_shape",
            answer=answer,
            expected=expected,
            part=part,
            returned_shape=actual.shape,
            expected_shape=(count, *shape),
        )
    return _items(answer, expected, part, actual, "not_a_sequence")


def _group(answer: Any, expected: tuple, part: str, actual: Any) -> list[Any]:
    if isinstance(actual, Returned) and all(isinstance(e, torch.Tensor) for e in expected):
        raise fail("bare_tensor", answer=answer, expected=expected, part=part, count=len(expected))
    return _items(answer, expected, part, actual, "not_a_tuple")


def _items(answer: Any, expected: Any, part: str, actual: Any, code: str) -> list[Any]:
    if not isinstance(actual, (list, tuple)):
        raise fail(code, answer=answer, expected=expected, part=part, kind=kind_of(actual))
    if len(actual) != len(expected):
        raise fail(
            "length",
            answer=answer,
            expected=expected,
            part=part,
            returned_length=len(actual),
            expected_length=len(expected),
        )
    return list(actual)


class Outputs(list):
    """An expected sequence of logits, which may also come joined as one (T·n, q) tensor."""


def _joinable(expected: list) -> bool:
    return isinstance(expected, Outputs)


def agree(
    answer: Any, expected: Any, tolerance: float | None = None, code: str = "values"
) -> list[Pair]:
    """Match structure, shapes and values.

    Args:
        tolerance: allowed difference, times 1 + |expected|; by default that of the dtype in which
            the answer was asked for.

    Raises:
        CheckStopped: at the first difference.
    """
    matched = pairs(answer, expected)
    for part, actual, wanted in matched:
        difference = compare(part, actual, wanted, tolerance or tolerance_for(answer))
        if difference is not None:
            stopped = fail(code, answer=answer, expected=expected, part=part)
            stopped.finding.difference = difference
            raise stopped
    return matched


def compare(
    part: str, actual: Returned, expected: torch.Tensor, tolerance: float
) -> Difference | None:
    """The first place where two tensors of one shape differ; None if they agree.

    NaN agrees with nothing, not even with NaN: an expected value is always finite.
    """
    if actual.data is None:  # on meta, though nothing was asked there
        return Difference(part, (), "no data", "numbers", 1, 1, tolerance)
    left, right = numeric(actual.data), numeric(expected)
    close = (left - right).abs() <= tolerance * (1 + right.abs())
    if bool(close.all()):
        return None
    index = tuple((~close).nonzero()[0].tolist())
    return Difference(
        part,
        index,
        actual.data[index].item(),
        expected[index].item(),
        int((~close).sum()),
        close.numel(),
        tolerance,
    )


def numbers_of(tensor: Returned) -> torch.Tensor:
    """A returned tensor's numbers in float64, after ``has_data`` has seen that there are some."""
    assert tensor.data is not None
    return numeric(tensor.data)


def numeric(tensor: torch.Tensor) -> torch.Tensor:
    """Values as float64 (complex128 for complex ones), wherever they came from."""
    return tensor.detach().to(torch.complex128 if tensor.is_complex() else torch.float64)


def is_number(value: Any) -> bool:
    """Whether a result is a number: a float, an int, or a tensor with one entry."""
    if isinstance(value, Returned):
        return value.data is not None and value.data.numel() == 1 and not value.data.is_complex()
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number(answer: Any, value: Any, expected: float) -> float:
    """A result as a float.

    Raises:
        CheckStopped: if it is no number.
    """
    if not is_number(value):
        raise fail("not_a_number", answer=answer, expected=expected, kind=kind_of(value))
    return float(numbers_of(value).item()) if isinstance(value, Returned) else float(value)


def agree_number(
    answer: Any, expected: float, tolerance: float, value: Any = None, code: str = "number"
) -> None:
    """Check that a result (or ``value``, a part of it) is a number close to ``expected``.

    Raises:
        CheckStopped: if not.
    """
    actual = number(answer, answer.value if value is None else value, expected)
    if not math.isfinite(actual) or abs(actual - expected) > tolerance * (1 + abs(expected)):
        stopped = fail(code, answer=answer, expected=expected)
        stopped.finding.difference = Difference("", (), actual, expected, 1, 1, tolerance)
        raise stopped


def kind_of(value: Any) -> str:
    """What a result is, in a word, for messages."""
    if isinstance(value, Returned):
        return "ndarray" if value.node.kind == "array" else "Tensor"
    if isinstance(value, Handle):
        return value.type_name
    if isinstance(value, Opaque):
        return f"{value.type_name} ({value.note})" if value.note else value.type_name
    return "None" if value is None else type(value).__name__


__all__ = ["CheckStopped", "Outputs", "Returned", "agree", "agree_number", "compare", "pairs"]
