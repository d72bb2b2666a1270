"""Reading Python line by line without parsing it: where statements begin, and what they begin with.

Code of a submission is looked at on the trusted side to find a function's line and to drop what
only IPython understands. A parser can be brought to its knees by hostile code, and stops at the
first error; this scanner only follows strings, brackets and comments, and never fails.

It takes linear time whatever it meets: in no expression here can two repetitions in a row take the
same characters, and of a line nothing is copied for each of its tokens. Magics are looked for in
cells of notebooks alone; in a file they are no Python.
"""

import dataclasses
import re
from collections.abc import Iterable

SCANNED_BYTES = 256 * 1024  # of a file: ten times the longest exercise, looked through in a moment
_STRING = re.compile(r"[rRbBuUfFtT]{0,2}('''|\"\"\"|'|\")")
_TOKEN = re.compile(r"[rRbBuUfFtT]{0,2}(?:'''|\"\"\"|'|\")|[#()\[\]{}\\]|\w+")
_ENDS = {quote: re.compile(r"\\.|" + quote) for quote in ("'''", '"""', "'", '"')}
_MAGIC = re.compile(r"\s*(?:%{1,2}[A-Za-z]|!|\?)|grade\(")  # grade() is the extension's
_HELP = re.compile(r"\s*%{0,2}[\w.*]+\?{1,2}\s*")
_ASSIGNED = re.compile(r"([\w.,\s\[\]()*]+=\s*)(?:!|%[A-Za-z])")
_DEFINED = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=]+)?=(?!=)")
_FUNCTION = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+\w+")
_IMPORT = re.compile(r"(?:import|from)\s+(\w+|\.)")
_FUTURE = re.compile(r"from\s+__future__\s+import\s+(\w[\w\s,]*)(?:#.*)?")
_RAISES = re.compile(r"\s*raise\s+NotImplementedError\b")


@dataclasses.dataclass(frozen=True)
class Statement:
    """A logical line: ``lines[start:end]``, and whether only IPython understands it."""

    start: int
    end: int
    magic: bool = False


def lines_of(text: str) -> list[str]:
    """The lines of a source as Python counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def statements(lines: list[str], magics: bool = False) -> list[Statement]:
    """The logical lines, in order; blank lines and comments between them belong to none.

    Args:
        magics: the lines are a notebook's, and may hold what only IPython understands.
    """
    found: list[Statement] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.strip() or line.lstrip().startswith("#"):
            index += 1
            continue
        if magics and _is_magic(line):
            end = index
            while lines[end].endswith("\\") and end + 1 < len(lines):
                end += 1
            found.append(Statement(index, end + 1, True))
        else:
            found.append(Statement(index, _end_of(lines, index)))
        index = found[-1].end
    return found


def _is_magic(line: str) -> bool:
    return bool(_MAGIC.match(line) or _HELP.fullmatch(line) or _ASSIGNED.match(line))


def _end_of(lines: list[str], index: int) -> int:
    """Where the statement that begins at line ``index`` ends."""
    quote, depth = "", 0
    for number in range(index, len(lines)):
        quote, depth, continued = _follow(lines[number], quote, depth)
        if not quote and depth == 0 and not continued:
            return number + 1
    return len(lines)


def _follow(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """The open string and the depth of brackets after a line, and whether a \\ continues it."""
    position, last = 0, len(line.rstrip())
    while position <= len(line):
        if quote:
            end = _ENDS[quote].search(line, position)
            if end is None:
                stays = len(quote) == 3 or line.endswith("\\")
                return (quote if stays else ""), depth, False
            position = end.end()
            quote = "" if end.group() == quote else quote
            continue
        token = _TOKEN.search(line, position)
        if token is None or token.group() == "#":
            return "", depth, False
        position, word = token.end(), token.group()
        if string := _STRING.fullmatch(word):
            quote = string.group(1)
        elif word in "([{":
            depth += 1
        elif word in ")]}":
            depth = max(depth - 1, 0)
        elif word == "\\" and position >= last:
            return "", depth, True
    return quote, depth, False


def without_magics(lines: list[str]) -> list[str]:
    """As many lines, with magics, shell commands and calls for help replaced by ``pass``.

    ``files = !ls`` becomes ``files = None``.
    """
    kept = list(lines)
    for statement in statements(lines, magics=True):
        if statement.magic:
            first = lines[statement.start]
            assigned = _ASSIGNED.match(first)
            blank = f"{assigned.group(1)}None" if assigned else _indent(first) + "pass"
            kept[statement.start] = blank
            kept[statement.start + 1 : statement.end] = [""] * (statement.end - statement.start - 1)
    return kept


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def only_imports(lines: list[str], but: Iterable[str] = (), own: str = "") -> list[str]:
    """As many lines of a cell, with nothing left but imports at the top level.

    Those of the modules ``but`` are left out, and those of the exercise ``own``.
    """
    itself = re.compile(rf"(?:import|from)\s+(?:exercises)?\.{re.escape(own)}\b")
    kept = [""] * len(lines)
    for statement in statements(lines, magics=True):
        found = _IMPORT.match(lines[statement.start])
        if own and itself.match(lines[statement.start]):
            continue
        if found and not statement.magic and found.group(1) not in but:
            for number in range(statement.start, statement.end):
                kept[number], more, _ = lines[number].partition(";")
                if more:  # what stands behind an import is none
                    break
    return kept


def without_future(lines: list[str]) -> tuple[list[str], list[str]]:
    """As many lines without ``from __future__ import ...``, and what these imported."""
    kept, names = list(lines), []
    for statement in statements(lines):
        found = _FUTURE.fullmatch(lines[statement.start])
        if found and statement.end == statement.start + 1:
            names += [name.strip() for name in found.group(1).split(",") if name.strip()]
            kept[statement.start] = ""
    return kept, names


def definitions(lines: list[str], magics: bool = False) -> dict[str, int]:
    """Names that are defined or assigned at the top level, each with its last line, from 1.

    Args:
        magics: the lines are a cell's as it was typed.
    """
    found = {}
    for statement in statements(lines, magics):
        if not statement.magic and (match := _DEFINED.match(lines[statement.start])):
            found[match.group(1) or match.group(2)] = statement.start + 1
    return found


def is_untouched(lines: list[str]) -> bool:
    """Whether functions with docstrings that raise NotImplementedError are all there is."""
    raises = 0
    for statement in statements(lines):
        first = lines[statement.start]
        if _RAISES.match(first):
            raises += 1
        elif first == "pass":  # in the place of a magic
            continue
        elif not (_IMPORT.match(first) or _FUNCTION.match(first) or _STRING.match(first.strip())):
            return False
    return raises > 0
