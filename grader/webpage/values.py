"""Values of a counterexample as text to read, with the numbers marked in which two of them part.

They come from a report, so they are plain JSON: numbers, strings, lists and dicts.
"""

import itertools
from typing import Any

DEPTH = 6
MOST = 400  # numbers of one value that are written; the counterexample itself has no more
ROUNDING = 2e-5  # relative: float32 over some steps
EXACT = 1e-9
Segments = list[tuple[str, bool]]


def segments(value: Any, other: Any = None) -> Segments:
    """A value as text, in pieces; a piece is marked where ``other`` has another number.

    Rows of a matrix get a line each. Of two values that are shaped differently nothing is marked.
    """
    allowed = ROUNDING if _parts(value, other, ROUNDING) else EXACT
    writer = _Writer(allowed)
    writer.write(value, other, 0)
    return [
        ("".join(text for text, _ in group), marked)
        for marked, group in itertools.groupby(writer.pieces, key=lambda piece: piece[1])
    ]


class _Writer:
    def __init__(self, allowed: float) -> None:
        self.allowed = allowed
        self.pieces: Segments = []
        self.count = 0

    def write(self, value: Any, other: Any, depth: int) -> None:
        if isinstance(value, dict):
            self._items("{", "}", list(value.items()), {}, depth, ", ")
        elif isinstance(value, list):
            same = isinstance(other, list) and len(other) == len(value)
            deep = any(isinstance(item, list) for item in value)
            gap = ",\n" + " " * (depth + 1) if deep and len(value) > 1 else ", "
            pairs = [("", item) for item in value]
            self._items("[", "]", pairs, dict(enumerate(other)) if same else {}, depth, gap)
        else:
            self.count += 1
            self.pieces.append((_scalar(value), _apart(value, other, self.allowed)))

    def _items(
        self, left: str, right: str, pairs: list, others: dict[int, Any], depth: int, gap: str
    ) -> None:
        self._plain(left)
        for index, (name, item) in enumerate(pairs):
            if index:
                self._plain(gap)
            if depth >= DEPTH or self.count >= MOST:
                self._plain(f"… ({len(pairs)})")
                break
            if name:
                self._plain(f"{name}: ")
            self.write(item, others.get(index), depth + 1)
        self._plain(right)

    def _plain(self, text: str) -> None:
        self.pieces.append((text, False))


def _scalar(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}" + (".0" if value == int(value) and abs(value) < 1e10 else "")
    return value if isinstance(value, str) else repr(value)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _apart(value: Any, other: Any, allowed: float) -> bool:
    if other is None or isinstance(other, (list, dict)):
        return False
    if _number(value) and _number(other):
        return not abs(value - other) <= allowed * (1 + abs(other))
    return isinstance(value, (str, bool, int, float)) and value != other


def _parts(value: Any, other: Any, allowed: float, depth: int = 0) -> bool:
    """Whether the two differ anywhere by more than is allowed."""
    if isinstance(value, list) and isinstance(other, list) and depth < DEPTH:
        pairs = itertools.islice(zip(value, other, strict=False), MOST)
        return len(value) == len(other) and any(_parts(a, b, allowed, depth + 1) for a, b in pairs)
    return _apart(value, other, allowed) if not isinstance(value, (list, dict)) else False
