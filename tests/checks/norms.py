"""Results that are a sequence of numbers: floats, tensors of one entry, or one tensor of them."""

import math

from grader.checking.comparison import has_data, is_number, kind_of, number, numbers_of
from grader.findings import Difference, fail
from grader.submission import Answer, Returned


def norms_of(answer: Answer, count: int) -> list[float]:
    """The numbers of an answer.

    Raises:
        CheckStopped: if there are not ``count``, or something is no number.
    """
    value = answer.value
    if isinstance(value, Returned) and len(value.shape) == 1:
        has_data(answer, "", value)
        value = numbers_of(value).tolist()
    if not isinstance(value, (list, tuple)):
        raise fail("not_a_list_of_numbers", answer=answer, kind=kind_of(value))
    if len(value) != count:
        lengths = {"returned_length": len(value), "expected_length": count}
        raise fail("length", answer=answer, part="", **lengths)
    for index, item in enumerate(value):
        if isinstance(item, Returned):
            has_data(answer, f"result[{index}]", item)
        if not is_number(item):
            raise fail("not_a_list_of_numbers", answer=answer, kind=kind_of(item))
    return [number(answer, item, 0.0) for item in value]


def agree_norms(answer: Answer, expected: list[float], code: str, tolerance: float = 1e-9) -> None:
    """The numbers of an answer are ``expected``, to ``tolerance`` · (1 + |expected|).

    Raises:
        CheckStopped: at the first that is not.
    """
    found = norms_of(answer, len(expected))
    for index, (actual, want) in enumerate(zip(found, expected, strict=True)):
        if not math.isfinite(actual) or abs(actual - want) > tolerance * (1 + abs(want)):
            stopped = fail(code, answer=answer, expected=expected, part=f"result[{index}]")
            count = sum(
                not abs(a - w) <= tolerance * (1 + abs(w))
                for a, w in zip(found, expected, strict=True)
            )
            stopped.finding.difference = Difference(
                f"result[{index}]", (), actual, want, count, len(expected), tolerance
            )
            raise stopped
