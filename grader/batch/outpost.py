"""What runs on the worker machines of a cluster: processes that grade, apart from Dask's own.

A Dask worker takes tasks in threads. Each hands its task to a process with a warm engine, as on one
machine, so what a submission does to it never reaches the worker, and the report is the same bytes.
Such a process ends with its worker, however that ends, and takes its temporary files along; or when
its batch ends; or after some idle minutes, if nobody could say so.
"""

import contextlib
import dataclasses
import functools
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from grader.batch import pool, scratch, tasks
from grader.batch.pool import DIED_TWICE, END_S, PATIENCE, TRIES, Grade
from grader.batch.tasks import Options, Task

ROOT = str(Path(__file__).resolve().parents[2])
IDLE_S = 180.0
_START = "import sys; sys.path.insert(0, sys.argv[1]); from grader.batch import outpost; "
_SERVE = _START + "outpost.serve(int(sys.argv[2]), int(sys.argv[3]))"
_DEVICE = _START + "from grader.sandbox import devices; print(devices.resolve('auto'))"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a task came to on another machine; ``foreign`` has not graded it: another kit."""

    report: bytes = b""
    seconds: float = 0.0
    fault: str = ""
    host: str = ""
    worker: str = ""
    foreign: bool = False


def survey(options: Options, run: str, device: bool) -> dict[str, str]:
    """What this worker's machine has: its name, its kit, its accelerator if that is asked for."""
    word = ""
    if device:  # torch is imported, and forgotten again, in a process of its own
        words = [sys.executable, "-c", _DEVICE, ROOT]
        word = subprocess.run(words, capture_output=True, text=True, timeout=120).stdout.strip()
    return {"host": socket.gethostname(), "checks": _checks(options, run), "device": word}


@functools.lru_cache(maxsize=8)
def _checks(options: Options, run: str) -> str:
    """The hash of this machine's checks; found anew for each run, as the kit may be updated."""
    return tasks.checks_hash(options)


def grade(task: Task, checks: str, run: str, make: Callable[[], Grade]) -> Answer:
    """Grade a task in this worker, if its checks are those of the run."""
    host = socket.gethostname()
    if _checks(task.options, run) != checks:
        from distributed import get_worker

        return Answer(host=host, worker=get_worker().address, foreign=True)
    start = time.monotonic()
    for _ in range(TRIES):
        if run in _ended:
            break
        hand = _taken(run, make)
        answer = hand.ask(task)
        if answer is not None:
            with _lock:
                _free.append(hand)
            return Answer(*answer, host=host)
        hand.end()
    return Answer(seconds=time.monotonic() - start, fault=DIED_TWICE, host=host)


def end(run: str) -> None:
    """A run is over, or was broken off: its processes end, whatever they are at."""
    with _lock:
        _ended.add(run)
        theirs = [hand for hand in _all if hand.run == run]
        _free[:] = [hand for hand in _free if hand.run != run]
    for hand in theirs:
        hand.let_go()
    for hand in theirs:
        hand.end()


class _Hand:
    """One process that grades, and the two lines to it: what to do, and that we are alive."""

    def __init__(self, run: str, make: Callable[[], Grade]) -> None:
        self.run = run
        self.pipe, theirs = Pipe()
        lifeline, self._alive = os.pipe()
        self._once = threading.Lock()
        words = [sys.executable, "-c", _SERVE, ROOT, str(theirs.fileno()), str(lifeline)]
        self.process = subprocess.Popen(
            words,
            pass_fds=(theirs.fileno(), lifeline),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        os.close(lifeline)
        with contextlib.suppress(OSError):  # it has died: that shows when it is asked
            self.pipe.send(make)

    def ask(self, task: Task) -> tuple[bytes, float, str] | None:
        """What the task came to; None if the process has died, or hangs."""
        try:
            self.pipe.send(task)
            seconds = PATIENCE * task.options.deadline_s
            found: Any = self.pipe.recv() if self.pipe.poll(seconds) else None
        except (EOFError, OSError):
            return None
        return found

    def let_go(self) -> None:
        """It sees that nobody needs it any more, tidies up and ends."""
        with self._once:
            if self._alive >= 0:
                os.close(self._alive)
                self._alive = -1

    def end(self) -> None:
        self.let_go()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            self.pipe.close()
        with _lock, contextlib.suppress(ValueError):
            _all.remove(self)


_lock = threading.Lock()
_free: list[_Hand] = []
_all: list[_Hand] = []
_ended: set[str] = set()


def _taken(run: str, make: Callable[[], Grade]) -> _Hand:
    """A process of this run that has nothing to do, or a new one."""
    with _lock:
        idle = [hand for hand in _free if hand.process.poll() is not None]
        mine = [hand for hand in _free if hand.run == run and hand not in idle]
        for hand in idle + mine[-1:]:
            _free.remove(hand)
        if not mine:
            mine = [_Hand(run, make)]
            _all.append(mine[0])
    for hand in idle:
        hand.end()
    return mine[-1]


def serve(channel: int, lifeline: int) -> None:
    """The process: what grades, then task after task, until there is nobody or nothing left."""
    os.set_inheritable(channel, False)
    os.set_inheritable(lifeline, False)
    with scratch.folder() as place:
        threading.Thread(target=_end_with_worker, args=(lifeline, place), daemon=True).start()
        pipe = Connection(channel)
        with contextlib.suppress(EOFError, OSError):
            pool.answer_all(pipe, pipe.recv(), str(place), IDLE_S)
    os._exit(0)  # the engine's template ends with its sockets


def _end_with_worker(lifeline: int, place: Path) -> None:
    with contextlib.suppress(OSError):
        os.read(lifeline, 1)  # nothing is ever written there: it ends when the worker does
    shutil.rmtree(place, ignore_errors=True)
    os._exit(0)


__all__ = ["Answer", "end", "grade", "serve", "survey"]
