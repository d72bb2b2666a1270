"""Showing values: small ones whole, so that they can be pasted into Python; big ones as
``f32[2,3]`` with the neighbourhood of the first difference.

Values are plain Python and torch values, arguments for the sandbox, or what came back from it.
"""

import math
import re
from typing import Any

import torch

from grader.report.cleaning import clean, clean_line
from grader.sandbox.values import Handle, Opaque, dtype_name
from grader.submission import Generator, Returned, StandIn, WithGrad, argument_tensors

SMALL = 12  # numbers that are shown one by one
TEXT_CHARS = 60
AROUND = 2  # neighbours on each side of a difference
DEPTH = 6
KINDS = 3  # different items of a sequence that are named, if there are no more
_PREFIXES = (("bfloat", "bf"), ("float", "f"), ("uint", "u"), ("int", "i"), ("complex", "c"))


def short_dtype(name: str) -> str:
    """A dtype's short name: float32 → f32, int64 → i64."""
    for long, short in _PREFIXES:
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name


def number(value: Any, digits: int = 6) -> str:
    """A number with ``digits`` significant digits; a float keeps looking like one."""
    if isinstance(value, float) and math.isfinite(value):
        text = f"{value:.{digits}g}"
        return text if any(c in text for c in ".e") else f"{text}.0"
    return str(value)


def two_numbers(left: Any, right: Any) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to see the difference."""
    for digits in range(6, 18):
        texts = number(left, digits), number(right, digits)
        if texts[0] != texts[1]:
            return texts
    return repr(left), repr(right)


def tag(value: Any, floating: str | None = None, depth: int = 0) -> str:
    """What a value is, without its numbers: ``f32[2,3]``, ``(3 × f64[2,5], (f64[2,4],))``.

    Args:
        floating: show floating tensors as if they had this dtype.
    """
    if isinstance(value, Returned):
        name, shape, device = value.node.dtype, value.node.shape, value.node.device
        return _tensor_tag(name, shape, clean_line(device, 20), None)
    if isinstance(value, torch.Tensor):
        name = dtype_name(value.dtype)
        name = floating if floating and value.is_floating_point() else name
        return _tensor_tag(name, value.shape, value.device.type, value.grad)
    if isinstance(value, (list, tuple, dict, Generator)) and depth < DEPTH:
        return _items_tag(value, floating, depth)
    if isinstance(value, WithGrad):
        return tag(value.value, floating, depth)
    return literal(value) or type(value).__name__


def _tensor_tag(dtype: str, shape: Any, device: str, grad: Any) -> str:
    sizes = ",".join(str(size) for size in shape)
    where = "" if device == "cpu" else f" {device}"
    return f"{short_dtype(dtype)}[{sizes}]{where}" + (" with grad" if grad is not None else "")


def _items_tag(value: Any, floating: str | None, depth: int) -> str:
    items = list(value.items if isinstance(value, Generator) else value)
    groups: list[tuple[str, int]] = []
    for item in items[: 4 * SMALL]:
        if isinstance(value, dict):
            text = f"{_nested(item)}: {tag(value[item], floating, depth + 1)}"
        else:
            text = tag(item, floating, depth + 1)
        if groups and groups[-1][0] == text:
            groups[-1] = (text, groups[-1][1] + 1)
        else:
            groups.append((text, 1))
    parts = [text if count == 1 else f"{count} × {text}" for text, count in groups]
    length = getattr(value, "length", len(items))  # a shortened list knows its own
    if len(groups) > KINDS or length > 4 * SMALL:
        parts = [*parts[:2], f"… ({length})"]
    inner = ", ".join(parts)
    if isinstance(value, tuple):
        return f"({inner},)" if len(items) == 1 else f"({inner})"
    return f"{{{inner}}}" if isinstance(value, dict) else f"[{inner}]"


def count_numbers(value: Any) -> int:
    """How many numbers it takes to show a value whole."""
    if isinstance(value, Returned):
        return math.prod(value.shape)
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, WithGrad):
        return 2 * value.value.numel()
    if isinstance(value, (Generator, StandIn)):
        value = value.items if isinstance(value, Generator) else ()
    if isinstance(value, dict):
        value = [item for pair in value.items() for item in pair]
    if isinstance(value, (list, tuple)):
        more = getattr(value, "length", 0)
        return sum(count_numbers(item) for item in value) + more or 1
    return 1


def literal(value: Any, most: int = SMALL) -> str | None:
    """A small value whole, as one could type it; None if it has more than ``most`` numbers."""
    return _literal(value, 0) if count_numbers(value) <= most else None


def _literal(value: Any, depth: int) -> str | None:
    if isinstance(value, Returned):
        return None if value.data is None else _nested(value.data.tolist())
    if isinstance(value, torch.Tensor):
        return None if value.is_meta else _nested(value.detach().tolist())
    if isinstance(value, WithGrad):
        grad = None if value.grad is None else value.grad.tolist()
        return f"{_nested(value.value.tolist())} with .grad = {_nested(grad)}"
    if isinstance(value, Generator):
        inner = _literal(list(value.items), depth)
        return inner and f"iter({inner})"
    if isinstance(value, Handle):
        return f"<{clean_line(value.type_name, 40)}>"
    if isinstance(value, Opaque):
        note = f" ({clean_line(value.note, 20)})" if value.note else ""
        return f"<{clean_line(value.type_name, 40)}{note}>"
    if isinstance(value, StandIn):
        return value.label or f"<{value.name}>"
    if isinstance(value, (list, tuple, dict)):
        return _items_literal(value, depth)
    return _nested(value)


def _items_literal(value: Any, depth: int) -> str | None:
    if depth >= DEPTH:
        return None
    if isinstance(value, dict):
        pairs = [(_nested(key), _literal(item, depth + 1)) for key, item in value.items()]
        if any(item is None for _, item in pairs):
            return None
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    items = [_literal(item, depth + 1) for item in value]
    if any(item is None for item in items):
        return None
    inner = ", ".join(item or "" for item in items)
    if isinstance(value, tuple):
        return f"({inner},)" if len(items) == 1 else f"({inner})"
    return f"[{inner}]"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_nested(item) for item in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (torch.dtype, torch.device)):
        return clean_line(repr(value), TEXT_CHARS)
    return number(value) if isinstance(value, (int, float, complex)) else clean_line(str(value))


def _quoted(text: str) -> str:
    """A string as a literal: what does not print is escaped, so spaces and controls show."""
    rest = "…" if len(text) > TEXT_CHARS else ""
    return clean(repr(text[:TEXT_CHARS]), 8 * TEXT_CHARS) + rest


def shown(value: Any, floating: str | None, index: tuple[int, ...] | None, width: int) -> str:
    """A result: whole with its tag if that fits in ``width``, else its tag and the place ``index``.

    Args:
        index: where a difference is, if the value is the tensor that has it. Without one, a whole
            value may take twice the width.
    """
    name = tag(value, floating)
    whole = literal(value)
    if whole is not None:
        tagged = whole if whole == name else f"{whole}  {name}"
        if len(tagged) <= width:
            return tagged
        if index is None and len(whole) <= 2 * width:
            return whole
    near = around(value, index) if index else None
    return f"{name}  {near}" if near else name


def around(value: Any, index: tuple[int, ...]) -> str | None:
    """The numbers around ``index`` in a tensor, as ``[1, 0:4] = [0.5, ...]``."""
    data = value.data if isinstance(value, Returned) else value
    if not isinstance(data, torch.Tensor) or data.is_meta or len(index) != data.dim():
        return None
    row = data.detach()[index[:-1]]
    start = max(0, index[-1] - AROUND)
    end = min(len(row), index[-1] + AROUND + 1)
    place = ", ".join([*(str(i) for i in index[:-1]), f"{start}:{end}"])
    return f"[{place}] = {_nested(row[start:end].tolist())}"


def floating_dtype(value: Any) -> str | None:
    """The name of the first floating dtype among a call's arguments."""
    for tensor in argument_tensors(value):
        if tensor.is_floating_point():
            return dtype_name(tensor.dtype)
    return None


