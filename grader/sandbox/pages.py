"""Large pages for a process that is forked often: a fork copies a table with an entry a page.

A process that has imported torch has some forty thousand pages of its own memory, so that a fork
and the end of what was forked cost 20 ms. Two thirds of them can be joined into large pages, each
of which is one entry. Only Linux can be asked to do so; elsewhere, and where it refuses, everything
stays as it was.
"""

import ctypes
import sys
from collections.abc import Iterator

LARGE = 1 << 21  # bytes of a large page on x86-64 and most of arm64
USE_LARGE, JOIN_NOW = 14, 25  # MADV_HUGEPAGE, MADV_COLLAPSE
OWN = ("", "[heap]")  # mappings of memory that comes from no file


def joined() -> Iterator[int]:
    """Join this process's small pages, a large page at a time; how many bytes it has come to."""
    if sys.platform != "linux":
        return
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        with open("/proc/self/maps", encoding="ascii", errors="replace") as file:
            lines = file.read().splitlines()
    except (OSError, AttributeError):
        return
    total = 0
    for start in _large(lines):
        libc.madvise(start, LARGE, USE_LARGE)
        if libc.madvise(start, LARGE, JOIN_NOW) == 0:
            total += LARGE
        yield total


def _large(lines: list[str]) -> Iterator[int]:
    """Where large pages could begin in what /proc/self/maps says."""
    for line in lines:
        bounds, rights, *_, inode = line.split()[:5]
        name = line.split()[5:]
        if rights == "rw-p" and inode == "0" and " ".join(name) in OWN:
            low, high = (int(bound, 16) for bound in bounds.split("-"))
            yield from range(-(-low // LARGE) * LARGE, high - LARGE + 1, LARGE)


__all__ = ["joined"]
