"""Processes that grade: one a core, each with a warm engine of its own, and tasks through a pipe.

A process that dies takes only its task with it; the task is tried once more in a new one. If the
process that hands out tasks dies, the pipes end, and so do these.
"""

import contextlib
import dataclasses
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from grader.batch.tasks import Options, Task

TRIES = 2
Grade = Callable[[Task], bytes]


@dataclasses.dataclass(frozen=True)
class Done:
    """A task that has ended: with a report, or with why the grader has none."""

    task: Task
    report: bytes
    seconds: float
    fault: str = ""


def engine_grade() -> Grade:
    """Grades with an engine that is warm from the first submission on."""
    import gc
    import signal
    import warnings

    for number in (signal.SIGINT, signal.SIGTERM):  # the parent decides when to stop
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    warnings.simplefilter("ignore")
    from grader.batch.tasks import perform
    from grader.checking.session import Engine

    engine = Engine()
    gc.freeze()
    return lambda task: perform(engine, task)


def _serve(pipe: Connection, make: Callable[[], Grade]) -> None:
    """A process: a task in, a report or an error out, until the pipe ends."""
    os.environ["OMP_NUM_THREADS"] = "1"
    grade = make()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            start = time.monotonic()
            try:
                answer = (grade(task), time.monotonic() - start, "")
            except Exception:
                text = traceback.format_exc(limit=-3)
                answer = (b"", time.monotonic() - start, text)
            pipe.send(answer)
    os._exit(0)  # its template ends with its sockets


class _Hand:
    """One process and what it is at."""

    def __init__(self, make: Callable[[], Grade]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, make), daemon=False)
        self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.tries = 0
        self.since = 0.0

    def give(self, task: Task, tries: int) -> None:
        self.task, self.tries, self.since = task, tries, time.monotonic()
        with contextlib.suppress(OSError):  # it has died: that shows at the next look
            self.pipe.send(task)

    def answer(self) -> tuple[bytes, float, str] | None:
        """What it came to; None if the process has died."""
        try:
            found: Any = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return found

    def end(self) -> None:
        self.pipe.close()
        self.process.join(timeout=0.5)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def graded(
    tasks: Iterable[Task],
    jobs: int,
    make: Callable[[], Grade] = engine_grade,
    working: Callable[[list[tuple[str, float]]], None] = lambda busy: None,
) -> Iterator[Done]:
    """Grade tasks in any order; each ``Done`` is to be stored before the next is asked for.

    Args:
        make: called in each process once, gives what grades there; can be pickled.
        working: told now and then who is being graded, and for how many seconds.
    """
    waiting = iter(tasks)
    hands: list[_Hand] = []
    try:
        while True:
            while len(hands) < jobs and (task := next(waiting, None)) is not None:
                hand = _Hand(make)
                hand.give(task, 1)
                hands.append(hand)
            if not hands:
                return
            ready = wait([hand.pipe for hand in hands], timeout=0.5)
            now = time.monotonic()
            working([(h.task.student, now - h.since) for h in hands if h.task])
            for hand in [hand for hand in hands if hand.pipe in ready]:
                task, answer = hand.task, hand.answer()
                assert task is not None
                if answer is None and hand.tries < TRIES:
                    hands.remove(hand)
                    hand.end()
                    hands.append(_Hand(make))
                    hands[-1].give(task, hand.tries + 1)
                    continue
                if answer is None:
                    hands.remove(hand)
                    hand.end()
                    yield Done(task, b"", now - hand.since, "the process that graded it died twice")
                    continue
                report, seconds, fault = answer
                yield Done(task, report, seconds, fault)
                following = next(waiting, None)
                if following is None:
                    hands.remove(hand)
                    hand.end()
                else:
                    hand.give(following, 1)
    finally:
        for hand in hands:
            hand.end()


__all__ = ["Done", "Grade", "Options", "engine_grade", "graded"]
