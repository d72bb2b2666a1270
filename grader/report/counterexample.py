"""A failing call as JSON: the function, its arguments, what came back, what should have.

Bounded in size, the same for the same run, and readable by any JSON parser.
"""

import math
from typing import Any

import torch

from grader.findings import Finding
from grader.report.cleaning import clean
from grader.report.display import DEPTH, count_numbers, literal, tag
from grader.sandbox.values import Handle, Opaque
from grader.submission import Generator, Returned, StandIn, WithGrad

NUMBERS = 400  # of one value; a larger one is described
ITEMS = 64  # of one list or dict
TEXT_CHARS = 500


def counterexample(finding: Finding) -> dict[str, Any] | None:
    """What the JSON report says about the call that showed a fault; None without a call."""
    if finding.call is None:
        return None
    arguments = {name: jsonable(value) for name, value in finding.call.arguments.items()}
    return {
        "function": finding.call.function,
        "arguments": arguments,
        "returned": jsonable(finding.returned) if finding.has_values else None,
        "expected": jsonable(finding.expected),
    }


def jsonable(value: Any) -> Any:
    """A value as nested lists of numbers, or a short description where it is large or no data.

    Floats keep every digit; NaN and infinities become strings.
    """
    if count_numbers(value) > NUMBERS:
        return tag(value)
    return _jsonable(value, 0)


def _jsonable(value: Any, depth: int) -> Any:
    if isinstance(value, Returned):
        return tag(value) if value.data is None else _plain(value.data.tolist())
    if isinstance(value, torch.Tensor):
        return tag(value) if value.is_meta else _plain(value.detach().tolist())
    if isinstance(value, WithGrad):
        grad = None if value.grad is None else _plain(value.grad.tolist())
        return {"value": _plain(value.value.tolist()), "grad": grad}
    if isinstance(value, Generator):
        value = list(value.items)
    if isinstance(value, (Handle, Opaque, StandIn)):
        return literal(value)
    if not isinstance(value, (list, tuple, dict)):
        return _plain(value)
    if depth >= DEPTH or len(value) > ITEMS:
        return tag(value)
    if isinstance(value, dict):
        return {str(_plain(key)): _jsonable(item, depth + 1) for key, item in value.items()}
    return [_jsonable(item, depth + 1) for item in value]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return clean(str(value), TEXT_CHARS)
