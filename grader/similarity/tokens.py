"""Source text as a string of one character a token, without what a copier changes first.

Gone are comments, docstrings, blank space, line breaks, round brackets and trailing commas; every
name of the author's own is the same character, and so is every number and every string. What torch
and Python call their things stays, because nobody can rename it.

The text is only looked at: nothing is parsed, imported or run, and code that is no Python has
tokens, too. The expression is matched in linear time whatever it meets; a full lexer (Pygments')
takes minutes for some files made to be slow, and ten times as long for honest ones.
"""

import builtins
import functools
import keyword
import re
from dataclasses import dataclass

import numpy as np

CODE_CHARS = 100_000  # of one file are looked at: twenty times what an exercise takes
NAME, NUMBER, TEXT = "n", "0", "s"
DROPPED = frozenset("();\\")
_FIRST_OF_OURS = 0x4E00  # kept words become characters from here on
_MOST_OF_OURS = 20_000
_BYTE_ORDER_MARK = "\ufeff"
_TOKEN = re.compile(
    r"""
      (?P<space> [^\S\n]+ ) | (?P<line> \n ) | (?P<comment> \#[^\n]* )
    | (?P<text> (?i:[rbuft]{0,2}) (?:
          \"{3} (?: [^\\"] | \\. | "(?!"") )* (?: \"{3} | \Z )
        | '{3} (?: [^\\'] | \\. | '(?!'') )* (?: '{3} | \Z )
        | " (?: [^\\"\n] | \\. )* "?
        | ' (?: [^\\'\n] | \\. )* '? ) )
    | (?P<number> \.? \d [\w.]* ) | (?P<name> [^\W\d] \w* )
    | (?P<sign> \.\.\. | -> | := | \*\*=? | //=? | >>=? | <<=? | [-+*/%@&|^=!<>]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDS_LINE = re.compile(r"[^\S\n]*(?:\#|\n|\Z)")


@dataclass(frozen=True)
class Tokens:
    """A file as tokens: ``code[i]`` stands for ``text[starts[i]:ends[i]]``."""

    text: str
    code: str
    starts: np.ndarray
    ends: np.ndarray
    is_cut: bool = False


def tokens(content: bytes) -> Tokens:
    """The tokens of a file; bytes that are no UTF-8 are replaced, and a very long file is cut."""
    text = content.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _Reader(text[:CODE_CHARS]).read(len(text) > CODE_CHARS)


class _Reader:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code: list[str] = []
        self.places: list[tuple[int, int]] = []
        self.depth = 0  # of brackets
        self.is_fresh = True  # nothing stands before this on the line
        self.last = ""

    def read(self, is_cut: bool) -> Tokens:
        """All tokens."""
        for match in _TOKEN.finditer(self.text):
            kind, word = match.lastgroup or "", match.group()
            if kind == "line":
                self.is_fresh = self.depth <= 0
            elif kind not in ("space", "comment"):
                self._take(kind, word, match.start(), match.end())
                self.is_fresh, self.last = word == ":" and self.depth <= 0, word
        found = np.array(self.places, dtype=np.int64).reshape(-1, 2)
        return Tokens(self.text, "".join(self.code), found[:, 0], found[:, 1], is_cut)

    def _take(self, kind: str, word: str, start: int, end: int) -> None:
        if kind == "sign":
            self._count(word)
        character = self._character(kind, word, end)
        again = character == TEXT and bool(self.code) and self.code[-1] == TEXT
        if character and not again:  # strings in a row are one string
            self.code.append(character)
            self.places.append((start, end))

    def _count(self, sign: str) -> None:
        if sign in "([{":
            self.depth += 1
        elif sign in ")]}":
            self.depth = max(0, self.depth - 1)
            if self.code and self.last == ",":
                self.code.pop()
                self.places.pop()

    def _character(self, kind: str, word: str, end: int) -> str:
        """The character that stands for a token; empty where it says nothing."""
        if kind == "text":
            is_docstring = self.is_fresh and _ENDS_LINE.match(self.text, end)
            return "" if is_docstring else TEXT
        if kind == "number":
            return NUMBER
        if kind == "sign":
            return "" if word in DROPPED else _kept(word)
        if self.last == ".":
            return _kept(word) if word in vocabulary() else NAME
        is_called = self.text[end : end + 1] == "("
        if keyword.iskeyword(word) or (is_called and hasattr(builtins, word)):
            return _kept(word)
        return NAME


@functools.cache
def vocabulary() -> frozenset[str]:
    """What torch and Python call their functions and methods; such a name counts after a dot."""
    import math
    import random

    import torch

    holders = (torch, torch.Tensor, torch.nn, torch.nn.functional, torch.nn.Module, math, random)
    names = {name for holder in (*holders, *vars(builtins).values()) for name in dir(holder)}
    return frozenset(name for name in names if len(name) > 1)


_characters: dict[str, str] = {}


def _kept(word: str) -> str:
    """The character of a word that stays; a single sign stands for itself."""
    if len(word) == 1 and not word.isalnum():
        return word
    if word not in _characters:
        _characters[word] = chr(_FIRST_OF_OURS + len(_characters) % _MOST_OF_OURS)
    return _characters[word]
