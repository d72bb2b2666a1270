"""Looking at a batch from outside while it runs: its gradebook, and its processes' memory."""

import contextlib
import sqlite3
import subprocess
import time
from pathlib import Path

import psutil

LOOK_S = 0.02
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
        a row for each window: ``from``, ``to``, ``first`` and ``grading`` in MiB.
    """
    rows = []
    for low, high in windows:
        _wait_for(book, low, process)
        own = _processes(process)
        for pid in own:
            Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)
        _wait_for(book, high - 4, process)  # before it ends
        found = [_peak_mib(pid) for pid in own]
        rows.append({"from": low, "to": high, "first": found[0], "grading": max(found[1:])})
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


def _wait_for(book: Path, count: int, process: subprocess.Popen) -> None:
    while _stored(book) < count:
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
