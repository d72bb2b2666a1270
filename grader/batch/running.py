"""A process a core, each with one warm engine; the first process hands out tasks, grades nothing.

Whoever takes the results has stored one before the next task goes to the process it came from.
A process that dies takes only its task with it, which is tried once more by another.
"""

import contextlib
import dataclasses
import multiprocessing
import multiprocessing.connection
import os
import pkgutil
import shutil
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader.batch.tasks import Task
from grader.report.cleaning import clean_line

GRADER = "grader.batch.tasks:Grader"
TRIES = 2
PATIENCE_S = 30 * 60.0  # for one task: the sandbox's own limits end it long before
LOOK_S = 1.0  # between looks for a process that hangs
END_S = 5.0  # that a process is given to end
TEXT_CHARS = 400
REPORT, ERROR = b"+", b"-"  # what a message from a process begins with


@dataclasses.dataclass(frozen=True)
class Done:
    """What became of a task: the report, or why there is none (``error``, a line in English)."""

    task: Task
    report: bytes
    error: str
    seconds: float


class _Child:
    """One process, and the task that it has."""

    def __init__(self, grader: str, scratch: str) -> None:
        context = multiprocessing.get_context("spawn")  # torch's threads don't survive a fork
        self.connection, theirs = context.Pipe()
        arguments = (theirs, grader, scratch)
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        with _without_interrupts():  # nor does it die of Ctrl-C before it can ignore that
            self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.since = 0.0

    def give(self, task: Task) -> None:
        """Hand it a task; that it is dead already shows when its answer is looked for."""
        self.task, self.since = task, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def answer(self) -> bytes | None:
        """What it sent; None if it has died instead."""
        with contextlib.suppress(EOFError, OSError):
            if self.connection.poll():
                return self.connection.recv_bytes()
        return None

    def end(self) -> None:
        """End it, whatever it does; its template ends when its connection closes."""
        self.connection.close()
        self.process.terminate()
        self.process.join(END_S)
        self.process.kill()
        self.process.join(END_S)


class Pool:
    """The processes of a batch. ``close`` ends them; a context manager.

    Args:
        jobs: how many gradings go on at once.
        grader: "module:Class" of what performs tasks; tests have others.
        scratch: a folder for all temporary files, which is removed in the end.
    """

    def __init__(self, jobs: int, grader: str = GRADER, scratch: Path | None = None) -> None:
        self._jobs = jobs
        self._grader = grader
        self._scratch = str(scratch or new_scratch())
        self._children: list[_Child] = []
        self._tries: dict[str, int] = {}

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes and remove what they left."""
        children, self._children = self._children, []
        for child in children:
            child.process.terminate()  # all at once, and then wait for each
        for child in children:
            child.end()
        remove_scratch(self._scratch)

    def busy(self) -> list[tuple[str, float]]:
        """Who is graded at the moment, and for how many seconds so far; the longest first."""
        now = time.monotonic()
        found = [(c.task.student, now - c.since) for c in list(self._children) if c.task]
        return sorted(found, key=lambda row: -row[1])

    def run(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Perform tasks; they come back in the order in which they are done.

        A process gets its next task when the caller asks for the next result, not before.
        """
        again: list[Task] = []
        ahead = next(tasks, None)  # read before there is a process for it
        while True:
            while (again or ahead) and (child := self._idle()):
                if again:
                    child.give(again.pop())
                elif ahead:
                    child.give(ahead)
                    ahead = next(tasks, None)
            if not any(child.task for child in self._children):
                return
            for child in self._ready():
                done = self._finished(child)
                if done.report or self._tries[done.task.student] >= TRIES:
                    yield done
                else:
                    again.append(done.task)

    def _idle(self) -> _Child | None:
        for child in self._children:
            if child.task is None:
                return child
        if len(self._children) >= self._jobs:
            return None
        child = _Child(self._grader, self._scratch)
        self._children.append(child)
        return child

    def _ready(self) -> list[_Child]:
        """Those that have something to say, or have died, or hang."""
        working = [child for child in self._children if child.task]
        waited = [c.connection for c in working] + [c.process.sentinel for c in working]
        ready = multiprocessing.connection.wait(waited, LOOK_S)
        now = time.monotonic()
        return [
            child
            for child in working
            if child.connection in ready
            or child.process.sentinel in ready
            or now - child.since > PATIENCE_S
        ]

    def _finished(self, child: _Child) -> Done:
        task, seconds = child.task, time.monotonic() - child.since
        assert task is not None
        answer = child.answer()
        self._tries[task.student] = self._tries.get(task.student, 0) + 1
        child.task = None
        if answer is None:
            self._children.remove(child)
            child.end()
            return Done(task, b"", _obituary(child.process.exitcode), seconds)
        if answer[:1] == REPORT:
            return Done(task, answer[1:], "", seconds)
        self._tries[task.student] = TRIES  # the process has tried again itself
        return Done(task, b"", clean_line(answer[1:], TEXT_CHARS), seconds)


def _obituary(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"the grading process was killed ({signal.Signals(-code).name})"
    return f"the grading process ended (exit code {code})"


def new_scratch() -> str:
    """A folder for temporary files, which workers of another user can pass through."""
    path = tempfile.mkdtemp(prefix="gatecheck-")
    os.chmod(path, 0o755)
    return path


def remove_scratch(path: str) -> None:
    """Remove such a folder; a dying process may still write there."""
    end = time.monotonic() + END_S
    while os.path.exists(path) and time.monotonic() < end:
        shutil.rmtree(path, ignore_errors=True)
        if os.path.exists(path):
            time.sleep(0.02)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C waits, here and in what is started inside."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, grader: str, scratch: str) -> None:
    """A process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    warnings.simplefilter("ignore")  # torch's and hypothesis's
    tempfile.tempdir = scratch
    performing: Any = pkgutil.resolve_name(grader)()
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return performing.close()
        try:
            message = REPORT + performing(task)
        except Exception as error:  # a row of the gradebook, never the end of a batch
            message = ERROR + f"{type(error).__name__}: {error}".encode(errors="replace")
        connection.send_bytes(message)


def _end_with_the_first() -> None:
    """A batch that was killed leaves no process behind that grades for nobody."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)
