"""The submissions of a folder as tokens: a folder, a file or a notebook for each student.

Read through the same private copy that a grading takes (``grader/snapshot.py``): links, FIFOs and
other special files are left, and every size is bounded. What can't be read is said, never fatal.
"""

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader import snapshot
from grader.catalog import Catalog
from grader.similarity.tokens import Tokens, tokens

MOST = 5_000  # submissions in a folder
CHARS = 400_000  # of one submission are looked at
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass
class Read:
    """One student's files, by name; ``why`` is the id of a sentence where there are none."""

    name: str
    files: dict[str, Tokens] = field(default_factory=dict)
    why: str = ""


def read_all(folder: Path, catalog: Catalog) -> Iterator[Read]:
    """Every submission of a folder, in the order of their names."""
    with os.scandir(folder) as entries:
        found = sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: e.name)
    for entry in found[:MOST]:
        yield _read(entry, catalog)
    for entry in found[MOST:]:
        yield Read(entry.name, why="too_many")


def _read(entry: os.DirEntry, catalog: Catalog) -> Read:
    path = Path(entry.path)
    try:
        if entry.is_symlink():
            return Read(entry.name, why="link")
        if entry.is_dir():
            return _folder(entry.name, path, catalog)
        if not entry.is_file():
            return Read(entry.name, why="special")
        if path.suffix == ".py":
            return _file(entry.name, path, catalog)
        if path.suffix == snapshot.NOTEBOOK:
            return _folder(entry.name, path, catalog)
        if path.suffix.lower() in ARCHIVES:
            return _archive(entry.name, path, catalog)
    except (OSError, RecursionError, ValueError):
        return Read(entry.name, why="unreadable")
    return Read(entry.name, why="no_code")


def _folder(name: str, path: Path, catalog: Catalog) -> Read:
    """A folder, or a notebook, which stands for the exercises that it holds."""
    expected = {
        f"{exercise}.py": [f.name for f in catalog.exercise(exercise).functions]
        for exercise in catalog.names
    }
    copy = snapshot.Snapshot(path, expected)
    try:
        contents = {file: (copy.folder / file).read_bytes() for file in sorted(copy.taken)}
    finally:
        copy.close()
    return _whole(name, contents)


def _file(name: str, path: Path, catalog: Catalog) -> Read:
    """A single file: of the exercise that its name holds, gru_li_lei.py of gru."""
    try:
        content = snapshot._read_regular_file(path)
    except snapshot._Refused:
        return Read(name, why="unreadable")
    held = [exercise for exercise in catalog.names if exercise in path.stem.lower()]
    own = f"{max(held, key=len)}.py" if held else name
    return _whole(name, {own: content})


def _archive(name: str, path: Path, catalog: Catalog) -> Read:
    """An archive, where batch grading's careful unpacking is there; else it has to be unpacked.

    The seam: ``grader.batch.intake.unpacked(path)``, a context manager that gives a folder.
    """
    try:
        unpacked = importlib.import_module("grader.batch.intake").unpacked
    except (ImportError, AttributeError):
        return Read(name, why="archive")
    with unpacked(path) as folder:
        return _folder(name, Path(folder), catalog)


def _whole(name: str, contents: dict[str, bytes]) -> Read:
    """The files by their bare names; those of one name in several folders are one after another."""
    joined: dict[str, list[bytes]] = {}
    left = CHARS
    for file, content in contents.items():
        if left > 0:
            joined.setdefault(os.path.basename(file), []).append(content[:left])
            left -= len(content)
    files = {file: tokens(b"\n".join(parts)) for file, parts in joined.items()}
    files = {file: found for file, found in files.items() if found.code}
    return Read(name, files, "" if files else "no_code")
