"""A tar file's members, one after the other, in bounded memory and with bounded work.

Python's ``tarfile`` reads headers of any size into memory, looks through them with patterns that
can take quadratic time, and decompresses without a bound in its streaming mode. Here every read
is bounded, and of the format only what an archive of source files needs is understood: POSIX
ustar and pax (path, size), GNU long names. Everything else is a member that is no regular file.
"""

import bz2
import dataclasses
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from grader.sandbox.limits import MIB

STREAM_BYTES = 256 * MIB  # a tar has to be read from end to end, with all the data in it
STREAM_RATIO = 200
STREAM_RATIO_FROM = 8 * MIB
STREAMS = 1000  # one after the other in a compressed file
HEADER_BYTES = 64 * 1024  # a long name, or a pax header
HEADERS = 100_000  # long names and pax headers count, too
XZ_MEMORY = 80 * MIB  # of the decoder; `xz -6` asks for 9, `xz -9` for 65
CHUNK = 64 * 1024
BLOCK = tarfile.BLOCKSIZE

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"


class TarProblem(Exception):
    """A tar that is given up: the id of a sentence in table [intake], and the limit it names."""

    def __init__(self, code: str, most: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.fields = {} if most is None else {"most": most}


@dataclasses.dataclass
class Member:
    """A member, whose content can be read until the next one is asked for."""

    name: str
    regular: bool
    folder: bool
    link: bool
    _stream: "_Stream"
    _left: int

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece.

        Raises:
            TarProblem: if the archive ends before the member does.
        """
        while self._left:
            chunk = self._stream.read(min(CHUNK, self._left))
            if not chunk:
                raise TarProblem("archive_cut")
            self._left -= len(chunk)
            yield chunk


def members(file: BinaryIO) -> Iterator[Member]:
    """The members of a tar, whatever it is compressed with.

    Raises:
        TarProblem: if this is no tar, it ends too soon, or a limit is reached.
    """
    stream = _Stream(file)
    long_name, pax = "", dict[str, str]()
    for _ in range(HEADERS):
        header = _header(stream)
        if header is None:
            return
        if header.type in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE):
            fields = _pax(_extension(stream, header.size))
            if header.type != tarfile.XGLTYPE:  # what holds for all members is never a path
                pax = fields
            continue
        if header.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            text = _extension(stream, header.size).split(b"\0")[0]
            if header.type == tarfile.GNUTYPE_LONGNAME:
                long_name = _text(text)
            continue
        member, size = _member(stream, header, pax.get("path") or long_name, pax.get("size"))
        long_name, pax = "", {}
        yield member
        for _chunk in member.chunks():
            pass
        _skip(stream, -size % BLOCK)
    raise TarProblem("archive_members", HEADERS)


def _member(
    stream: "_Stream", header: tarfile.TarInfo, name: str, size: str | None
) -> tuple[Member, int]:
    regular = header.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
    folder = header.type == tarfile.DIRTYPE
    length = int(size) if size and size.isdecimal() and len(size) < 16 else header.size
    if header.type in (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE):
        length = 0  # what their headers say of a size means nothing
    if folder or header.type == tarfile.FIFOTYPE:
        length = 0
    name = name or header.name
    if regular and name.endswith("/"):  # the folders of the oldest tars
        regular, folder = False, True
    link = header.type in (tarfile.LNKTYPE, tarfile.SYMTYPE)
    return Member(name, regular, folder, link, stream, length), length


def _header(stream: "_Stream") -> tarfile.TarInfo | None:
    """The next header; None at the end."""
    block = stream.exactly(BLOCK, at_end=True)
    if not block or block == bytes(BLOCK):
        return None
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        raise TarProblem("archive_no_tar") from None
    if header.size < 0:
        raise TarProblem("archive_no_tar")
    return header


def _extension(stream: "_Stream", size: int) -> bytes:
    if size > HEADER_BYTES:
        raise TarProblem("archive_header", HEADER_BYTES // 1024)
    content = stream.exactly(size)
    _skip(stream, -size % BLOCK)
    return content


def _pax(content: bytes) -> dict[str, str]:
    """The records "length name=value\\n" of a pax header, as far as they are well formed."""
    fields: dict[str, str] = {}
    while content:
        digits, _, _ = content[:8].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        record = content[len(digits) + 1 : length]
        if not record.endswith(b"\n"):
            raise TarProblem("archive_no_tar")
        name, _, value = record[:-1].partition(b"=")
        fields[_text(name)] = _text(value)
        content = content[length:]
    return fields


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _skip(stream: "_Stream", count: int) -> None:
    while count:
        chunk = stream.read(min(CHUNK, count))
        if not chunk:
            return  # some programs leave out the padding of the last member
        count -= len(chunk)


class _Stream:
    """The tar's bytes, decompressed piece by piece and counted."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(6)
        file.seek(0)
        kinds = [kind for kind in (_GZIP, _BZIP2, _XZ) if start.startswith(kind)]
        self._kind = kinds[0] if kinds else b""
        self._decoder = self._new_decoder()
        self._pending = b""
        self._in = self._out = self._streams = 0

    def exactly(self, size: int, at_end: bool = False) -> bytes:
        """``size`` bytes, or none if there is nothing more and that may be so."""
        parts, left = [], size
        while left:
            chunk = self.read(min(CHUNK, left))
            if not chunk:
                if at_end and left == size:
                    return b""
                raise TarProblem("archive_cut" if self._out > BLOCK else "archive_no_tar")
            parts.append(chunk)
            left -= len(chunk)
        return b"".join(parts)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; none at the end."""
        chunk = self._file.read(size) if self._decoder is None else self._decompressed(size)
        self._out += len(chunk)
        if self._out > STREAM_BYTES:
            raise TarProblem("archive_bytes", STREAM_BYTES // MIB)
        if self._decoder is not None and self._out > max(
            STREAM_RATIO_FROM, self._in * STREAM_RATIO
        ):
            raise TarProblem("archive_ratio", STREAM_RATIO)
        return chunk

    def _decompressed(self, size: int) -> bytes:
        while True:
            decoder = self._decoder
            if decoder.eof:  # another stream may follow, as after `cat a.gz b.gz`
                self._pending = decoder.unused_data or self._file.read(CHUNK)
                if not self._pending.strip(b"\0"):
                    return b""
                self._streams += 1
                if self._streams > STREAMS:
                    raise TarProblem("archive_members", STREAMS)
                decoder = self._decoder = self._new_decoder()
            chunk, ended = self._step(decoder, size)
            if chunk or ended:
                return chunk

    def _step(self, decoder: Any, size: int) -> tuple[bytes, bool]:
        """Some output, perhaps none yet, and whether the input has ended."""
        ended = False
        if not self._pending and getattr(decoder, "needs_input", True):
            self._pending = self._file.read(CHUNK)
            self._in += len(self._pending)
            if self._in > STREAM_BYTES:
                raise TarProblem("archive_bytes", STREAM_BYTES // MIB)
            ended = not self._pending
        chunk = decoder.decompress(self._pending, size)
        self._pending = getattr(decoder, "unconsumed_tail", b"")  # zlib alone hands input back
        return chunk, ended

    def _new_decoder(self) -> Any:
        if self._kind == _GZIP:
            return zlib.decompressobj(wbits=31)
        if self._kind == _BZIP2:
            return bz2.BZ2Decompressor()
        if self._kind == _XZ:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        return None
