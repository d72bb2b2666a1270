"""What a submission's file was loaded without, where it could not be loaded as a whole."""

import dataclasses
from collections.abc import Iterable

from grader.findings import Finding, Place
from grader.sandbox import wire
from grader.snapshot import Snapshot

NO_PYTHON = ("SyntaxError", "IndentationError", "TabError", "UnicodeDecodeError")


@dataclasses.dataclass(frozen=True)
class Part:
    """A statement that was left out: where it stands, its last line there, and why.

    ``type`` and ``text`` are those of the exception that it raised; both are empty where it was not
    run, and nobody knows what it would have done.
    """

    place: Place
    last: int
    type: str
    text: str


class Partly:
    """What is known of an exercise that was loaded in part.

    Args:
        finding: why it could not be loaded as a whole.
    """

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        self.parts: list[Part] = []

    def note(self, left_out: Iterable[wire.LeftOut], snapshot: Snapshot) -> None:
        """Keep what was left out; it is the same for every function of the file."""
        if self.parts:
            return
        first = self.finding.places[0] if self.finding.places else None
        for one in left_out:
            place = snapshot.place(one.file, one.line, "", one.source)
            last = snapshot.place(one.file, one.last).line
            kind, text = one.type, one.text
            within = first is not None and place.file == first.file
            if not kind and first and within and place.line <= first.line <= last:
                kind = str(self.finding.fields.get("type", ""))  # it raised at the first attempt
                text = str(self.finding.fields.get("text", "")).partition("\n")[0]
            self.parts.append(Part(place, last, kind, text))


def is_no_python(finding: Finding, file: str) -> bool:
    """Whether a file could not be loaded because it is no Python itself: no part of it could be."""
    own = not finding.sibling and (not finding.places or finding.places[-1].file == file)
    return own and finding.fields.get("type") in NO_PYTHON


__all__ = ["Part", "Partly", "is_no_python"]
