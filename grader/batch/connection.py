"""The connection to a Dask scheduler: which workers there are, and whether they can grade.

Whatever goes wrong with it is one ``ClusterProblem``, and nothing of Dask's reaches the terminal.
"""

import contextlib
import dataclasses
import logging
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from grader.batch import outpost
from grader.batch.running import GradersLost
from grader.batch.tasks import Options, checks_hash

CPU, AUTO, GPU = "cpu", "auto", "GPU"
CONNECT_S, ASK_S, SURVEY_S, CLOSE_S = 15.0, 30.0, 150.0, 10.0
LOOK_S = 0.5
Me = TypeVar("Me", bound="Connection")
QUIET = ("distributed", "tornado", "asyncio", "dask")


class ClusterProblem(GradersLost):
    """The cluster can't be used: the id of a sentence, and its fields."""

    def __init__(self, sentence: str, /, **fields: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.fields = sentence, fields


class Connection:
    """The workers of one scheduler. A context manager.

    Args:
        address: the scheduler's, as Dask writes it: tcp://HOST:PORT, or tls://HOST:PORT.
        say: told the id of a sentence when there is something to wait for.

    Raises:
        ClusterProblem: from every method, also in the middle of a run.
    """

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        self.address, self.say = address, say
        self.run = uuid.uuid4().hex
        self.gpu = False  # whether gradings need one
        self._workers: dict[str, dict[str, Any]] = {}
        self._looked = 0.0
        self._client = _client(address)

    def __enter__(self: Me) -> Me:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left there, if the cluster can still be told so."""
        with uninterrupted(), contextlib.suppress(Exception):
            if self._workers and not self._is_lost():
                self._ask(
                    self._client._run, outpost.end, self.run, on_error="ignore", within=CLOSE_S
                )
        with uninterrupted(), contextlib.suppress(Exception):
            self._client.close(timeout=CLOSE_S)

    def agreed(self, options: Options) -> Options:
        """The options with the device that the workers have, once all of them have our checks."""
        if options.device == AUTO:
            options = dataclasses.replace(options, device=self._device(options))
        elif options.device != CPU and ":" not in options.device:
            options = dataclasses.replace(options, device=f"{options.device}:0")
        self.gpu = options.device != CPU
        self._wait()
        ours = checks_hash(options)
        others = {
            _host(worker, answer)
            for worker, answer in self._survey(options, False).items()
            if not isinstance(answer, OSError)  # it has gone meanwhile
            and (not isinstance(answer, dict) or answer["checks"] != ours)
        }
        if others:
            raise ClusterProblem("another_kit", hosts=", ".join(sorted(others)))
        return options

    def _device(self, options: Options) -> str:
        """What "auto" means: the accelerator of the workers that declare one, if some do."""
        self._wait()
        self.gpu = True
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
        self.say("cluster.waits_gpu" if self.gpu and self._workers else "cluster.waits")

    def _look(self) -> None:
        found = self._ask(self._client.scheduler.identity, n_workers=-1, within=ASK_S)
        self._workers, self._looked = dict(found["workers"]), time.monotonic()

    def _slots(self, worker: str) -> int:
        """How many of our tasks a worker can be at."""
        known = self._workers[worker]
        most = known["resources"].get(GPU, 0) if self.gpu else known["nthreads"]
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
def uninterrupted() -> Iterator[None]:
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


__all__ = ["GPU", "LOOK_S", "ClusterProblem", "Connection", "uninterrupted"]
