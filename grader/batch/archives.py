"""Reading zip and tar archives that anybody may have made, without unpacking them to a disk.

Wanted members are read into memory, one after the other, and everything else is passed over: so
no link, device or name of an archive ever acts. What counts is what comes out of a decompressor,
counted as it comes; sizes that headers state are not believed. An archive within an archive is
not opened.

The limits hold for each archive. Formats: ZIP APPNOTE.TXT (stored and deflated members), POSIX
pax and GNU tar, plain or compressed with gzip, bzip2 or xz.
"""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from grader.batch.selection import (
    KEPT_BYTES,
    IntakeProblem,
    is_wanted,
    most,
    problem,
    shown,
    too_large,
)
from grader.batch.tars import Member, TarProblem, members
from grader.sandbox.limits import MIB

MEMBERS = 20_000  # files and folders in an archive
RATIO = 200  # bytes out for a byte in, of one member; Python source has 3 to 10
RATIO_FROM = MIB  # bytes out before the ratio is looked at: small files may be all zeros
DIRECTORY_BYTES = 4 * MIB  # a zip's table of contents, which zipfile reads in one piece
CHUNK = 64 * 1024
ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
SUFFIXES = ZIP + TAR
FOREIGN = (".rar", ".7z", ".tar.zst", ".zst", ".gz", ".bz2", ".xz", ".lz", ".jar", ".cab")

_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags: of a member, strongly, the table of contents too
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # zipfile expands others without a bound
Content = dict[str, "bytes | IntakeProblem"]


def suffix(name: str, known: tuple[str, ...] = SUFFIXES) -> str:
    """The ending of an archive's name, as it is written; "" if it is none of ``known``."""
    found = [ending for ending in known if name.lower().endswith(ending)]
    return name[-len(max(found, key=len)) :] if found else ""


def read(path: Path) -> Content:
    """The wanted files of an archive by path, or what is wrong with each.

    Raises:
        IntakeProblem: if the archive as a whole can't be read, or is not to be trusted.
    """
    file = open_regular(path)
    if file is None:
        raise problem("unreadable", path.name)
    with file:
        reader = _read_zip if suffix(path.name, ZIP) or _begins_as_zip(file) else _read_tar
        try:
            return reader(file)
        except IntakeProblem as wrong:
            wrong.fields.setdefault("file", shown(path.name))
            raise
        except TarProblem as wrong:
            raise problem(wrong.code, path.name, **wrong.fields) from None
        except Exception as error:  # whatever zipfile, zlib, bz2 or lzma makes of hostile bytes
            raise problem("archive_broken", path.name, error=type(error).__name__) from None


def open_regular(path: Path) -> BinaryIO | None:
    """A regular file, opened without following a link or waiting for a FIFO's writer."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return open(descriptor, "rb")


def _begins_as_zip(file: BinaryIO) -> bool:
    """Whether a file begins as a zip does, whatever its name says."""
    start = file.read(4)
    file.seek(0)
    return start in (b"PK\x03\x04", b"PK\x05\x06")


def safe_path(raw: str) -> str | None:
    """A member's path with ``/`` between its parts; "" for the top, None if it leads outside."""
    path = raw.replace("\\", "/")
    if "\0" in path or path.startswith("/") or path[1:2] == ":":
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return None if ".." in parts else "/".join(parts)


class _Kept:
    """What was read so far, within the limits of one archive."""

    def __init__(self) -> None:
        self.content: Content = {}
        self._bytes = 0
        self.members = 0

    def path(self, raw: str) -> str:
        """The path of the next member; "" if it is not wanted."""
        self.members += 1
        if self.members > MEMBERS:
            raise problem("archive_members", most=MEMBERS)
        path = safe_path(raw)
        if path is None:
            raise problem("archive_escape", member=shown(raw))
        return path if is_wanted(path) else ""

    def add(self, path: str, content: "bytes | IntakeProblem") -> None:
        """Keep a member; a second one at its path has to be the same."""
        if path in self.content and self.content[path] != content:
            content = problem("archive_twice", path)
        self.content[path] = content

    def collect(
        self, chunks: Iterator[bytes], path: str, compressed: int = 0
    ) -> "bytes | IntakeProblem":
        """A member's bytes as they come, until there are too many for what they were made of."""
        parts, size = [], 0
        for chunk in chunks:
            size += len(chunk)
            self._bytes += len(chunk)
            if self._bytes > KEPT_BYTES:
                raise problem("archive_bytes", most=KEPT_BYTES // MIB)
            if size > RATIO_FROM and compressed and size > compressed * RATIO:
                raise problem("archive_ratio", most=RATIO)
            if size > most(path):
                return too_large(path)
            parts.append(chunk)
        return b"".join(parts)


class _Bounded(io.RawIOBase):
    """A file of which nobody reads much at once: zipfile asks for as much as headers say."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        content = self._file.read(
            min(size, DIRECTORY_BYTES + 1) if size >= 0 else DIRECTORY_BYTES + 1
        )
        if len(content) > DIRECTORY_BYTES:
            raise problem("archive_members", most=MEMBERS)
        return content

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of a file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """As of a file."""
        return True


def _read_zip(file: BinaryIO) -> Content:
    kept = _Kept()
    with zipfile.ZipFile(_Bounded(file)) as archive:
        for info in archive.infolist():
            path = kept.path(info.orig_filename)
            if path and not info.is_dir():
                kept.add(path, _zip_member(kept, archive, info, path))
    return kept.content


def _zip_member(
    kept: _Kept, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str
) -> "bytes | IntakeProblem":
    mode = info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED:
        return problem("archive_encrypted", path)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):  # 0 if a system without modes made it
        return problem("file_link" if stat.S_ISLNK(mode) else "file_special", path)
    if info.compress_type not in _METHODS:
        return problem("archive_method", path)
    try:
        with archive.open(info) as member:
            chunks = iter(lambda: member.read(CHUNK), b"")
            return kept.collect(chunks, path, info.compress_size)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError):
        return problem("file_damaged", path)


def _read_tar(file: BinaryIO) -> Content:
    kept = _Kept()
    for member in members(file):
        path = kept.path(member.name)
        if path and not member.folder:
            kept.add(path, _tar_member(kept, member, path))
    if not kept.content and not kept.members:
        raise problem("archive_empty")
    return kept.content


def _tar_member(kept: _Kept, member: Member, path: str) -> "bytes | IntakeProblem":
    if not member.regular:
        return problem("file_link" if member.link else "file_special", path)
    return kept.collect(member.chunks(), path)
