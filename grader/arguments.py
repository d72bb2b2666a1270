"""What the command line asks for, checked before anything heavy is imported.

Every problem is one ``UsageProblem``: the id of a sentence that says what to do, and its fields.
"""

import dataclasses
import difflib
import os
import re
import stat
from pathlib import Path
from typing import Any

from grader import edition as editions
from grader.catalog import Catalog

DEFAULT_SEED = 2026
MOST_SEED = 2**63 - 1
DEFAULT_HINTS, MOST_HINTS = 2, 3  # see grader/report/hints.py
STANDARD_OUTPUT = "-"


class UsageProblem(Exception):
    """The command line can't be followed; ``sentence`` and ``fields`` say what to do."""

    def __init__(self, sentence: str, /, **fields: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields


@dataclasses.dataclass(frozen=True)
class Order:
    """A grading run, ready to start. ``submission`` is the folder, or notebook, as it was typed.

    ``session`` is what a running notebook hands in instead of the folder's files, if one asks.
    """

    exercises: list[str]
    submission: str
    json: str | None
    seed: int
    device: str
    timing: bool
    hints: int
    session: str | None = None


def order(
    catalog: Catalog,
    *,
    exercises: tuple[str, ...],
    submission: str,
    json: str | None,
    seed: str | None,
    device: str,
    timing: bool,
    hints: str | None = None,
    session: str | None = None,
) -> Order:
    """The order that a command line gives.

    Raises:
        UsageProblem: if a part of it makes no sense.
    """
    for name in exercises:
        if name not in catalog.names:
            raise unknown("exercise", name, catalog.names)
    _check_folder(submission, catalog)
    if json is not None and json != STANDARD_OUTPUT:
        _check_json(Path(json))
    chosen = [name for name in catalog.names if name in exercises]
    level = _hints(hints)
    if session is not None and not os.path.isfile(session):
        raise UsageProblem("folder_missing", path=session)
    return Order(chosen, submission, json, _seed(seed), _device(device), timing, level, session)


def unknown(what: str, name: str, names: list[str]) -> UsageProblem:
    """An unknown exercise, command or option, with the closest that there is."""
    bare = Path(name).stem if what == "exercise" else name
    match = difflib.get_close_matches(bare, names, 1, 0.5)
    if match:
        return UsageProblem(f"unknown_{what}_match", name=name, match=match[0])
    return UsageProblem(f"unknown_{what}", name=name, names=", ".join(names))


def _check_folder(submission: str, catalog: Catalog) -> None:
    path = Path(submission)
    if path.is_file() and path.suffix == ".ipynb":
        return
    if path.is_file():
        command = f"--submission {path.parent}"
        command += f" {path.stem}" if path.stem in catalog.names else ""
        raise UsageProblem("folder_file", path=submission, command=command)
    if not submission or not path.is_dir():
        raise UsageProblem("folder_missing", path=submission or "''")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageProblem("folder_unreadable", path=submission)


def _check_json(path: Path) -> None:
    parent = path.resolve().parent
    if path.is_dir():
        raise UsageProblem("json_folder", path=path)
    if not parent.is_dir():
        raise UsageProblem("json_parent", path=path.parent)
    place = path if path.exists() and not path.is_file() else parent
    if not os.access(place, os.W_OK) or (path.is_file() and not os.access(path, os.W_OK)):
        raise UsageProblem("json_unwritable", path=path)


def default_seed() -> int:
    """The seed of a run that names none: the edition's, if this is one."""
    here = editions.current()
    return here.seeds[0] if here else DEFAULT_SEED


def _seed(typed: str | None) -> int:
    text = typed if typed is not None else os.environ.get("GRADER_SEED", "").strip()
    if not text and typed is None:
        return default_seed()
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MOST_SEED:
        return _known_seed(int(text))
    name = "seed" if typed is not None else "seed_variable"
    raise UsageProblem(name, most="2^63 - 1", value=text or "''")


def _known_seed(seed: int) -> int:
    """A student's edition has answers for some seeds only."""
    here = editions.current()
    if here and here.kind == editions.STUDENT and seed not in here.seeds:
        raise UsageProblem("seed_edition", value=seed, seeds=", ".join(map(str, here.seeds)))
    return seed


def _hints(typed: str | None) -> int:
    text = typed if typed is not None else os.environ.get("GRADER_HINTS", "").strip()
    if not text and typed is None:
        return DEFAULT_HINTS
    if text in map(str, range(MOST_HINTS + 1)):
        return int(text)
    raise UsageProblem("hints" if typed is not None else "hints_variable", value=text or "''")


def _device(device: str) -> str:
    """Whether it can be a device's name; which there are, torch knows (``grader.devices``)."""
    if not re.fullmatch(r"[a-z]+(:\d{1,3})?", device):
        raise UsageProblem("device", value=device or "''")
    return device


def write_json(path: str, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new one, never a half.

    A device or a pipe is written to as it is.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
        Path(target).write_bytes(content)
        return
    draft = f"{target}.{os.getpid()}.part"
    try:
        Path(draft).write_bytes(content)
        os.replace(draft, target)
    finally:
        Path(draft).unlink(missing_ok=True)
