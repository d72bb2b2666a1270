"""Which files of a submission are taken, wherever its archive, folder or repository keeps them.

Readers hand in what they found by path, as bytes or as the problem of reading it; nothing is
parsed. What is chosen equals what ``make grade`` would see in a folder with the same files.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from grader.notebook.cells import NOTEBOOK_BYTES
from grader.notebook.scanning import SCANNED_BYTES, definitions, is_untouched, lines_of
from grader.report.cleaning import clean_line
from grader.sandbox import limits
from grader.snapshot import NOTEBOOK, NOTEBOOKS

FOLDER = "exercises"  # where the kit keeps them, and so a fork of it
DEPTH = 2  # folders above a file: TOP/exercises/gru.py
KEPT_BYTES = 64 * 1024 * 1024  # of one submission, in memory
PATH_CHARS = 80  # of a path that a sentence names
NAME_BYTES = 200  # of a file that is taken; most disks allow 255
_ODD = re.compile(r"[\x00-\x1f\x7f\\/:\ud800-\udfff]")  # in names that some disk can't have
_LFS = b"version https://git-lfs.github.com/spec/"

Found = Mapping[str, "bytes | IntakeProblem"]


class IntakeProblem(Exception):
    """A submission that can't be graded: the id of its sentence in table [intake], its fields."""

    def __init__(self, code: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.fields = dict(fields or {})


def shown(path: str) -> str:
    """A path or a name as it may stand in a sentence: one short line without control signs."""
    return clean_line(path.encode("utf-8", "surrogateescape"), PATH_CHARS)


def problem(code: str, path: str = "", **fields: object) -> IntakeProblem:
    """A problem, of the file ``path`` if it is given."""
    known: dict[str, Any] = {"file": shown(path)} if path else {}
    return IntakeProblem(code, {**known, **{name: str(value) for name, value in fields.items()}})


def most(name: str) -> int:
    """How many bytes a file of this name may have."""
    return NOTEBOOK_BYTES if name.endswith(NOTEBOOK) else limits.SOURCE_BYTES


def too_large(path: str) -> IntakeProblem:
    """The problem of a file with more bytes than ``most`` allows."""
    return problem("file_too_large", path, most=most(path) // limits.MIB)


def is_beside(name: str) -> bool:
    """Whether a name is of what stands beside every submission: .DS_Store, __MACOSX, .git."""
    return name.startswith((".", "__"))


def is_source(name: str) -> bool:
    """Whether a file of this name may be a part of a submission."""
    if not name.endswith((".py", NOTEBOOK)) or name.startswith(".") or _ODD.search(name):
        return False
    return len(name.encode("utf-8", "surrogateescape")) <= NAME_BYTES


def is_wanted(path: str) -> bool:
    """Whether a file at this path, with ``/`` between folders, may be taken."""
    *folders, name = path.split("/")
    if not is_source(name) or any(is_beside(folder) for folder in folders):
        return False
    return len(folders) < DEPTH or (len(folders) == DEPTH and folders[1] == FOLDER)


def choose(found: Found, exercises: Sequence[str]) -> dict[str, bytes]:
    """The files to grade, by name, of all that a reader found at wanted paths.

    They stand at the top, in its only folder with sources, or in ``exercises`` of either; of the
    same file in two places the one counts on which somebody worked.

    Raises:
        IntakeProblem: if there is nothing to grade, a file can't be read, or two versions differ.
    """
    places: dict[str, list[str]] = {}
    for base in _bases(found):
        for path in sorted(path for path in found if path.rpartition("/")[0] == base):
            places.setdefault(path.rpartition("/")[2], []).append(path)
    names = {f"{exercise}.py" for exercise in exercises}
    graded = [name for name in places if name in names or name.endswith(NOTEBOOK)]
    if not graded:
        raise _nothing(found)
    notebooks = sorted(name for name in graded if name.endswith(NOTEBOOK))
    if len(notebooks) > NOTEBOOKS:
        raise problem("too_many_notebooks", most=NOTEBOOKS)
    chosen = {name: _one(found, places[name]) for name in sorted(graded)}
    return _with_helpers(chosen, found, places)


def _bases(found: Found) -> list[str]:
    """The folders whose files count."""
    tops = {path.split("/")[0] for path in found if "/" in path} - {FOLDER}
    alone = sorted(tops) if len(tops) == 1 else []
    return ["", FOLDER, *alone, *(f"{top}/{FOLDER}" for top in alone)]


def _nothing(found: Found) -> IntakeProblem:
    """What to say where no file has an exercise's name: where there are some, name one."""
    paths = sorted(found, key=lambda path: (path.count("/"), path))
    return problem("no_exercises_but", paths[0]) if paths else problem("no_exercises")


def _one(found: Found, paths: list[str]) -> bytes:
    """The version that counts of one file that stands at several places."""
    contents: dict[bytes, str] = {}
    for path in paths:
        content = found[path]
        if isinstance(content, IntakeProblem):
            raise content
        contents.setdefault(content, path)
    for content in contents:
        if content.startswith(_LFS):
            raise problem("large_file_pointer", contents[content])
    worked = [content for content in contents if not _is_stub(content, contents[content])]
    versions = worked or list(contents)[:1]
    if len(versions) > 1:
        first, second = (contents[content] for content in versions[:2])
        raise problem("twice", first, other=shown(second))
    return versions[0]


def _is_stub(content: bytes, path: str) -> bool:
    if not path.endswith(".py") or len(content) > SCANNED_BYTES:
        return False
    return is_untouched(lines_of(content.decode("utf-8", "replace")))


def _with_helpers(
    chosen: dict[str, bytes], found: Found, places: dict[str, list[str]]
) -> dict[str, bytes]:
    """And the modules beside them, which they may import; those that can't be read are left out.

    Names are told apart as a disk does that knows neither case nor Unicode forms.
    """
    taken, room = {folded(name) for name in chosen}, KEPT_BYTES - sum(map(len, chosen.values()))
    for name in sorted(places):
        content = found[places[name][0]]
        if folded(name) in taken or isinstance(content, IntakeProblem) or len(content) > room:
            continue
        if len(chosen) < limits.SOURCE_FILES:
            taken.add(folded(name))
            chosen[name] = content
            room -= len(content)
    return chosen


def folded(name: str) -> str:
    """A name without case and Unicode form, as some disks compare names."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def exercise_of(content: bytes, functions: Mapping[str, Sequence[str]]) -> str:
    """The exercise whose functions a source defines, where its name doesn't say; "" if unsure.

    Args:
        functions: the names of each exercise's functions.
    """
    text = content[:SCANNED_BYTES].decode("utf-8", "replace")
    defined = set(definitions(lines_of(text)))
    counts = {exercise: len(defined & set(names)) for exercise, names in functions.items()}
    best = max(counts.values(), default=0)
    winners = [exercise for exercise, count in counts.items() if count == best]
    return winners[0] if best and len(winners) == 1 else ""
