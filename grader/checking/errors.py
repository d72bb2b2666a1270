"""Exceptions in a form that two versions of the same code share: their type, and a message.

In a message what a person called things is left out: names of variables, functions and attributes.
What torch says of shapes and dtypes stays, for it tells one mistake from another. Of a tuple or
None that is used as a tensor each operation complains in words of its own: they are one.
"""

import re

from grader.sandbox import wire

_CALLED = re.compile(r"[\w.<>]+\(\)")  # gru.<locals>.reset_gate()
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SIZES = re.compile(r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)")
_COUNTED = "inplace operation"  # how often which tensor was changed follows: not the mistake
NO_TENSORS = re.compile(r"\b(NoneType|tuple|list)\b")
NAMING = ("NameError", "UnboundLocalError", "KeyError", "ImportError")
_ATTRIBUTE = re.compile(r"attribute '[^']*'")


def plain(error: wire.RaisedError) -> str:
    """The type, and the message without the names that its author chose."""
    text = _CALLED.sub("()", error.message)
    text = _ATTRIBUTE.sub("attribute", text)
    text = _SIZES.sub(_in_order, text).partition(_COUNTED)[0]
    if error.type in NAMING or "positional argument" in text or "keyword argument" in text:
        text = _QUOTED.sub("_", text)
    used = NO_TENSORS.search(text) if error.type in ("TypeError", "AttributeError") else None
    return f"{used[0]} used as a tensor" if used else f"{error.type}: {text}"


def _in_order(match: re.Match) -> str:
    """a + b and b + a are the same: the sizes by their order."""
    return "sizes {} {}".format(*sorted(match.groups()))
