"""Laying out labelled rows of text in a fixed width; Chinese characters are two cells wide.

A place, ``path:line``, is never cut: where it is longer than a line, the line is longer.
"""

import re
from collections.abc import Iterable

from rich.cells import cell_len

from grader.report.cleaning import CUT, guard

MARGIN = "  "
WINDOW = 1_000  # characters that are looked at to find where one line ends
_NOT_FIRST = frozenset("，。；：？！、）》」』”’…,.;:?!)]}")  # no line begins with these
_NOT_LAST = frozenset("（《「『“‘([{")
_PLACE = re.compile(r"\S{1,160}:\d+")  # path:line stays in one piece, or no editor finds it


def wrap(text: str, width: int) -> list[str]:
    """``text`` as lines of at most ``width`` cells, cut at spaces or between Chinese characters."""
    width = max(width, 8)
    lines = []
    for paragraph in text.split("\n"):
        start, end = 0, len(paragraph)
        while start < end or not paragraph:
            piece = paragraph[start : start + WINDOW]
            cut = _cut(piece, width)
            if start + cut >= end and cell_len(piece) <= width:
                lines.append(piece)
                break
            lines.append(piece[:cut].rstrip())
            start += cut
            while start < end and paragraph[start].isspace():
                start += 1
    return [guard(line) for line in lines]


def _cut(text: str, width: int) -> int:
    """Where to end a line: the last good place within ``width`` cells, or anywhere."""
    best = used = 0
    for index, character in enumerate(text):
        if index and _may_cut(text[index - 1], character):
            best = index
        used += cell_len(character)
        if used > width and character != " ":
            place = _PLACE.match(text)
            return best or (place.end() if place else max(index, 1))
    return len(text)


def _may_cut(before: str, after: str) -> bool:
    if before == " ":
        return True
    wide = cell_len(before) == 2 or cell_len(after) == 2
    return wide and after not in _NOT_FIRST and before not in _NOT_LAST and after != " "


def shorten(text: str, width: int) -> str:
    """``text`` on one line of at most ``width`` cells; a cut shows."""
    text = text.replace("\n", " ").strip()
    if cell_len(text) <= width:
        return text
    used, end = cell_len(CUT), 0
    for end, character in enumerate(text):  # noqa: B007 - its last value is what is wanted
        used += cell_len(character)
        if used > width:
            break
    return text[:end].rstrip() + CUT


def fitting(line: str, width: int) -> str:
    """A line as it is where it fits, else cut."""
    return line if cell_len(line) <= width else shorten(line, width)


def caret(line: str, source: str, column: int, width: int) -> list[str]:
    """A line with a caret below one column (from 1) of the source that ``line`` ends with.

    None where there is no column, or it would not be seen.
    """
    before = line[: len(line) - len(source)] + source[: column - 1]
    if not column or not line.endswith(source) or cell_len(line) > width:
        return []
    return [" " * cell_len(before) + "^"]


def pad(text: str, width: int) -> str:
    """``text`` with spaces up to ``width`` cells."""
    return text + " " * max(0, width - cell_len(text))


def spread(left: str, right: str, width: int) -> str:
    """``left`` and ``right`` at the two ends of a line; ``left`` gives way."""
    room = width - cell_len(right) - 2
    left = shorten(left, room)
    return pad(left, room) + "  " + right


def labelled(label: str, text: str, column: int, width: int, most: int) -> list[str]:
    """A row: the label in its column, the text beside it on at most ``most`` lines."""
    room = width - len(MARGIN) - column
    lines = wrap(text, room)
    if len(lines) > most:
        lines = [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), room)]
    starts = [label] + [""] * (len(lines) - 1)
    return [MARGIN + pad(s, column) + line for s, line in zip(starts, lines, strict=True)]


def packed(items: Iterable[str], width: int, gap: str = "   ") -> list[str]:
    """Items side by side on lines of at most ``width`` cells; an item is never broken."""
    lines: list[str] = []
    for item in items:
        if lines and cell_len(lines[-1]) + len(gap) + cell_len(item) <= width:
            lines[-1] += gap + item
        else:
            lines.append(item)
    return lines
