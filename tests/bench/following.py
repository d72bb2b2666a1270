"""Looking at a batch from outside while it runs: its gradebook, and its processes' memory."""

import contextlib
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

LOOK_S = 0.02
NOW_AND_THEN_S = 0.5
RESET_PEAK = "5"  # to /proc/PID/clear_refs: the peak begins anew


def book_of(command: list[str]) -> Path:
    """The gradebook that a batch's command will write."""
    return Path(command[command.index("--out") + 1]) / "gradebook.db"


def moments(book: Path, process: subprocess.Popen) -> list[float]:
    """When each result was stored, in order, once the batch has ended.

    Raises:
        RuntimeError: if it ended with an error.
    """
    if process.wait() != 0:
        raise RuntimeError(f"the batch ended with {process.returncode}")
    with contextlib.closing(sqlite3.connect(book)) as base:
        return [at for (at,) in base.execute("SELECT at FROM results ORDER BY number")]


def peaks(book: Path, process: subprocess.Popen, windows: list[tuple[int, int]]) -> list[dict]:
    """The greatest memory of the first process, and of the grading ones, within each window.

    Args:
        windows: from so many stored results to so many.

    Returns:
        a row for each window: ``from``, ``to``, and in MiB ``first``, ``grading``, and ``tree``: a
        grading process with its template and workers.
    """
    rows = []
    for low, high in windows:
        _wait_for(book, low, process)
        own = _processes(process)
        for pid in own:
            Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)
        trees: list[float] = []
        _wait_for(book, high - 4, process, lambda own=own, trees=trees: trees.extend(_trees(own)))
        first, *grading = [_peak_mib(pid) for pid in own]
        row = {"first": first, "grading": max(grading), "tree": max(trees)}
        rows.append({"from": low, "to": high, **row})
    process.wait()
    return rows


def _processes(process: subprocess.Popen) -> list[int]:
    """The first process, and then those that grade: its own children that import torch."""
    children = psutil.Process(process.pid).children()
    grading = [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
    return [process.pid, *grading]


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _trees(own: list[int]) -> list[float]:
    """What each grading process and all below it hold now, in MiB; shared pages count by share."""
    return [sum(_share_mib(p.pid) for p in _family(pid)) for pid in own[1:]]


def _family(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return []


def _share_mib(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def _wait_for(
    book: Path, count: int, process: subprocess.Popen, look: Callable[[], object] = lambda: None
) -> None:
    looked = time.monotonic()
    while _stored(book) < count:
        if time.monotonic() - looked > NOW_AND_THEN_S:
            looked = time.monotonic()
            look()
        if process.poll() is not None:
            raise RuntimeError(f"the batch ended before {count} results")
        time.sleep(LOOK_S)


def _stored(book: Path) -> int:
    with contextlib.suppress(sqlite3.Error):
        if book.exists():
            with contextlib.closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as base:
                (count,) = base.execute("SELECT max(number) FROM results").fetchone()
                return count or 0
    return 0
