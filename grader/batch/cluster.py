"""A batch on a Dask cluster: tasks go to the workers' machines, reports come back as bytes.

This is the side of the batch; what runs there is in ``outpost``. Dask hands the tasks of a lost
worker to others by itself. A few tasks a worker are out at a time, so a batch of any size costs the
scheduler the same; nothing is kept there that would be missed if it were lost.
"""

import asyncio
import contextlib
import dataclasses
import logging
import queue
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from grader.batch import outpost, pool
from grader.batch.pool import Done, Grade
from grader.batch.running import GradersLost, Tick
from grader.batch.tasks import Options, Task, checks_hash
from grader.locale import Texts

CPU, AUTO, GPU = "cpu", "auto", "GPU"
CONNECT_S, ASK_S, SURVEY_S, CLOSE_S = 15.0, 30.0, 150.0, 10.0
LOOK_S, REFRESH_S, RESULT_S = 0.5, 2.0, 20.0
AHEAD = 2  # tasks that are out for each thread of the cluster
GIVEN_BACK = 5  # how often a task may come back undone before it is a fault
QUIET = ("distributed", "tornado", "asyncio", "dask")


class ClusterProblem(GradersLost):
    """The cluster can't be used: the id of a sentence, and its fields."""

    def __init__(self, sentence: str, /, **fields: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.fields = sentence, fields


@dataclasses.dataclass
class _Out:
    """A task that is out."""

    task: Task
    number: int
    tries: int = 0
    since: float | None = None  # when its turn came, as far as we know
    future: Any = None
    alone: bool = False


class Cluster:
    """The workers of one scheduler. A context manager.

    Args:
        address: the scheduler's, as Dask writes it: tcp://HOST:PORT, or tls://HOST:PORT.
        texts: for the sentences of rows that could not be graded.
        say: told the id of a sentence when there is something to wait for.
        make: what grades there; for tests.

    Raises:
        ClusterProblem: from every method, also in the middle of a run.
    """

    def __init__(
        self,
        address: str,
        texts: Texts,
        say: Callable[[str], None],
        make: Callable[[], Grade] = pool.engine_grade,
    ) -> None:
        self.address, self.texts, self.say, self.make = address, texts, say, make
        self.run = uuid.uuid4().hex
        self._gpu = False
        self._foreign: set[str] = set()  # workers with another kit
        self._out: dict[str, _Out] = {}  # by key
        self._suspects: list[_Out] = []  # workers died with them aboard
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._workers: dict[str, dict[str, Any]] = {}
        self._looked = 0.0
        self._client = _client(address)

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left there, if the cluster can still be told so."""
        with _without_interruption(), contextlib.suppress(Exception):
            if self._workers and not self._is_lost():
                self._ask(
                    self._client._run, outpost.end, self.run, on_error="ignore", within=CLOSE_S
                )
        with _without_interruption(), contextlib.suppress(Exception):
            self._client.close(timeout=CLOSE_S)

    def agreed(self, options: Options) -> Options:
        """The options with the device that the workers have, once all of them have our checks."""
        if options.device == AUTO:
            options = dataclasses.replace(options, device=self._device(options))
        elif options.device != CPU and ":" not in options.device:
            options = dataclasses.replace(options, device=f"{options.device}:0")
        self._gpu = options.device != CPU
        self._wait()
        ours = checks_hash(options)
        others = {
            _host(worker, answer)
            for worker, answer in self._survey(options, False).items()
            if not isinstance(answer, dict) or answer["checks"] != ours
        }
        if others:
            raise ClusterProblem("another_kit", hosts=", ".join(sorted(others)))
        return options

    def _device(self, options: Options) -> str:
        """What "auto" means: the accelerator of the workers that declare one, if some do."""
        self._wait()
        self._gpu = True
        answers = self._survey(options, True)
        found = {answer["device"] for answer in answers.values() if isinstance(answer, dict)}
        if len(found) > 1 or "" in found:
            raise ClusterProblem("devices", devices=", ".join(sorted(found)))
        return found.pop() if found else CPU

    def _survey(self, options: Options, device: bool) -> dict[str, Any]:
        """What each worker that would grade says about itself; an exception if it can't."""
        asked = [worker for worker in self._workers if self._slots(worker)]
        if not asked:
            return {}
        given = (outpost.survey, options, self.run, device)
        named = {"workers": asked, "on_error": "return"}
        return self._ask(self._client._run, *given, within=SURVEY_S, **named)

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
            with _without_interruption(), contextlib.suppress(Exception):
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
            resources={GPU: 1} if self._gpu else None,
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
        except (
            TimeoutError,
            distributed.TimeoutError,
        ):  # its worker has gone with it: it is made again
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

    def _threads(self) -> int:
        return max(sum(map(self._slots, self._workers)), 1)

    def _wait(self) -> None:
        """Until there is a worker that can grade."""
        told = False
        while True:
            self._look()
            if any(map(self._slots, self._workers)):
                return
            if not told:
                told = True
                self._say_waits()
            time.sleep(LOOK_S)

    def _say_waits(self) -> None:
        self.say("cluster.waits_gpu" if self._gpu and self._workers else "cluster.waits")

    def _look(self) -> None:
        found = self._ask(self._client.scheduler.identity, n_workers=-1, within=ASK_S)
        self._workers, self._looked = dict(found["workers"]), time.monotonic()

    def _slots(self, worker: str) -> int:
        """How many of our tasks a worker can be at."""
        known = self._workers[worker]
        most = known["resources"].get(GPU, 0) if self._gpu else known["nthreads"]
        return min(int(most), known["nthreads"])

    def _ask(self, what: Callable[..., Any], *given: Any, within: float, **named: Any) -> Any:
        """Ask the scheduler; whatever goes wrong means that it is lost."""
        with contextlib.suppress(Exception):
            if not self._is_lost():
                return self._client.sync(what, *given, callback_timeout=within, **named)
        raise ClusterProblem("lost", address=self.address)

    def _is_lost(self) -> bool:
        """Whether the connection to the scheduler is gone: then so is all that was out."""
        return self._client.status != "running"

    def _tell(self, tick: Tick) -> None:
        """Who is being graded: the oldest tasks, as many as there are threads."""
        now = time.monotonic()
        first = sorted(self._out.values(), key=lambda out: out.number)
        for out in first[: self._threads()]:
            out.since = out.since or now
        tick([(out.task.student, now - out.since) for out in first if out.since])


def _client(address: str) -> Any:
    """A connection to a scheduler, without a word of Dask's on the terminal."""
    try:
        import distributed
    except ImportError:
        raise ClusterProblem("library") from None
    import dask

    for name in [*logging.root.manager.loggerDict, *QUIET]:
        if name.partition(".")[0] in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.simplefilter("ignore")
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except Exception as error:  # a bad address, nobody there, or somebody else
        reason = str(error).partition("\n")[0][:200] or type(error).__name__
        raise ClusterProblem("unreachable", address=address, reason=reason) from None


@contextlib.contextmanager
def _without_interruption() -> Iterator[None]:
    """Tidying up takes seconds at most; Ctrl-C meanwhile ends that, and says nothing new."""
    try:
        yield
    except KeyboardInterrupt:
        pass


def _host(worker: str, answer: Any) -> str:
    """A worker's name for people."""
    if isinstance(answer, dict):
        return f"{answer['host']} ({worker})"
    return f"{worker} ({type(answer).__name__})"


__all__ = ["Cluster", "ClusterProblem"]
