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
from grader import formats
from grader.catalog import Catalog

DEFAULT_SEED = 2026
MOST_SEED = 2**63 - 1
DEFAULT_DEADLINE_S, MOST_DEADLINE_S = 600, 24 * 3600
DEFAULT_HINTS, MOST_HINTS = 2, 3  # see grader/report/hints.py
STANDARD_OUTPUT = "-"


class UsageProblem(Exception):
    """The command line can't be followed; ``sentence`` and ``fields`` say what to do."""

    def __init__(self, sentence: str, /, **fields: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields


@dataclasses.dataclass(frozen=True)
class Output:
    """A file to write: its format, and where (``-`` is standard output)."""

    format: str
    path: str


@dataclasses.dataclass(frozen=True)
class Order:
    """A grading run, ready to start. ``submission`` is the folder, or notebook, as it was typed.

    ``session`` is what a running notebook hands in instead of the folder's files, if one asks.
    ``fail_under`` are the points with which a run is a success; None asks for all. ``deadline_s``
    are the seconds that the grading may take.
    """

    exercises: list[str]
    submission: str
    json: str | None
    seed: int
    device: str
    timing: bool
    hints: int
    session: str | None = None
    outputs: tuple[Output, ...] = ()
    fail_under: float | None = None
    student: str | None = None
    assignment: str | None = None
    unsafe: bool = False
    deadline_s: float = DEFAULT_DEADLINE_S


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
    outputs: tuple[str, ...] = (),
    fail_under: str | None = None,
    student: str | None = None,
    assignment: str | None = None,
    unsafe: bool = False,
    deadline: str | None = None,
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
    wanted = _outputs(outputs, json)
    chosen = [name for name in catalog.names if name in exercises]
    if session is not None and not os.path.isfile(session):
        raise UsageProblem("folder_missing", path=session)
    most = sum(catalog.exercise(name).points for name in chosen or catalog.names)
    return Order(
        exercises=chosen,
        submission=submission,
        json=json,
        seed=seed_of(seed),
        device=_device(device),
        timing=timing,
        hints=_hints(hints),
        session=session,
        outputs=wanted,
        fail_under=None if fail_under is None else _threshold(fail_under, most),
        student=student or os.environ.get("GRADER_STUDENT") or None,
        assignment=assignment or os.environ.get("GRADER_ASSIGNMENT") or None,
        unsafe=unsafe,
        deadline_s=_deadline(deadline),
    )


def refuse_exposed(unsafe: bool) -> None:
    """Don't run strangers' code as root with every file open to it, unless that is wanted.

    Raises:
        UsageProblem: if it would be, and neither ``--unsafe`` nor ``GRADER_UNSAFE=1`` says so.
    """
    if unsafe or os.environ.get("GRADER_UNSAFE") == "1":
        return
    from grader.sandbox.exposure import is_exposed

    if is_exposed():
        raise UsageProblem("exposed")


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
    problem = file_problem(path)
    if problem:
        raise UsageProblem(f"json_{problem}", path=path.parent if problem == "parent" else path)


def file_problem(path: Path) -> str:
    """Why a file can't be written there: "folder", "parent", "unwritable", or "" if it can."""
    parent = path.resolve().parent
    if path.is_dir():
        return "folder"
    if not parent.is_dir():
        return "parent"
    place = path if path.exists() and not path.is_file() else parent
    if not os.access(place, os.W_OK) or (path.is_file() and not os.access(path, os.W_OK)):
        return "unwritable"
    return ""


def default_seed() -> int:
    """The seed of a run that names none: the edition's, if this is one."""
    here = editions.current()
    return here.seeds[0] if here else DEFAULT_SEED


def _outputs(typed: tuple[str, ...], json: str | None) -> tuple[Output, ...]:
    """What ``--out FORMAT:FILE`` asks for, and whether all of it can be written."""
    known = formats.known() if typed else []
    found = []
    taken = [] if json is None else [_identity(json)]
    for value in typed:
        name, colon, path = value.partition(":")
        if not colon or not path or not name:
            raise UsageProblem("out_form", value=value or "''", names=", ".join(known))
        if name not in known:
            raise unknown("format", name, known)
        if path != STANDARD_OUTPUT:
            problem = file_problem(Path(path))
            if problem:
                shown = Path(path).parent if problem == "parent" else path
                raise UsageProblem(f"out_{problem}", path=shown)
        if _identity(path) in taken:
            raise UsageProblem("out_twice", path=path)
        taken.append(_identity(path))
        found.append(Output(name, path))
    return tuple(found)


def _identity(path: str) -> object:
    """The same for two names of one file; a device is nobody's."""
    if path == STANDARD_OUTPUT:
        return path
    place = Path(os.path.realpath(path))
    if place.is_file():
        status = place.stat()
        return status.st_dev, status.st_ino
    return object() if place.exists() else place


def _threshold(typed: str, most: float) -> float:
    """The points that ``--fail-under`` means: 60, or 60%."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?%?", typed, re.ASCII):
        raise UsageProblem("fail_under", value=typed or "''")
    value = float(typed.rstrip("%"))
    points = most * value / 100 if typed.endswith("%") else value
    if points > most:
        raise UsageProblem("fail_under_most", value=typed, most=f"{most:g}")
    return points


def seed_of(typed: str | None) -> int:
    """The seed that was typed, or that of the environment, or the default."""
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


def _deadline(typed: str | None) -> float:
    if typed is None:
        return DEFAULT_DEADLINE_S
    if re.fullmatch(r"\d{1,5}", typed, re.ASCII) and 1 <= int(typed) <= MOST_DEADLINE_S:
        return float(typed)
    raise UsageProblem("deadline", value=typed or "''", most=MOST_DEADLINE_S)


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
