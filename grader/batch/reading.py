"""The files of one submission, wherever they are kept: read, with bounds, into memory."""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from grader.batch import archives, repositories
from grader.batch.archives import Content
from grader.batch.layouts import Piece
from grader.batch.selection import (
    FOLDER,
    KEPT_BYTES,
    IntakeProblem,
    exercise_of,
    is_beside,
    is_source,
    most,
    problem,
    shown,
    too_large,
)
from grader.sandbox.limits import MIB
from grader.snapshot import NOTEBOOK

ENTRIES = 20_000  # in one folder of a submission
FOLDERS = 64  # at its top that are looked into
ARCHIVES = 8  # in one folder

Functions = Mapping[str, Sequence[str]]


def repository(folder: Path, commit: str | None) -> Path | None:
    """The git repository that a folder is, has, or holds as its only content.

    After ``git init`` alone there is no commit to read: then its working files are handed in.
    """
    found = repositories.git_folder(folder)
    if found is None and commit and os.path.lexists(folder / ".git"):
        raise problem("repository_elsewhere")  # a work tree, or a link
    if found is None:
        inner = [entry for entry in _entries(folder) if not is_beside(entry.name)]
        if len(inner) != 1 or not inner[0].is_dir(follow_symlinks=False):
            return None
        found = repositories.git_folder(Path(inner[0].path))
    if found is None or commit or found.name != ".git" or repositories.has_commit(found):
        return found
    return None


def content(pieces: Sequence[Piece], commit: str | None, functions: Functions) -> Content:
    """What the pieces of a submission hold, by path.

    Raises:
        IntakeProblem: if a piece as a whole can't be read, or one file has two versions.
    """
    found: Content = {}
    for piece in pieces:
        _merge(found, _of(piece, commit, functions))
    return found


def _of(piece: Piece, commit: str | None, functions: Functions) -> Content:
    name = piece.file or piece.path.name
    if piece.path.is_symlink():
        raise problem("link", piece.path.name)
    if piece.path.is_dir():
        place = repository(piece.path, commit)
        if place is not None:
            return repositories.read(place, commit)
        return _folder(piece.path, functions)
    if archives.suffix(name):
        return archives.read(piece.path)
    taken = _file(piece.path, name)
    if piece.file or name.endswith(NOTEBOOK) or isinstance(taken, IntakeProblem):
        return {name: taken}
    exercise = exercise_of(taken, functions)
    if not exercise:
        raise problem("which_exercise", name)
    return {f"{exercise}.py": taken}


def _merge(found: Content, more: Content) -> None:
    for path, content in more.items():
        known = found.setdefault(path, content)
        if known is not content and known != content:
            found[path] = problem("archive_twice", path)
    if sum(len(content) for content in found.values() if isinstance(content, bytes)) > KEPT_BYTES:
        raise problem("folder_large", most=KEPT_BYTES // MIB)


def _folder(folder: Path, functions: Functions) -> Content:
    """The wanted files of a folder; if no exercise is among them, of the archives in it."""
    paths = _wanted(folder)
    found: Content = {}
    room = KEPT_BYTES
    for name, path in paths.items():
        found[name] = _file(path, name)
        room -= len(found[name]) if isinstance(found[name], bytes) else 0  # type: ignore[arg-type]
        if room < 0:
            raise problem("folder_large", folder.name, most=KEPT_BYTES // MIB)
    if any(_is_exercise(name, functions) for name in found):
        return found
    packed = [entry for entry in _entries(folder) if archives.suffix(entry.name)]
    packed = [entry for entry in packed if not is_beside(entry.name)]
    if len(packed) > ARCHIVES:
        raise problem("folder_archives", folder.name, most=ARCHIVES)
    for entry in packed:
        _merge(found, archives.read(Path(entry.path)))
    return found


def _is_exercise(path: str, functions: Functions) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(NOTEBOOK) or name.removesuffix(".py") in functions


def _wanted(folder: Path) -> dict[str, Path]:
    """The wanted files by path: of the top, of the folders there, and of their exercises."""
    found: dict[str, Path] = {}
    for prefix, inner in _places(folder):
        for entry in _entries(inner):
            if is_source(entry.name) and not entry.is_dir(follow_symlinks=False):
                found[prefix + entry.name] = Path(entry.path)
    return found


def _places(folder: Path) -> Iterable[tuple[str, Path]]:
    yield "", folder
    tops = [entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]
    for top in [top for top in tops if not is_beside(top.name)][:FOLDERS]:
        yield f"{top.name}/", Path(top.path)
        inner = Path(top.path) / FOLDER
        if not inner.is_symlink() and inner.is_dir():
            yield f"{top.name}/{FOLDER}/", inner


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """What stands in a folder, by name."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found.append(entry)
                if len(found) > ENTRIES:
                    raise problem("folder_full", folder.name, most=ENTRIES)
    except OSError:
        raise problem("unreadable", folder.name) from None
    return sorted(found, key=lambda entry: os.fsencode(entry.name))


def _file(path: Path, name: str) -> "bytes | IntakeProblem":
    """A source's bytes, or what is wrong with it."""
    file = archives.open_regular(path)
    if file is None:
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            return problem("unreadable", shown(name))
        special = "file_link" if stat.S_ISLNK(mode) else "file_special"
        return problem("unreadable" if stat.S_ISREG(mode) else special, name)
    with file:
        try:
            taken = file.read(most(name) + 1)
        except OSError:
            return problem("unreadable", name)
    return taken if len(taken) <= most(name) else too_large(name)
