"""Finding the submissions in a folder, and putting the files of one into an empty folder.

``find`` looks at names and kinds only, so that it is quick for thousands; ``materialise`` reads.
What can't be graded becomes an entry, or an ``IntakeProblem``, with a code whose sentence stands
in the locale's table [intake]: one submission never stops the others.
"""

import contextlib
import dataclasses
import functools
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from grader import catalog
from grader.batch import archives, layouts, reading
from grader.batch.layouts import Piece
from grader.batch.selection import IntakeProblem, choose, is_source, problem, shown

ENTRIES = 200_000  # at the top of a folder of submissions
FILES = 200  # of one student, one by one

Kind = Literal["folder", "archive", "repository", "file", "files", "nothing"]

__all__ = ["Entry", "IntakeProblem", "find", "materialise"]


@dataclasses.dataclass(frozen=True)
class Entry:
    """One submission.

    Attributes:
        student: an id, unique in the folder, that can be a file's name anywhere.
        name: the student's name as it may be shown, in any script.
        place: the folder or file; of several files the folder that they stand in.
        late: whether the course system says so; only Canvas does.
        problem: the id of a sentence in [intake] that says why there is nothing to grade.
        fields: of that sentence; also ``layout``, and ``alike`` where ids had to be told apart.
        pieces: the files and folders that it consists of, newest first.
    """

    student: str
    name: str
    place: Path
    kind: Kind
    late: bool = False
    problem: str | None = None
    fields: dict[str, str] = dataclasses.field(default_factory=dict, hash=False)
    pieces: tuple[Piece, ...] = dataclasses.field(default=(), repr=False)


def find(folder: Path, commit: str | None = None) -> list[Entry]:
    """The submissions in a folder, by student id; the same for the same names, always.

    Args:
        commit: of git repositories; other folders are taken as they are.

    Raises:
        IntakeProblem: only if the folder itself can't be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise problem("no_folder", str(folder))
    folder = _exported(folder)
    rows: list[Entry] = []
    known = None
    try:
        known = layouts.gradescope(folder)
    except IntakeProblem as wrong:
        rows.append(_row(Piece(folder / layouts.METADATA, "", layouts.METADATA), wrong))
    groups: dict[str, list[Piece]] = {}
    for piece in _pieces(folder, known or {}, rows):
        groups.setdefault(piece.key, []).append(piece)
    rows += [_entry(folder, pieces, commit) for pieces in groups.values()]
    return sorted(_told_apart(rows), key=lambda entry: (entry.student.casefold(), entry.student))


def materialise(entry: Entry, into: Path, commit: str | None = None) -> None:
    """Put the files to grade into the empty folder ``into``, beside each other.

    They are those with an exercise's name, all notebooks, and modules that they may import.

    Raises:
        IntakeProblem: whatever is wrong; ``unwritable`` if it is the disk of ``into``.
    """
    if entry.problem is not None:
        raise IntakeProblem(entry.problem, entry.fields)
    try:
        files = choose(reading.content(entry.pieces, commit, _functions()), list(_functions()))
    except IntakeProblem:
        raise
    except Exception as error:  # of this submission; the others are graded
        raise problem("unreadable", entry.place.name, error=type(error).__name__) from None
    try:
        for name, content in files.items():
            (into / name).write_bytes(content)
    except OSError as error:
        raise problem("unwritable", error=error.strerror or type(error).__name__) from None


@functools.cache
def _functions() -> dict[str, list[str]]:
    """The names of each exercise's functions."""
    exercises = catalog.load().exercises
    return {each.name: [function.name for function in each.functions] for each in exercises}


def _exported(folder: Path) -> Path:
    """The folder that a Gradescope export consists of, if it is the only thing there."""
    inner = [path for path, _ in _scan(folder, 3) if not layouts.is_beside(path.name)]
    alone = len(inner) == 1 and not inner[0].is_symlink()
    return inner[0] if alone and (inner[0] / layouts.METADATA).is_file() else folder


def _scan(folder: Path, most: int) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """At most ``most`` of what stands in a folder."""
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(most), entries, strict=False):
                yield Path(entry.path), entry
    except OSError:
        raise problem("no_folder", str(folder)) from None


