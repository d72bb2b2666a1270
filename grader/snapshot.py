"""A private copy of a submission's source files, taken once, read as bytes and never parsed.

Every worker of a run sees the same source, and a worker may read this copy and nothing else of
the disk, whatever else the submission's folder holds: links, FIFOs, data, other people's files.
"""

import contextlib
import dataclasses
import os
import stat
import tempfile
from pathlib import Path

from grader.sandbox import limits


@dataclasses.dataclass(frozen=True)
class Rejected:
    """A file that is not taken, with the id of the sentence that says why."""

    code: str


class Snapshot:
    """The copy, in a temporary folder. ``rejected`` maps relative paths to what is wrong.

    Args:
        folder: the submission.
        expected: file names with the functions they should have. For a file that is missing or
            rejected the copy holds untouched stubs, so that others can import from it.
    """

    def __init__(self, folder: Path, expected: dict[str, list[str]] | None = None) -> None:
        # it removes itself at exit, too, should Ctrl-C come before anybody holds this object
        self._holder = tempfile.TemporaryDirectory(
            prefix="gatecheck-source-", ignore_cleanup_errors=True
        )
        self.folder = Path(self._holder.name)
        os.chmod(self.folder, 0o755)
        self.rejected: dict[str, Rejected] = {}
        self.taken: set[str] = set()
        self._copy(folder, "", 0)
        for name, functions in (expected or {}).items():
            if name not in self.taken:
                self._write(name, _stubs(functions))

    def close(self) -> None:
        """Remove the copy."""
        self._holder.cleanup()

    def has(self, file: str) -> bool:
        """Whether ``file`` was taken."""
        return file in self.taken

    def _copy(self, folder: Path, prefix: str, depth: int) -> None:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = os.path.join(prefix, entry.name)
                if entry.name.endswith(".py"):
                    self._take(Path(entry.path), name)
                elif depth < limits.SOURCE_DEPTH and _is_package(entry):
                    (self.folder / name).mkdir(mode=0o755)
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
        os.chmod(self.folder / name, 0o644)


def _stubs(functions: list[str]) -> bytes:
    lines = [f"def {name}(*_, **__):\n    raise NotImplementedError\n" for name in functions]
    return "\n\n".join(lines).encode()


def _is_package(entry: os.DirEntry) -> bool:
    hidden = entry.name.startswith((".", "__"))
    return not hidden and entry.is_dir(follow_symlinks=False)


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def read_source(path: Path) -> bytes:
    """The bytes of a source file, to look for a line in; nothing where a snapshot refuses it."""
    try:
        return _read_regular_file(path)
    except _Refused:
        return b""


def _read_regular_file(path: Path) -> bytes:
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
        if status.st_size > limits.SOURCE_BYTES:
            raise _Refused("file_too_large")
        content = file.read(limits.SOURCE_BYTES + 1)
    if len(content) > limits.SOURCE_BYTES:
        raise _Refused("file_too_large")
    return content
