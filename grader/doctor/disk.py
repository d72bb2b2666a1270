"""The disk: room, writes that last, the cost of a COMMIT, and file systems that are far away."""

import contextlib
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.doctor.machine import gigabytes
from grader.doctor.observation import BROKEN, OK, WEAK, Observation

LITTLE, TOO_LITTLE = 2_000_000_000, 100_000_000  # bytes free
SLOW_COMMIT_S = 0.1
COMMITS = 5
ROW = b"x" * 8_000  # about what a report takes in the gradebook
NETWORK = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "glusterfs", "gpfs"),
    *("beegfs", "9p", "virtiofs", "drvfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"),
)
_MOUNTS = "/proc/self/mountinfo"


def look(out: Path) -> Iterator[Observation]:
    """Where temporary files go, and where results go."""
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError as error:  # not one of the usual folders can be written
        fields = {"error": str(error)}
        yield Observation("temporary", BROKEN, "no_temporary", fields, "do_temporary")
    else:
        yield from _room("temporary", temporary)
    yield from _room("results", out)
    yield from _writing(out)


def _room(name: str, folder: Path) -> Iterator[Observation]:
    free = shutil.disk_usage(folder).free
    kind = file_system(folder)
    fields = {"path": os.path.realpath(folder), "free": gigabytes(free), "kind": kind or "?"}
    if free < TOO_LITTLE:
        yield Observation(name, BROKEN, "disk_full", fields, "do_disk")
    elif free < LITTLE:
        yield Observation(name, WEAK, "disk_little", fields, "do_disk")
    else:
        yield Observation(name, OK, "disk_ok", fields)
    if name == "results" and kind in NETWORK:
        yield Observation("file_system", WEAK, "network", fields, "do_local")


def _writing(out: Path) -> Iterator[Observation]:
    """Writes as the gradebook makes them, in a folder of their own that is removed."""
    try:
        with tempfile.TemporaryDirectory(prefix=".gatecheck-doctor-", dir=out) as folder:
            _synced(Path(folder))
            mode, seconds = commits(Path(folder))
    except (OSError, sqlite3.Error) as error:
        fields = {"path": os.path.realpath(out), "error": str(error)}
        yield Observation("writing", BROKEN, "unwritable", fields, "do_writable")
        return
    yield Observation("writing", OK, "written")
    if mode != "wal":
        yield Observation("gradebook", BROKEN, "no_wal", {"mode": mode}, "do_local")
        return
    each = statistics.median(seconds)
    fields = {"milliseconds": f"{1e3 * each:.1f}"}
    if each > SLOW_COMMIT_S:
        yield Observation("gradebook", WEAK, "commit_slow", fields, "do_local")
    else:
        yield Observation("gradebook", OK, "commit_ok", fields)


def _synced(folder: Path) -> None:
    with open(folder / "file", "wb") as file:
        file.write(ROW)
        file.flush()
        os.fsync(file.fileno())


def commits(folder: Path) -> tuple[str, list[float]]:
    """SQLite's journal mode there, and seconds of a few durable transactions.

    Raises:
        OSError, sqlite3.Error: if they can't be made.
    """
    seconds = []
    with contextlib.closing(sqlite3.connect(folder / "book.db", timeout=2.0)) as base:
        (mode,) = base.execute("PRAGMA journal_mode = WAL").fetchone()
        base.execute("PRAGMA synchronous = FULL")
        base.execute("CREATE TABLE results (report BLOB)")
        base.commit()
        for _ in range(COMMITS):
            base.execute("INSERT INTO results VALUES (?)", (ROW,))
            start = time.perf_counter()
            base.commit()
            seconds.append(time.perf_counter() - start)
    return str(mode), seconds


def file_system(folder: Path) -> str:
    """The kind of file system, as "ext4"; empty where the system does not tell."""
    try:
        lines = Path(_MOUNTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        point = left.split()[4].replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two on one point the later one is seen
            best, kind = point, right.split()[0]
    return kind
