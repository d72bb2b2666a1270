"""One folder for all temporary files of a batch, which goes when the batch does, or with the next.

A batch that is killed can't tidy up. So it holds a lock as long as it lives, which the system lets
go of; whoever begins a batch removes the folders that nobody holds.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "gatecheck-batch-"
LOCK = "lock"
PATIENCE_S = 5.0  # while processes that were ended may still write


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder, which workers of other users can pass through, and not look around in."""
    _remove_left()
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    place.chmod(0o711)
    with open(place / f"{LOCK}.new", "wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        os.rename(held.name, place / LOCK)  # nobody ever sees it without its lock
        try:
            yield place
        finally:
            _remove(place)


def _remove_left() -> None:
    """Remove the folders of batches of ours that were killed."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if place.is_symlink() or place.stat().st_uid != os.geteuid():
                continue
            with open(place / LOCK, "rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _emptied(place)


def _remove(place: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not _emptied(place) and time.monotonic() < end:
        time.sleep(0.02)


def _emptied(place: Path) -> bool:
    """Whether all of it could be removed. The lock goes last: without it nobody would come back."""
    for inner in place.iterdir():
        if inner.name != LOCK:
            shutil.rmtree(inner, ignore_errors=True)
    if [inner.name for inner in place.iterdir()] == [LOCK]:
        shutil.rmtree(place, ignore_errors=True)
    return not place.exists()


__all__ = ["folder"]