def _pieces(folder: Path, known: dict[str, Piece], rows: list[Entry]) -> list[Piece]:
    """Whose each file and folder is; what is no submission goes to ``rows``."""
    pieces, names, seen = [], list(_functions()), set[str]()
    for number, (path, entry) in enumerate(_scan(folder, ENTRIES + 1)):
        if number == ENTRIES:
            rows.append(_row(Piece(folder, "", folder.name), problem("folder_full", most=ENTRIES)))
        elif not layouts.is_beside(path.name):
            seen.add(path.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            pieces.append(known.get(path.name) or layouts.piece(path, is_folder, names))
    for name in sorted(set(known) - seen):
        rows.append(_row(known[name], problem("folder_missing", name)))
    return sorted(pieces, key=lambda piece: os.fsencode(piece.path))


def _row(piece: Piece, wrong: IntakeProblem, late: bool = False) -> Entry:
    """A submission that can't be graded."""
    fields = {"layout": piece.layout, **wrong.fields}
    return Entry(
        _id(piece), shown(piece.name), piece.path, "nothing", late, wrong.code, fields, (piece,)
    )


def _id(piece: Piece) -> str:
    identity = layouts.identifier(piece.name)
    if not piece.identity:
        return identity
    number = layouts.identifier(piece.identity)[:24]
    return f"{identity[: layouts.ID_CHARS - len(number) - 1]}_{number}"


def _entry(folder: Path, pieces: list[Piece], commit: str | None) -> Entry:
    """The submission that some files and folders make up."""
    late = any(piece.late for piece in pieces)
    pieces = [piece for piece in _newest(pieces) if not piece.text] or pieces
    first = pieces[0]
    if first.key == "here":  # the exercises themselves: the folder is a submission
        first = dataclasses.replace(first, name=folder.resolve().name)
        pieces = [first, *pieces[1:]]
    try:
        kinds = [_kind(piece, commit) for piece in pieces[: FILES + 1]]
        if len(kinds) > FILES:
            raise problem("folder_full", most=FILES)
        usable = [
            (piece, kind)
            for piece, kind in zip(pieces, kinds, strict=True)
            if not isinstance(kind, IntakeProblem)
        ]
        if not usable:
            raise next(kind for kind in kinds if isinstance(kind, IntakeProblem))
    except IntakeProblem as wrong:
        return _row(first, wrong, late)
    kept = tuple(piece for piece, _ in usable)
    kind: Kind = usable[0][1] if len(usable) == 1 else "files"
    place = kept[0].path if len(usable) == 1 else folder
    fields = {"layout": first.layout}
    return Entry(_id(first), shown(first.name), place, kind, late, None, fields, kept)


def _newest(pieces: list[Piece]) -> list[Piece]:
    """Of files that were handed in more than once the last; newest first."""
    found: dict[tuple[str, str], Piece] = {}
    for piece in sorted(pieces, key=lambda piece: piece.newest, reverse=True):
        found.setdefault((piece.file, "" if piece.file else piece.path.name), piece)
    return list(found.values())


def _kind(piece: Piece, commit: str | None) -> Kind | IntakeProblem:
    """What a file or folder is, without reading it."""
    if piece.text:
        return problem("only_text", piece.path.name)
    try:
        mode = os.lstat(piece.path).st_mode
        if stat.S_ISDIR(mode):
            return _folder_kind(piece.path, commit)
    except OSError:
        return problem("unreadable", piece.path.name)
    name = piece.file or piece.path.name
    if stat.S_ISLNK(mode):
        return problem("link", piece.path.name)
    if not stat.S_ISREG(mode):
        return problem("file_special", piece.path.name)
    if archives.suffix(name):
        return "archive"
    if is_source(name):
        return "file"
    foreign = archives.suffix(name, archives.FOREIGN)
    return problem("archive_foreign" if foreign else "no_submission", piece.path.name)


def _folder_kind(path: Path, commit: str | None) -> Kind | IntakeProblem:
    if reading.repository(path, commit) is not None:
        return "repository"
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        names = (entry.name for _, entry in zip(range(1000), entries, strict=False))
        if any(not layouts.is_beside(name) for name in names):
            return "folder"
        return problem("empty", path.name)
    return problem("unreadable", path.name)


def _told_apart(rows: list[Entry]) -> list[Entry]:
    """The same with ids that no disk takes for each other."""
    single = layouts.alone([entry.student for entry in rows])
    found: list[Entry] = []
    taken: set[str] = set()
    for entry in rows:
        student, place, attempt = entry.student, os.fsdecode(entry.pieces[0].path.name), ""
        if student not in single:
            fields = {**entry.fields, "alike": student}
            name = shown(place)
            name = entry.name if name == entry.name else f"{entry.name} ({name})"
            entry = dataclasses.replace(entry, fields=fields, name=name)
            student = layouts.with_digest(student, place)
        while student in taken:
            attempt += "+"
            student = layouts.with_digest(entry.student, place + attempt)
        taken.add(student)
        found.append(dataclasses.replace(entry, student=student))
    return found
