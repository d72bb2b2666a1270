"""A batch on a Dask cluster: tasks go to the workers' machines, reports come back as bytes.

This is the side of the batch; what runs there is in ``outpost``. Dask hands the tasks of a lost
worker to others by itself. A few tasks a worker are out at a time, so a batch of any size costs the
scheduler the same; nothing is kept there that would be missed if it were lost.
"""

import asyncio
import contextlib
import dataclasses
import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

from grader.batch import outpost, pool
from grader.batch.connection import GPU, LOOK_S, ClusterProblem, Connection, uninterrupted
from grader.batch.pool import Done, Grade
from grader.batch.running import Tick
from grader.batch.tasks import Task, checks_hash
from grader.locale import Texts

REFRESH_S, RESULT_S = 2.0, 20.0
AHEAD = 2  # tasks that are out for each thread of the cluster
GIVEN_BACK = 5  # how often a task may come back undone before it is a fault


@dataclasses.dataclass
class _Out:
    """A task that is out."""

    task: Task
    number: int
    tries: int = 0
    since: float | None = None  # when its turn came, as far as we know
    future: Any = None
    alone: bool = False


class Cluster(Connection):
    """Grades on the workers of one scheduler.

    Args:
        address, say: as of a ``Connection``.
        texts: for the sentences of rows that could not be graded.
        make: what grades there; for tests.
    """

    def __init__(
        self,
        address: str,
        texts: Texts,
        say: Callable[[str], None],
        make: Callable[[], Grade] = pool.engine_grade,
    ) -> None:
        super().__init__(address, say)
        self.texts, self.make = texts, make
        self._foreign: set[str] = set()  # workers with another kit
        self._out: dict[str, _Out] = {}  # by key
        self._suspects: list[_Out] = []  # workers died with them aboard
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def graded(self, tasks: Iterator[Task], tick: Tick) -> pool.Results:
        """Grade tasks in any order; each ``Done`` is to be stored as it comes."""
        waiting = enumerate(tasks)
        checks = ""
        try:
            while True:
                while len(self._out) < self._window():
                    number, task = next(waiting, (0, None))
                    if task is None:
                        break
                    checks = checks or checks_hash(task.options)
                    self._submit(_Out(task, number), checks)
                if not self._out and self._suspects:
                    self._submit(dataclasses.replace(self._suspects.pop(0), alone=True), checks)
                if not self._out:
                    return
                with contextlib.suppress(queue.Empty):
                    yield from self._finished(self._ended.get(timeout=LOOK_S), checks)
                self._tell(tick)
        finally:
            with uninterrupted(), contextlib.suppress(Exception):
                if self._out and not self._is_lost():
                    self._client.cancel([out.future for out in self._out.values()], force=True)
            self._out.clear()

    def _submit(self, out: _Out, checks: str) -> None:
        if self._is_lost():
            raise ClusterProblem("lost", address=self.address)
        ours = [worker for worker in self._workers if worker not in self._foreign]
        away = bool(self._foreign and ours)
        future = self._client.submit(
            outpost.grade,
            *(out.task, checks, self.run, self.make),
            key=f"gatecheck-{self.run}-{out.number}-{out.tries}",
            pure=False,
            priority=-out.number,
            resources={GPU: 1} if self.gpu else None,
            workers=ours if away else None,
            allow_other_workers=away,
        )
        out.future = future
        self._out[future.key] = out
        future.add_done_callback(self._ended.put)

    def _finished(self, future: Any, checks: str) -> Iterator[Done]:
        """What a task came to; nothing if it goes out once more."""
        import distributed

        out = self._out.get(future.key)
        if out is None:
            return
        answer, host, fault = outpost.Answer(), "", ""
        try:
            answer = future.result(timeout=RESULT_S)
            host = answer.host
            if answer.foreign:
                self._foreign.add(answer.worker)
                fault = self.texts.say("cluster.another_kit_row", host=host)
        except distributed.KilledWorker:
            # Dask suspects all that were on a worker that died. Alone it shows which one it was.
            del self._out[future.key]
            if out.alone:
                yield Done(out.task, b"", 0.0, self.texts.say("cluster.killed"), host)
            else:
                self._suspects.append(dataclasses.replace(out, tries=out.tries + 1, since=None))
            return
        except (TimeoutError, distributed.TimeoutError):
            # it has gone with its worker, and is made again
            future.add_done_callback(self._ended.put)
            return
        except (Exception, asyncio.CancelledError) as error:
            # Not of the grading, that is told in the answer: no kit there, a result that went with
            # its worker, ...
            fault = self.texts.say("cluster.broken", error=f"{type(error).__name__}: {error}"[:300])
        del self._out[future.key]
        if not fault:
            yield Done(out.task, answer.report, answer.seconds, answer.fault, host)
        elif self._is_lost():
            raise ClusterProblem("lost", address=self.address)
        elif out.tries + 1 < GIVEN_BACK:
            self._submit(dataclasses.replace(out, tries=out.tries + 1, since=None), checks)
        else:
            yield Done(out.task, b"", 0.0, fault, host)

    def _window(self) -> int:
        """How many tasks may be out now. The workers are looked at again now and then."""
        if time.monotonic() - self._looked > REFRESH_S:
            before = any(map(self._slots, self._workers))
            self._look()
            if before and not any(map(self._slots, self._workers)):
                self._say_waits()
        return AHEAD * self._threads()

    def _tell(self, tick: Tick) -> None:
        """Who is being graded: the oldest tasks, as many as there are threads."""
        now = time.monotonic()
        first = sorted(self._out.values(), key=lambda out: out.number)
        for out in first[: self._threads()]:
            out.since = out.since or now
        tick([(out.task.student, now - out.since) for out in first if out.since])


__all__ = ["Cluster", "ClusterProblem"]
