"""The manifest of an edition: a SHA-256 for each file, and what differs from it."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from grader.release.sources import PASSING

FILE = "manifest.json"
_LEFT_BY_USE = {*PASSING, ".venv", ".git", ".gatecheck", "build"}


class NoEdition(Exception):
    """A folder without a manifest, or with one that can't be read."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What an edition is, and how it differs from its manifest: paths in order."""

    kind: str
    id: str
    count: int
    changed: list[str]
    missing: list[str]
    added: list[str]

    @property
    def is_whole(self) -> bool:
        """Whether every file is as it was released, and none was added."""
        return not (self.changed or self.missing or self.added)


def write(folder: Path, kind: str, id: str) -> None:
    """Write the manifest of all files in a folder."""
    files = {path: _digest(folder / path) for path in sorted(_files(folder))}
    content = {"schema": 1, "kind": kind, "id": id, "files": files}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")


def verify(folder: Path) -> Verdict:
    """Compare a folder with its manifest.

    Raises:
        NoEdition: if there is none.
    """
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        kind, id = str(content["kind"]), str(content["id"])
        wanted = {str(path): str(digest) for path, digest in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoEdition(f"{type(error).__name__}") from None
    there = set(_files(folder))
    both = there & set(wanted)
    changed = [path for path in both if _digest(folder / path) != wanted[path]]
    parts = (changed, set(wanted) - there, there - set(wanted))
    return Verdict(kind, id, len(wanted), *(sorted(part) for part in parts))


def _files(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [n for n in folders if n not in _LEFT_BY_USE and not n.endswith(".egg-info")]
        for name in names:
            path = (Path(parent) / name).relative_to(folder).as_posix()
            if path != FILE:
                yield path


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
