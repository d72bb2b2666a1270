"""Asking one side, the submission or the reference, for the numbers of a picture.

Pictures are for looking at and decide nothing, so every question is short of time, nothing that
fails is asked again, and whatever stands in the way is a sentence instead of an exception. The
reference is asked just as the submission is: in a confined worker, from ``solutions``.
"""

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

import torch

from grader.checking.scoring import Outcome
from grader.findings import CheckStopped, Finding
from grader.sandbox import limits
from grader.sandbox.client import SandboxError
from grader.submission import Answer, Function, Returned, Submission

ALLOWANCE = limits.Allowance(1.5, 4.0)  # of one call for a picture, in seconds
LARGEST = 1e9  # numbers beyond it are clipped: no picture has room for them
# After these there is no use in asking for a picture, too.
_HOPELESS = ("not_started", "timeout")
_BROKEN = ("died", "protocol", "load_", "file_", "too_many_files", "function_missing")


@dataclasses.dataclass(frozen=True)
class Sentence:
    """A sentence of the locale and its fields; a field may be a ``Finding``."""

    name: str
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Unavailable(Exception):
    """These numbers can't be had; the sentence says why."""

    def __init__(self, name: str, /, **fields: Any) -> None:
        super().__init__(name)
        self.sentence = Sentence(name, fields)


class Budget:
    """Wall time for one picture.

    Args:
        seconds: how long.
        now: a clock.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() + seconds

    def check(self) -> None:
        """Go on, or stop.

        Raises:
            Unavailable: if the time is up.
        """
        if self._now() > self._end:
            raise Unavailable("html.no_time")


class Asker:
    """One side.

    Args:
        submission: its functions.
        outcomes: what grading found, by check; functions that hung or are not there are not asked.
    """

    def __init__(
        self, submission: Submission, outcomes: Mapping[str, Outcome] | None, budget: Budget
    ) -> None:
        self.submission = submission
        self.budget = budget
        self._known: dict[str, Finding] = {}
        submission.allowance = ALLOWANCE
        for outcome in (outcomes or {}).values():
            finding = outcome.finding
            if finding is None:
                continue
            hopeless = finding.status in _HOPELESS or finding.code.startswith(_BROKEN)
            if hopeless:
                self._known[f"{outcome.check.exercise}.{outcome.check.function}"] = finding

    def ask(
        self,
        key: str,
        arguments: dict[str, Any],
        call: Callable[..., Any] | None = None,
        **more: Any,
    ) -> Answer:
        """What the function called ``key`` (exercise.function) returns.

        Args:
            call: asks in its own way: ``call(function, arguments, **more)``.

        Raises:
            Unavailable: if it can't be asked, or fails.
        """
        self.budget.check()
        if key in self._known:
            raise Unavailable("html.no_function", name=key, why=self._known[key])
        exercise, _, name = key.partition(".")
        function = self.submission.exercise(exercise).function(name)
        try:
            return (call or Function.ask)(function, arguments, **more)
        except CheckStopped as stopped:
            self._known[key] = stopped.finding
            raise Unavailable("html.no_function", name=key, why=stopped.finding) from None
        except SandboxError:
            self.submission.forget_workers()
            raise Unavailable("html.no_sandbox") from None

    def tensor(self, key: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> torch.Tensor:
        """A function's result as a finite tensor of ``shape``, in float64.

        Raises:
            Unavailable: if it is none.
        """
        return finite(key, self.ask(key, arguments).value, shape)


def finite(key: str, value: Any, shape: tuple[int, ...]) -> torch.Tensor:
    """A returned value as a finite float64 tensor of ``shape``.

    Raises:
        Unavailable: if it is none.
    """
    data = value.data if isinstance(value, Returned) else None
    if data is None or tuple(data.shape) != shape or data.is_complex():
        raise Unavailable("html.no_shape", name=key)
    data = data.detach().double()
    if not bool(torch.isfinite(data).all()):
        raise Unavailable("html.no_numbers", name=key)
    return data.clamp(-LARGEST, LARGEST)


def tensors(key: str, value: Any, shapes: list[tuple[int, ...]]) -> list[torch.Tensor]:
    """A returned sequence as finite tensors of these shapes.

    Raises:
        Unavailable: if it is none.
    """
    if not isinstance(value, (list, tuple)) or len(value) != len(shapes):
        raise Unavailable("html.no_shape", name=key)
    return [finite(key, item, shape) for item, shape in zip(value, shapes, strict=True)]
