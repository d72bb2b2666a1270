"""What there is to look at for an advice: a finding, and the source of the file it is about."""

import dataclasses
import difflib
import functools
from collections.abc import Iterable
from typing import Any

from grader.catalog import Check
from grader.findings import Advice, Finding, Place
from grader.outline import Definition, Outline, outline
from grader.snapshot import Snapshot

NEAR = 0.75  # of difflib's ratio, for a name to be taken for another
NAME_CHARS = 60
CANDIDATES = 2_000


@dataclasses.dataclass
class Scene:
    """A finding with its check and the submission's source.

    ``asked`` has the names that the exercise asks for; ``by_hand`` says that it does without
    autograd.
    """

    finding: Finding
    check: Check
    snapshot: Snapshot
    asked: set[str]
    by_hand: bool = False

    @property
    def file(self) -> str:
        """The exercise's file in the copy."""
        return f"{self.check.exercise}.py"

    @functools.cached_property
    def outline(self) -> Outline | None:
        """The outline of the exercise's file, made once for a submission."""
        return outline_of(self.snapshot, self.file)

    @property
    def error(self) -> str:
        """The exception, as "Type: text"."""
        fields = self.finding.fields
        return f"{fields.get('type', '')}: {fields.get('text', '')}"

    @property
    def at(self) -> Place | None:
        """The innermost line of the submission that the exception went through."""
        return self.finding.places[-1] if self.finding.places else None

    @property
    def line(self) -> str:
        """That line's text."""
        return self.at.source if self.at else ""

    @property
    def definition(self) -> Definition | None:
        """The function or method in which it was raised, else the one that was asked."""
        known = self.outline
        if known is None:
            return None
        name = self.at.function if self.at else self.check.function
        own = [d for d in known.definitions if d.name == name and not d.is_class]
        methods = [d for d in own if d.is_method and d.inside[-1].name == self.check.function]
        return methods[-1] if methods else (known.named(name))

    def place(self, line: int) -> Place:
        """A line of the exercise's file as a place of the submission."""
        return self.snapshot.place(self.file, line)

    def with_advice(self, code: str, /, **fields: Any) -> Finding:
        """The finding with an advice."""
        return dataclasses.replace(self.finding, advice=Advice(code, fields))


def outline_of(snapshot: Snapshot, file: str) -> Outline | None:
    """The outline of a file of the copy."""
    known = snapshot.outlines
    if file not in known:
        known[file] = outline(text_of(snapshot, file)) if snapshot.has(file) else None
    return known[file]


def text_of(snapshot: Snapshot, file: str) -> str:
    """A file of the copy as text; "" if it was not taken."""
    if not snapshot.has(file):
        return ""
    return (snapshot.folder / file).read_bytes().decode("utf-8-sig", "replace")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant, if one of the known ones is much like it."""
    if not name or len(name) > NAME_CHARS:
        return None
    others = [n for n in dict.fromkeys(known) if n != name and len(n) <= NAME_CHARS][:CANDIDATES]
    for alike in (str.casefold, _letters):
        same = [other for other in others if alike(other) == alike(name)]
        if same:
            return same[0]
    close = difflib.get_close_matches(name, others, 1, NEAR)
    return close[0] if close else None


def _letters(name: str) -> str:
    return "".join(sorted(name.replace("_", "").casefold()))
