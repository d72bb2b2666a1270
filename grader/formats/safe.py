"""Making texts safe for a format. What comes from a submission was cleaned when the report was
made; a format does not rely on that.
"""

import csv
import functools
import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from grader.locale import Texts
from grader.report.cleaning import clean, clean_line

MOST = 20_000  # characters of a text that are looked at at all
LIMITS = (10_000, 2_000, 500, 150, 0)  # characters of one message, tried in turn
_FORMULA = frozenset("=+-@|%\t\r＝＋－＠")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#!|~$]|^[-+=]|(?<=:)//|(?<=www)\.)")


def text(value: str, limit: int, texts: Texts) -> str:
    """``value`` without anything that acts, at most ``limit`` characters; a cut says how much."""
    whole = _cleaned(value[:MOST])
    missing = len(whole) + len(value[MOST:]) - limit
    if missing <= 0:
        return whole
    note = texts.say("formats.cut", count=missing)
    return (whole[: max(limit - len(note), 0)] + note)[:limit]


@functools.lru_cache(maxsize=1024)
def _cleaned(value: str) -> str:
    """A message is asked for by several formats, and at several lengths."""
    return clean(value, MOST)


def line(value: str, limit: int = 200) -> str:
    """``value`` as one line."""
    return clean_line(value, limit)


def cell(value: str, limit: int = 2_000) -> str:
    """A line for a table that a spreadsheet opens: never a formula."""
    found = line(value, limit)
    return f"'{found}" if found[:1] in _FORMULA and found else found


def table(rows: Iterable[Iterable[str | float]]) -> bytes:
    """Rows as CSV: every text quoted, numbers as they are, UTF-8."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def markdown(value: str, limit: int = 200) -> str:
    """A line that Markdown shows as it is: no markup, no HTML, no link, no mention."""
    found = _MARKDOWN.sub(r"\\\1", line(value, limit))
    found = found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return found.replace("@", "&#64;")


def fenced(value: str) -> str:
    """A cleaned text as a block of code, which nothing inside can end."""
    longest = max((len(run) for run in re.findall(r"`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{value}\n{fence}"


def number(value: float) -> int | float:
    """Points as JSON and CSV show them: 5, not 5.0."""
    return int(value) if value == int(value) else round(value, 2)


def as_json(value: Any) -> bytes:
    """Indented UTF-8 JSON; a NaN would be our own mistake."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def fitted(build: Callable[[int], bytes], most: int) -> bytes:
    """What ``build`` gives for the longest messages with which it has at most ``most`` bytes."""
    for limit in LIMITS:
        content = build(limit)
        if len(content) <= most:
            return content
    return content
