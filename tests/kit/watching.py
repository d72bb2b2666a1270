"""``watch`` in a pipe: save a file, and read what it says until it waits again."""

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

from grader.catalog import ROOT

WAITS = "Waiting for the next save"


class Watching:
    """A watch on a folder; ends with the block."""

    def __init__(self, folder: Path, *words: str) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        options = ("--submission", str(folder), "--lang", "en")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "watch", *words, *options],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[tuple[float, str] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Watching":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=300)
        finally:
            self.process.kill()

    def until(self, words: str = WAITS, seconds: float = 300) -> list[tuple[float, str]]:
        """The lines up to the first with these words, each with the moment when it came."""
        found, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                item = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                break
            if item is None:
                break
            found.append(item)
            if words in item[1]:
                return found
        shown = "".join(line for _, line in found)
        raise AssertionError(f"{words!r} did not come:\n{shown}")

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put((time.monotonic(), line))
        self._lines.put(None)


__all__ = ["WAITS", "Watching"]
