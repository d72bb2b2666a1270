"""A real Dask scheduler and real workers for tests, on loopback, ended by their ids."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader import catalog as catalogs
from grader.batch.pool import Grade
from grader.batch.tasks import Task
from tests.kit import batching

PATIENCE_S = 300.0


def until(is_so: Callable[[], object], what: str = "") -> None:
    """Wait, but not for ever."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, what or is_so
        time.sleep(0.02)


@dataclasses.dataclass
class Machines:
    """A scheduler and its workers."""

    folder: Path
    processes: dict[str, subprocess.Popen] = dataclasses.field(default_factory=dict)

    def start(self, name: str, *words: str, root: Path = catalogs.ROOT) -> None:
        """The scheduler, or one worker with more words for its command line, and a kit at root."""
        common = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(self.file))
        kind = "scheduler" if name == "scheduler" else "worker"
        if kind == "scheduler":
            self.file.unlink(missing_ok=True)
            words = ("--port", "0")
        else:
            place = str(self.folder / name)
            words = ("--nthreads", "1", "--no-nanny", "--local-directory", place, *words)
        code = (
            "import sys; sys.path.insert(0, sys.argv.pop(1)); "
            f"from distributed.cli import dask_{kind}; dask_{kind}.main()"
        )
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", code, str(root), *common, *words],
                cwd=self.folder,
                env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if kind == "scheduler":
            until(self.file.exists, "no scheduler")

    @property
    def file(self) -> Path:
        """Where the scheduler writes its address."""
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        """The scheduler's."""
        end = time.monotonic() + 300
        while not (text := self.file.read_text()) and time.monotonic() < end:
            time.sleep(0.05)  # the scheduler makes the file first, and writes it then
        return json.loads(text)["address"]

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def machines(folder: Path, **workers: tuple[str, ...]) -> Iterator[Machines]:
    """A scheduler and workers, by name with more words for their command lines."""
    folder.mkdir(exist_ok=True)
    here = Machines(folder)
    try:
        here.start("scheduler")
        for name, words in workers.items():
            here.start(name, *words)
        yield here
    finally:
        for name in [*here.processes]:
            here.kill(name)


def slow() -> Grade:
    """Takes long enough for its worker to be killed meanwhile."""

    def grade(task: Task) -> bytes:
        time.sleep(0.15)
        return batching.report(task)

    return grade


def deadly() -> Grade:
    """Of one submission the whole worker dies, not only the process that grades."""

    def grade(task: Task) -> bytes:
        if task.files["gru.py"].startswith(batching.KILLS.encode()):
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(30)
        return batching.report(task)

    return grade


def marking() -> Grade:
    """Writes down which worker graded when, into the folder that the submission names."""

    def grade(task: Task) -> bytes:
        start = time.monotonic()
        time.sleep(0.1)
        place = Path(task.files["gru.py"].decode().split()[1])
        mark = {"worker": os.getppid(), "from": start, "to": time.monotonic()}
        (place / f"{task.student}.json").write_text(json.dumps(mark))
        return batching.report(task)

    return grade


__all__ = ["Machines", "deadly", "machines", "marking", "slow", "until"]
