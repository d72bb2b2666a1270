"""What of a printed text can be compared between two people's code: not its layout.

Each prints "epoch 3, perplexity 1.2" in words of their own. What must be there are the texts, and
how often a number of the result stands there.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

LENGTH = 16 * 1024  # of a text that is looked at, in characters
NUMBERS = 200  # of the result, and of a text
_WORD = re.compile(r"[^\W\d_]+")
_DECIMAL = re.compile(r"(?<!\d)\d{1,12}\.(\d{1,20})")
DRIFT = 1e-3  # of a number between two ways to compute it


def facts(text: str, starts: Sequence[str], value: Any) -> list[str]:
    """The words that begin as given and go on, and how many numbers are some float of ``value``."""
    text = text[:LENGTH]
    begun = tuple(start for start in starts if start)
    words = [w for w in _WORD.findall(text) if w.startswith(begun) and w not in starts]
    floats = list(itertools.islice(_floats(value), NUMBERS))
    found = itertools.islice(_DECIMAL.finditer(text), NUMBERS)
    count = sum(any(_is(match, number) for number in floats) for match in found)
    return [*words, f"{count} numbers"]


def stands(text: str, printed: str, letters: str) -> bool:
    """Whether a text stands in what was printed, and does not go on with one of these letters."""
    start = printed.find(text)
    while start >= 0:
        end = start + len(text)
        if printed[end : end + 1] not in letters or end == len(printed):
            return True
        start = printed.find(text, end)
    return False


def _is(match: re.Match, number: float) -> bool:
    """Whether a number was printed, rounded or cut."""
    rounded = 10.0 ** -len(match[1])
    return abs(float(match[0]) - number) <= rounded + DRIFT * abs(number)


def _floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _floats(item)
