"""The pairs as data for JSON, and as lines with marked passages for the page."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.report.cleaning import clean_line
from grader.similarity.comparing import WHOLE, Pair, Shared, passages
from grader.similarity.reading import Read
from grader.similarity.tokens import Tokens

SCHEMA = 1
CONTEXT = 2  # lines around a passage
LINES = 300  # of one side that are shown
LINE_CHARS = 300
NAME_CHARS = 120
Span = tuple[int, int, int]  # start, end, number


@dataclass
class Line:
    """A line with its number and pieces: text, and the number of its passage or 0.

    Without a number it stands for ``left_out`` lines.
    """

    number: int
    pieces: list[tuple[str, int]] = field(default_factory=list)
    left_out: int = 0


@dataclass
class FileView:
    """One file of both students."""

    name: str
    percent: int
    shared: int
    left: list[Line] = field(default_factory=list)
    right: list[Line] = field(default_factory=list)


@dataclass
class PairView:
    """One pair; ``files`` are those in which they are alike."""

    left: str
    right: str
    percent: int
    files: list[FileView]


def names_of(reads: Sequence[Read]) -> list[str]:
    """What submissions are called wherever they are shown."""
    return [clean_line(read.name, NAME_CHARS) for read in reads]


def percent(share: float) -> int:
    """Rounded down: 100 is all of it."""
    return int(100 * share + 1e-9)


def view(pairs: Sequence[Pair], reads: Sequence[Read]) -> list[PairView]:
    """The pairs as the page shows them."""
    names = names_of(reads)
    return [
        PairView(
            names[pair.left],
            names[pair.right],
            percent(pair.similarity),
            [_file(shared, reads[pair.left], reads[pair.right]) for shared in pair.shared],
        )
        for pair in pairs
    ]


def _file(shared: Shared, left: Read, right: Read) -> FileView:
    found = FileView(
        clean_line(shared.file, NAME_CHARS), percent(shared.similarity), len(shared.hashes)
    )
    if shared.file != WHOLE:
        ours, theirs = left.files[shared.file], right.files[shared.file]
        on_left, on_right = passages(ours, theirs, shared.hashes)
        found.left, found.right = lines(ours, on_left), lines(theirs, on_right)
    return found


def lines(found: Tokens, spans: Sequence[Span]) -> list[Line]:
    """The lines with passages and some around them; a gap says how many were left out."""
    rows = found.text.split("\n")
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    wanted: set[int] = set()
    for start, end, _ in spans:
        first = bisect.bisect_right(starts, start) - 1
        last = bisect.bisect_right(starts, end - 1) - 1
        wanted |= set(range(max(0, first - CONTEXT), min(len(rows), last + CONTEXT + 1)))
    shown: list[Line] = []
    next_one = 0
    for index in sorted(wanted)[:LINES]:
        if index > next_one:
            shown.append(Line(0, left_out=index - next_one))
        shown.append(Line(index + 1, _pieces(rows[index], starts[index], spans)))
        next_one = index + 1
    if next_one < len(rows):
        shown.append(Line(0, left_out=len(rows) - next_one))
    return shown


def _pieces(row: str, start: int, spans: Sequence[Span]) -> list[tuple[str, int]]:
    row = row[:LINE_CHARS]
    pieces, at = [], 0
    for first, last, number in spans:
        a, b = max(at, first - start), min(len(row), last - start)
        if a >= b:
            continue
        blank = len(row) - len(row.lstrip())
        a = max(a, min(blank, b))  # the space before a line is not marked
        pieces += [(row[at:a], 0), (row[a:b], number)]
        at = b
    pieces.append((row[at:], 0))
    return [(text, number) for text, number in pieces if text]


def as_data(
    pairs: Sequence[Pair], reads: Sequence[Read], threshold: float, limit: int
) -> dict[str, Any]:
    """What ``--json`` writes: every pair, the passages of each as lines, and who was not read."""
    names = names_of(reads)
    return {
        "schema": SCHEMA,
        "threshold": threshold,
        "submissions": sum(not read.why for read in reads),
        "unread": [{"name": n, "why": r.why} for n, r in zip(names, reads, strict=True) if r.why],
        "found": len(pairs),
        "pairs": [
            {
                "left": names[pair.left],
                "right": names[pair.right],
                "similarity": round(pair.similarity, 4),
                "files": [_data(s, reads[pair.left], reads[pair.right]) for s in pair.shared],
            }
            for pair in pairs[:limit]
        ],
    }


def _data(shared: Shared, left: Read, right: Read) -> dict[str, Any]:
    found: dict[str, Any] = {
        "file": clean_line(shared.file, NAME_CHARS),
        "similarity": round(shared.similarity, 4),
        "shared": len(shared.hashes),
        "passages": {"left": [], "right": []},
    }
    if shared.file != WHOLE:
        ours, theirs = left.files[shared.file], right.files[shared.file]
        on_left, on_right = passages(ours, theirs, shared.hashes)
        numbers, others = _lines(ours, on_left), _lines(theirs, on_right)
        found["passages"] = {"left": numbers, "right": others}
    return found


def _lines(found: Tokens, spans: Sequence[Span]) -> list[list[int]]:
    """The first and last line of each span, from 1, and its number."""
    breaks = [place for place, sign in enumerate(found.text) if sign == "\n"]
    return [
        [1 + bisect.bisect_left(breaks, a), 1 + bisect.bisect_left(breaks, b), number]
        for a, b, number in spans
    ]