def returned_dtype(value: Any) -> str | None:
    """The name of the first floating dtype in a result."""
    if isinstance(value, Returned):
        return value.node.dtype if "float" in value.node.dtype else None
    items = value if isinstance(value, (list, tuple)) else ()
    return next((name for name in map(returned_dtype, items) if name), None)


def part_of(value: Any, expected: Any, part: str) -> tuple[Any, Any]:
    """The part of a result, and of the expected one, that ``comparison`` calls ``part``.

    (None, None) where it can't be found.
    """
    steps = re.findall(r"[A-Za-z_]\w*|\[\d+\]", part)
    for step in steps[1:] if steps and steps[0] == "result" else steps:
        value, expected = _step(value, expected, step)
    return value, expected


def _step(value: Any, expected: Any, step: str) -> tuple[Any, Any]:
    names = getattr(expected, "_fields", ())
    if step in names:
        number = names.index(step)
    elif step.startswith("[") and isinstance(expected, (list, tuple)):
        number = int(step[1:-1])
    else:
        return None, None
    if number >= len(expected):
        return None, None
    wanted = expected[number]
    if isinstance(value, (list, tuple)) and number < len(value):
        return value[number], wanted
    if isinstance(value, Returned) and isinstance(wanted, torch.Tensor):
        parts = _parts(value, wanted, len(expected))
        return (parts[number] if parts else None), wanted
    return None, wanted


def _parts(value: Returned, wanted: torch.Tensor, count: int) -> list[Returned] | None:
    if math.prod(value.shape) != count * wanted.numel():
        return None
    return value.unbind(tuple(wanted.shape), count)
