"""A private copy of a submission's source files, taken once, read as bytes and never parsed.

Every worker of a run sees the same source, and a worker may read this copy and nothing else of
the disk, whatever else the submission's folder holds: links, FIFOs, data, other people's files.
Nobody else may read the copy (``sandbox/sharing.py``).

A notebook's cells become Python files in the copy, ``gru.py`` for those that are marked for
``gru``; ``place`` says where a line of the copy stands in what was handed in.
"""

import contextlib
import dataclasses
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.findings import Place
from grader.notebook.cells import NOTEBOOK_BYTES, NotebookProblem
from grader.notebook.scanning import SCANNED_BYTES, definitions, is_untouched, lines_of
from grader.notebook.sources import Source, from_notebooks, twice
from grader.outline import Outline
from grader.sandbox import limits, sharing

NOTEBOOK = ".ipynb"
NOTEBOOKS = 40  # that are looked at in a folder
SESSION = "session.ipynb"  # what a running notebook hands in
_ON_LINE = re.compile(r"\b((?:on|at) line) (\d{1,7})\b")


@dataclasses.dataclass(frozen=True)
class Rejected:
    """A file that is not taken, with the id of the sentence that says why, and its fields."""

    code: str
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)


class Snapshot:
    """The copy, in a temporary folder. ``rejected`` maps relative paths to what is wrong.

    Args:
        folder: the submission; or a notebook, which is all of it then.
        expected: file names with the functions they should have. For a file that is missing or
            rejected the copy holds untouched stubs, so that others can import from it.
        session: a notebook whose exercises take the place of the folder's.
    """

    def __init__(
        self,
        folder: Path,
        expected: dict[str, list[str]] | None = None,
        session: Path | None = None,
    ) -> None:
        # it removes itself at exit, too, should Ctrl-C come before anybody holds this object
        self._holder = tempfile.TemporaryDirectory(
            prefix="gatecheck-source-", ignore_cleanup_errors=True
        )
        self.folder = Path(self._holder.name)
        self._group = sharing.new_group()
        sharing.share(self.folder, self._group)
        self.rejected: dict[str, Rejected] = {}
        self.taken: set[str] = set()
        self.sources: dict[str, Source] = {}  # the files that come from notebooks
        self.outlines: dict[str, Outline | None] = {}  # of files that were looked at for an advice
        self._alone = folder.is_file()
        self._definitions: dict[str, dict[str, int]] = {}
        if not self._alone:
            self._copy(folder, "", 0)
        names = [name.removesuffix(".py") for name in expected or {}]
        self._take_notebooks(_notebooks(folder), names, self._alone)
        if session is not None:
            self._take_notebooks({SESSION: session}, names, False, over=True)
        for name, functions in (expected or {}).items():
            if name not in self.taken:
                self._write(name, _stubs(functions))

    def close(self) -> None:
        """Remove the copy."""
        self._holder.cleanup()

    def has(self, file: str) -> bool:
        """Whether ``file`` was taken."""
        return file in self.taken

    def shown(self, file: str) -> str:
        """What a file of the copy is called in the submission: gru.py, or hw.ipynb."""
        return self.sources[file].file if file in self.sources else file

    def place(self, file: str, line: int, function: str = "", source: str = "") -> Place:
        """Where a line of the copy stands in the submission."""
        if file not in self.sources:
            return Place(file, line, function, source)
        origin = self.sources[file].origin(line)
        own = self.sources[file].file
        name = origin.file if origin.file and own == SESSION else own
        return Place(name, origin.line, function, source, origin.cell, origin.prompt)

    def definition(self, file: str, name: str) -> Place:
        """Where a function is defined, as far as that can be seen without running anything.

        The line is 0 where it can't.
        """
        if file not in self._definitions:
            known: dict[str, int] = {}
            if file in self.taken:
                content = (self.folder / file).read_bytes()[:SCANNED_BYTES]
                text = content.decode("utf-8", "replace")
                known = definitions(lines_of(text))
            self._definitions[file] = known
        return self.place(file, self._definitions[file].get(name, 0))

    def binds(self, file: str, names: Iterable[str]) -> bool:
        """Whether a file seems to define, assign or import one of these names."""
        content = (self.folder / file).read_bytes() if file in self.taken else b""
        ways = ("def {}", "class {}", "import {}", "{} =", "{}=", "as {}")
        return any(way.format(name).encode() in content for name in names for way in ways)

    def counted_anew(self, file: str, message: str) -> str:
        """Python's "on line 7" of a syntax error, with the line of the cell that it means."""
        if file not in self.sources:
            return message
        source = self.sources[file]
        return _ON_LINE.sub(
            lambda found: f"{found.group(1)} {source.origin(int(found.group(2))).line}", message
        )

    def lacks(self, file: str) -> Rejected:
        """Why a file that is not there is not."""
        return Rejected("notebook_lacks" if self._alone else "file_missing")

    def _take_notebooks(
        self, paths: dict[str, Path], names: list[str], alone: bool, over: bool = False
    ) -> None:
        """Write the exercises that notebooks hold.

        Args:
            alone: whether nothing else was handed in.
            over: take them although the folder has these exercises, too.
        """
        if not paths or not names:
            return
        found = from_notebooks({file: _content(path) for file, path in paths.items()}, names)
        for exercise, source in found.sources.items():
            if exercise not in found.problems:
                self._take_source(f"{exercise}.py", source, over)
        problems = found.problems
        if found.unclaimed and (alone or not (self.taken or problems)):
            problems = {name: found.unclaimed for name in names} | problems
        for exercise, problem in problems.items():
            if over or f"{exercise}.py" not in self.taken:
                self._reject(f"{exercise}.py", problem)

    def _take_source(self, file: str, source: Source, over: bool) -> None:
        """One exercise of a notebook; if there is a file, too, that on which somebody worked."""
        content = source.text.encode("utf-8", "replace")
        if len(content) > limits.SOURCE_BYTES:
            self._reject(file, NotebookProblem("file_too_large", file=source.file))
            return
        if file in self.taken and not over:
            content_of_file = (self.folder / file).read_bytes()
            text = content_of_file[: SCANNED_BYTES + 1].decode("utf-8", "replace")
            if source.untouched:
                return
            if len(content_of_file) > SCANNED_BYTES or not is_untouched(lines_of(text)):
                self._reject(file, twice(file, source.file))
                return
        self.rejected.pop(file, None)
        self.taken.add(file)
        self.sources[file] = source
        self._write(file, content)

    def _reject(self, file: str, problem: NotebookProblem) -> None:
        self.taken.discard(file)
        self.sources.pop(file, None)
        self.rejected[file] = Rejected(problem.code, problem.fields)

    def _copy(self, folder: Path, prefix: str, depth: int) -> None:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = os.path.join(prefix, entry.name)
                if entry.name.endswith(".py"):
                    self._take(Path(entry.path), name)
                elif depth < limits.SOURCE_DEPTH and _is_package(entry):
                    (self.folder / name).mkdir()
                    sharing.share(self.folder / name, self._group)
                    self._copy(Path(entry.path), name, depth + 1)

    def _take(self, path: Path, name: str) -> None:
        if len(self.taken) + len(self.rejected) >= limits.SOURCE_FILES:
            self.rejected[name] = Rejected("too_many_files")
            return
        try:
            content = _read_regular_file(path)
        except _Refused as refused:
            self.rejected[name] = Rejected(refused.code)
            return
        self.taken.add(name)
        self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)
        sharing.share(self.folder / name, self._group)


