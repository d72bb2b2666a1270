"""Findings that keep little: where the room for large values is used up, what shows of them stays.

A message shows a value of more than a few hundred numbers by its kind and shape alone, with the
neighbourhood of a difference. Only that neighbourhood is lost here, and only if a submission has
filled the room with megabytes.
"""

import dataclasses
import math
from typing import Any

import torch

from grader.findings import Finding
from grader.submission import Returned
from grader.weighing import Room, weight

SMALL = 64 * 1024  # bytes of a finding's values that are always kept
NUMBERS = 400  # of a tensor that is kept
ITEMS = 48  # of a list that are kept
TEXT_CHARS = 1000


class Shortened(list[Any]):
    """The beginning of a list; ``length`` is that of the whole."""

    length: int


class ShortenedTuple(tuple[Any, ...]):
    """The beginning of a tuple; ``length`` is that of the whole."""

    length: int


def bounded(finding: Finding, room: Room) -> Finding:
    """The finding, with its values cut where they are large and there is no room for them."""
    size = weight(finding.returned)
    if size <= SMALL or room.take(size):
        return finding
    return dataclasses.replace(finding, returned=cut(finding.returned))


def cut(value: Any, depth: int = 0) -> Any:
    """A value without what is large in it: shapes, lengths and beginnings stay."""
    if isinstance(value, Returned):
        small = value.data is not None and math.prod(value.shape) <= NUMBERS
        data = value.data.clone() if small and value.data is not None else None
        return Returned(value.node, data)
    if isinstance(value, torch.Tensor):
        return value.detach().clone() if value.numel() <= NUMBERS else value.to("meta")
    if isinstance(value, str):
        return value[:TEXT_CHARS]
    if isinstance(value, (list, tuple)):
        items = [cut(item, depth + 1) for item in value[:ITEMS]]
        if len(value) <= ITEMS:
            return items if isinstance(value, list) else tuple(items)
        short = Shortened(items) if isinstance(value, list) else ShortenedTuple(items)
        short.length = len(value)
        return short
    if isinstance(value, dict):
        return {cut(key): cut(item, depth + 1) for key, item in list(value.items())[:ITEMS]}
    return value
