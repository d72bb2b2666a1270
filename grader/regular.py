"""Reading a file that others may have put there: a FIFO or a device must not keep us waiting."""

import os
import stat
from pathlib import Path


def read_regular(path: Path, most: int | None = None) -> bytes:
    """The bytes of a regular file (a link to one, too), at most ``most`` of them.

    Raises:
        OSError: if it can't be read, or is a FIFO, a device, a folder.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is no regular file")
        return file.read(-1 if most is None else most)


__all__ = ["read_regular"]