def _stubs(functions: list[str]) -> bytes:
    lines = [f"def {name}(*_, **__):\n    raise NotImplementedError\n" for name in functions]
    return "\n\n".join(lines).encode()


def _is_package(entry: os.DirEntry) -> bool:
    hidden = entry.name.startswith((".", "__"))
    return not hidden and entry.is_dir(follow_symlinks=False)


def _notebooks(folder: Path) -> dict[str, Path]:
    """The notebooks of a submission, by name: those at its top, or the one that it is."""
    if folder.is_file():
        return {folder.name: folder}
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(NOTEBOOK) and not entry.name.startswith("."):
                found[entry.name] = Path(entry.path)
    return dict(list(found.items())[:NOTEBOOKS])


def _content(path: Path) -> bytes | NotebookProblem:
    try:
        return _read_regular_file(path, NOTEBOOK_BYTES)
    except _Refused as refused:
        if refused.code == "file_too_large":
            return NotebookProblem("notebook_too_large", most=NOTEBOOK_BYTES // 1024 // 1024)
        return NotebookProblem(refused.code)


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def read_source(path: Path) -> bytes:
    """The bytes of a source file, to look for a line in; nothing where a snapshot refuses it."""
    try:
        return _read_regular_file(path)
    except _Refused:
        return b""


def _read_regular_file(path: Path, most: int = limits.SOURCE_BYTES) -> bytes:
    """The bytes of a regular file, without following a link or waiting for a FIFO's writer."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        raise _Refused("file_link" if path.is_symlink() else "file_unreadable") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _Refused("file_not_regular")
    with open(descriptor, "rb") as file:
        if status.st_size > most:
            raise _Refused("file_too_large")
        content = file.read(most + 1)
    if len(content) > most:
        raise _Refused("file_too_large")
    return content
