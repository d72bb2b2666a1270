"""Processes that grade: one a core, each with a warm engine of its own, and tasks through a pipe.

A process that dies takes only its task with it; the task is tried once more in a new one. If the
process that hands out tasks dies, so do these, at once.
"""

import contextlib
import dataclasses
import multiprocessing
import multiprocessing.connection
import os
import signal
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader.batch.tasks import Options, Task

TRIES = 2
DIED_TWICE = "the process that graded it died twice"
PATIENCE = 3  # deadlines for one task, which may be graded twice: the run's own ends it before
LOOK_S = 0.5
END_S = 5.0
Grade = Callable[[Task], bytes]


@dataclasses.dataclass(frozen=True)
class Done:
    """A task that has ended: with a report, or with why the grader has none."""

    task: Task
    report: bytes
    seconds: float
    fault: str = ""
    host: str | None = None  # the machine that graded it; None is this one


Results = Generator[Done, None, None]


def engine_grade() -> Grade:
    """Grades with an engine that is warm from the first submission on."""
    import gc

    from grader.batch.tasks import Grader

    grader = Grader()
    gc.freeze()
    return grader


def _serve(pipe: Connection, make: Callable[[], Grade], scratch: str) -> None:
    """A process: a task in, a report or an error out, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    answer_all(pipe, make, scratch)
    os._exit(0)  # its template ends with its sockets, and its files are in the scratch folder


def answer_all(
    pipe: Connection, make: Callable[[], Grade], scratch: str, idle_s: float | None = None
) -> None:
    """Grade what comes through a pipe, until it ends or nothing has come for ``idle_s``."""
    os.environ["OMP_NUM_THREADS"] = "1"
    tempfile.tempdir = scratch
    warnings.simplefilter("ignore")
    grade = make()
    with contextlib.suppress(EOFError, OSError):
        while pipe.poll(idle_s):
            task = pipe.recv()
            start = time.monotonic()
            try:
                answer = (grade(task), time.monotonic() - start, "")
            except Exception:
                text = traceback.format_exc(limit=-3)
                answer = (b"", time.monotonic() - start, text)
            pipe.send(answer)


def _end_with_the_first() -> None:
    """A batch that was killed leaves no process behind that grades for nobody."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


class _Hand:
    """One process and what it is at."""

    def __init__(self, make: Callable[[], Grade], scratch: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        arguments = (theirs, make, scratch)
        self.process = context.Process(target=_serve, args=arguments, daemon=False)
        # Ctrl-C waits until it is started, and it ignores Ctrl-C from its first moment on
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.task: Task | None = None
        self.tries = 0
        self.since = self.patience_s = 0.0

    def give(self, task: Task, tries: int) -> None:
        self.task, self.tries, self.since = task, tries, time.monotonic()
        self.patience_s = PATIENCE * task.options.deadline_s
        with contextlib.suppress(OSError):  # it has died: that shows at the next look
            self.pipe.send(task)

    def has_ended(self, ready: list[Any]) -> bool:
        """Whether it has an answer, or has died, or hangs."""
        return self.pipe in ready or time.monotonic() - self.since > self.patience_s

    def answer(self) -> tuple[bytes, float, str] | None:
        """What it came to; None if the process has died, or hangs."""
        try:
            found: Any = self.pipe.recv() if self.pipe.poll() else None
        except (EOFError, OSError):
            return None
        return found

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()  # what it made so far is stored, or is graded again
        self.process.join(timeout=END_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def graded(
    tasks: Iterable[Task],
    jobs: int,
    scratch: Path,
    make: Callable[[], Grade] = engine_grade,
    working: Callable[[list[tuple[str, float]]], None] = lambda busy: None,
) -> Results:
    """Grade tasks in any order; each ``Done`` is to be stored before the next is asked for.

    Args:
        scratch: for the temporary files of all processes.
        make: called in each process once, gives what grades there; can be pickled.
        working: told now and then who is being graded, and for how many seconds.
    """
    waiting = iter(tasks)
    hands: list[_Hand] = []
    try:
        while True:
            while len(hands) < jobs and (task := next(waiting, None)) is not None:
                hand = _Hand(make, str(scratch))
                hands.append(hand)
                hand.give(task, 1)
            if not hands:
                return
            ready = multiprocessing.connection.wait([hand.pipe for hand in hands], timeout=LOOK_S)
            now = time.monotonic()
            working([(h.task.student, now - h.since) for h in hands if h.task])
            for hand in [hand for hand in hands if hand.has_ended(ready)]:
                task, answer = hand.task, hand.answer()
                assert task is not None
                if answer is None:
                    hands.remove(hand)
                    hand.end()
                    if hand.tries >= TRIES:
                        yield Done(task, b"", now - hand.since, DIED_TWICE)
                    else:
                        hands.append(_Hand(make, str(scratch)))
                        hands[-1].give(task, hand.tries + 1)
                    continue
                yield Done(task, *answer)
                following = next(waiting, None)
                if following is None:
                    hands.remove(hand)
                    hand.end()
                else:
                    hand.give(following, 1)
    finally:
        for hand in hands:
            hand.process.terminate()  # all at once, and then wait for each
        for hand in hands:
            hand.end()


__all__ = ["Done", "Grade", "Options", "Results", "answer_all", "engine_grade", "graded"]
