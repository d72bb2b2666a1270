"""How a result is nested, in a word that two versions of the same code share."""

from typing import Any

from grader.submission import Returned


def form(value: Any) -> str:
    """How a result is nested. Outputs, first of two parts, may be a list or one tensor."""
    if isinstance(value, Returned):
        return f"tensor{len(value.shape)}"
    if isinstance(value, (list, tuple)):
        parts = ["tensor" if isinstance(v, Returned) else kind(v) for v in value]
        if len(parts) == 2 and not isinstance(value[1], Returned):
            parts[0] = "*"
        return "(" + " ".join(parts) + ")"
    return kind(value)


def kind(value: Any) -> str:
    """What something is called, or whether a sequence holds others."""
    if not isinstance(value, (list, tuple)):
        return type(value).__name__
    nested = any(isinstance(item, (list, tuple)) for item in value)
    return "nested" if nested else "sequence"
