"""Which edition of the kit this is: the kit itself, a student's edition, or a course's.

``python -m grader release`` writes ``edition.json`` at the root of the two that it makes. Nothing
here is heavy: the command line asks before it imports anything else.
"""

import dataclasses
import functools
import json
import re
from pathlib import Path
from typing import Any

from grader.regular import read_regular

ROOT = Path(__file__).resolve().parents[1]
FILE = "edition.json"
STUDENT, SERVER = "student", "server"
ANSWERS = Path("edition") / "answers.msgpack"  # right answers to the public checks
MISTAKES = Path("edition") / "mistakes.msgpack"  # what known wrong versions answer
UNTOUCHED = Path("edition") / "exercises"  # the stubs, to begin again
MARK = "edition.txt"  # in the folder of exercises: the edition's id goes where the work goes
_ID = re.compile(r"[0-9a-f]{16}")
_MARK_BYTES = 64


class EditionError(Exception):
    """``edition.json`` is damaged; the message says what to do."""


@dataclasses.dataclass(frozen=True)
class Edition:
    """One edition.

    Attributes:
        kind: "student" or "server".
        id: what both editions of one release share.
        seeds: those that it grades with: a student's edition has answers for these alone; a
            course's takes the first if it is not told another, and knows any.
        elsewhere: points of each exercise that only the course's edition gives.
        torch: the version of torch that drew the questions.
        probe: what a seeded generator gave there (``checking/answers.py``).
    """

    kind: str
    id: str
    seeds: tuple[int, ...]
    elsewhere: dict[str, int]
    torch: str = ""
    probe: str = ""

    def to_json(self) -> bytes:
        """What stands in ``edition.json``."""
        content = {**dataclasses.asdict(self), "seeds": list(self.seeds)}
        return json.dumps({"schema": 1, **content}, indent=1, sort_keys=True).encode() + b"\n"


@functools.cache
def current(root: Path = ROOT) -> Edition | None:
    """This folder's edition; None in the kit itself.

    Raises:
        EditionError: if its file can't be read.
    """
    try:
        content = json.loads((root / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise EditionError(f"{FILE}: {error}") from None
    return _edition(content)


def _edition(content: Any) -> Edition:
    try:
        found = Edition(
            kind=str(content["kind"]),
            id=str(content["id"]),
            seeds=tuple(int(seed) for seed in content["seeds"]),
            elsewhere={str(name): int(n) for name, n in content["elsewhere"].items()},
            torch=str(content["torch"]),
            probe=str(content["probe"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EditionError(f"{FILE}: {type(error).__name__}: {error}") from None
    if found.kind not in (STUDENT, SERVER) or not _ID.fullmatch(found.id) or not found.seeds:
        raise EditionError(f"{FILE}: kind, id or seeds")
    return found


def is_student() -> bool:
    """Whether this is a student's edition: without solutions, with recorded answers."""
    here = current()
    return here is not None and here.kind == STUDENT


def stub_sources() -> Path:
    """The folder that stubs are made from: the solutions, or in a student's edition the stubs."""
    return ROOT / (UNTOUCHED if is_student() else "solutions")


def mark_of(folder: Path) -> str | None:
    """The id of the edition that a folder of exercises came with; None if it names none."""
    try:
        text = read_regular(folder / MARK, _MARK_BYTES).decode("ascii", "replace").strip()
    except OSError:
        return None
    return text if _ID.fullmatch(text) else None
