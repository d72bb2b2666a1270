"""The checks of kind "timing": a submission's loop against the reference's, by the clock.

Both run in confined workers of their own, in the same harness, on the same fresh inputs
(``sandbox/timing.py``); the rule is that of ``clock.py``. The clock only confirms what the cost
checks have counted: it starts when everything else of the function has passed, other work on the
machine can't cost a point, and what it can't tell is ``skipped``.
"""

import dataclasses
import hashlib
import random
import secrets
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch

from grader import catalog
from grader.checking.bootstrap import FEWEST
from grader.checking.clock import ClockBroken, Rule, Verdict, Watched, decide
from grader.checking.comparison import agree
from grader.checking.subjects import Subject
from grader.findings import Call, CheckStopped, fail, skip
from grader.sandbox import devices, processors, timing, wire
from grader.submission import Answer, Function, Returned, Submission

MOVED = 1.0  # of a reference's calls: so much longer may the making of inputs take
PLAINLY = 1.25  # times the limit: this side's clock sees more than the calls alone
VERIFIED = 4  # one of so many samples has one of its calls looked at
EXAMINED = 2  # samples that are looked at before, whatever the machine can tell afterwards
ROUNDED = 1e-3  # relative: float32 over some steps; computing in half precision differs by more
OTHER_THREADS = 1.15  # processor seconds in a second of wall time: one thread can't use more
TICK = 0.01  # seconds that the two clocks may disagree by
SEED_BITS = 40
RULE = Rule(factor=1.0, target=0.003, warm=0.02, most=48, budget=6.0)
ON_DEVICES = {"target": 0.02, "warm": 0.5, "most": 96, "budget": 30.0}  # kernels load, clocks rise


@dataclasses.dataclass(frozen=True)
class Limit:
    """What is asked of a function, as multiples of the reference's time.

    ``wanted`` is what the task asks for, ``most`` the guard: above it the check fails. Between the
    two the clock can't tell a slow way of writing from a slow way of computing.
    """

    wanted: float
    most: float


# On a CPU the joined products save calls, not arithmetic, so styles count for much; on an
# accelerator every call costs the same launch, whatever is in it.
GUARD = {"cpu": Limit(10.0, 10.0), "other": Limit(10.0, 10.0)}
FASTER = {"cpu": Limit(0.9, 2.5), "other": Limit(0.9, 0.9)}
LARGE = (64, 128, 256, 128, 2)  # n, d, h, q, T: products take most of the time
NARROW = (2, 1024, 64, 1024, 20)  # a Chinese vocabulary, one or two sequences at a time


@dataclasses.dataclass(frozen=True)
class Race:
    """Who is timed against whom, with what.

    Attributes:
        subject: the function under check.
        reference: exercise and function of the solutions, as "gru.gru".
        states, gates: what state and params consist of.
        sizes: n, d, h, q, T.
        limits: by the kind of device; "other" for those that are not named.
    """

    subject: Subject
    reference: str
    states: int
    gates: int
    sizes: tuple[int, int, int, int, int]
    limits: dict[str, Limit]

    def limit(self, device: str) -> Limit:
        """The limit on a device."""
        return self.limits.get(devices.kind_of(device), self.limits["other"])

    def order(self, action: str, **fields: int) -> wire.Timing:
        """A step of a sample."""
        return wire.Timing(action, list(self.sizes), self.states, self.gates, **fields)


class Side:
    """One function in its worker, as what ``Watched`` asks for samples.

    Nothing of what a worker will meet follows from a seed that a submission may know: inputs are
    made from the seeds that it is given and ``key``, and what is looked at is drawn for each run
    anew.

    Args:
        key: of both sides, which get the same inputs.
        trusted: leave its results alone: it is the reference.
    """

    def __init__(self, race: Race, function: Function, key: bytes, trusted: bool = False) -> None:
        self.race, self.function, self.key, self.trusted = race, function, key, trusted
        self.prepared: list[float] = []  # seconds to make one call's inputs, by this side's clock
        self.calls: list[float] = []  # seconds of one call, likewise

    def __call__(
        self, repetitions: int, inputs_seed: int, verify: bool = False
    ) -> tuple[float, float]:
        """Seconds of one sample by the worker's clock, and by this side's.

        Raises:
            CheckStopped: if a call fails, or its result is not right, or other threads worked.
        """
        seed = self._secret(inputs_seed)
        order = self.race.order("prepare", repetitions=repetitions, seed=seed)
        _, elapsed, _ = self.function.carry_out(order)
        self.prepared.append(elapsed / repetitions)
        # the key of its hashes, which the worker hears last
        order = self.race.order("run", seed=secrets.randbits(SEED_BITS))
        report, elapsed, processor = self.function.carry_out(order)
        self.calls.append(elapsed / repetitions)
        seconds, digests = _report(report, repetitions)
        if not self.trusted:
            busy = processor > elapsed * OTHER_THREADS + TICK
            if busy and devices.kind_of(self.function.home) == devices.CPU:
                names = {"processor": f"{processor:.3f}", "elapsed": f"{elapsed:.3f}"}
                raise fail("timing_threads", **names)
            if verify or secrets.randbelow(VERIFIED) == 0:
                self._verify((seed, order.seed), secrets.randbelow(repetitions), digests)
        return seconds, elapsed

    def examine(self) -> None:
        """Look at some samples before anything is measured: at their values and at other threads.

        Raises:
            CheckStopped: as calling it does.
        """
        for _ in range(EXAMINED):
            self(1, secrets.randbits(SEED_BITS), verify=True)

    def _secret(self, inputs_seed: int) -> int:
        found = hashlib.blake2b(b"%d" % inputs_seed, key=self.key, digest_size=SEED_BITS // 8)
        return int.from_bytes(found.digest(), "big")

    def _verify(self, seeds: tuple[int, int], number: int, digests: list[str]) -> None:
        """Look at the results of one call, which was chosen after they had been hashed.

        Args:
            seeds: of the sample's inputs, and of its hashes.
        """
        value, _, _ = self.function.carry_out(self.race.order("fetch", number=number))
        found = [item for item in value if isinstance(item, Returned)]
        tensors = [item.data for item in found if item.data is not None]
        if len(tensors) != len(value) or timing.digest(tensors, seeds[1]) != digests[number]:
            raise fail("timing_changed")
        arguments = timing.arguments(self.race.order("run", seed=seeds[0]), number)
        with torch.no_grad():
            exact = [_wide(group) for group in arguments]
            expected = self.race.subject.wrap(self.race.subject.reference(*exact))
        try:
            agree(_as_answer(found, self.race), expected, ROUNDED)
        except CheckStopped:
            raise fail("timing_wrong") from None


def _wide(group: Sequence[torch.Tensor]) -> Any:
    return type(group)(tensor.double() for tensor in group)  # type: ignore[call-arg]


def _as_answer(found: list[Returned], race: Race) -> Answer:
    """The flat tensors of a result in the form ``(outputs, state)``."""
    outputs, state = found[: -race.states], tuple(found[-race.states :])
    value = (outputs[0] if len(outputs) == 1 else outputs, state)
    return Answer(Call(race.subject.function, {}), value, [], [], {}, torch.float32, [])


def _report(value: Any, repetitions: int) -> tuple[float, list[str]]:
    """The seconds and the hashes that a worker sent.

    Raises:
        CheckStopped: if they are none.
    """
    seconds = value.get("seconds") if isinstance(value, dict) else None
    digests = value.get("digests") if isinstance(value, dict) else None
    if not isinstance(seconds, float) or not isinstance(digests, list):
        raise fail("timing_changed")
    if len(digests) != repetitions or not all(isinstance(item, str) for item in digests):
        raise fail("timing_changed")
    return seconds, digests


def timing_check(races: Sequence[Race]) -> Callable:
    """``check_speed[function]`` for the races' functions."""
    by_subject = {str(race.subject): race for race in races}

    def check_speed(subject: Subject, submission: Submission) -> None:
        """No slower than a stated multiple of the reference's time."""
        judge(by_subject[str(subject)], submission)

    subjects = [race.subject for race in races]
    return pytest.mark.parametrize("subject", subjects, ids=str)(check_speed)


def judge(race: Race, submission: Submission) -> None:
    """Time a function against its reference.

    Raises:
        CheckStopped: if it is too slow, or its clock or its results were tampered with; or as
            ``skipped``, with the reason why nothing could be told.
    """
    if not submission.timing:
        raise skip("timing_left_out")
    limit = race.limit(submission.device)
    student, reference = _functions(race, submission)
    more: dict[str, Any] = {} if devices.kind_of(submission.device) == devices.CPU else ON_DEVICES
    rule = dataclasses.replace(RULE, factor=limit.most, **more)
    verdict = _verdict(race, submission, (student, reference), rule)
    submission.timed[f"{race.subject.exercise}.{race.subject.function}"] = verdict.samples
    numbers = _numbers(verdict, limit)
    _no_threads(submission, student, reference)
    if verdict.outcome == "fail":
        raise fail("timing_slow", **numbers)
    if verdict.outcome == "inconclusive":
        raise skip(f"timing_{verdict.reason}", **numbers)
    if not verdict.low < limit.wanted:
        raise skip("timing_not_faster", **numbers)


def _no_threads(submission: Submission, student: Function, reference: Function) -> None:
    """No thread works for the submission beside its calls, or makes the machine busy.

    Raises:
        CheckStopped: if one is left.
    """
    threads, usual = student.threads(), reference.threads()
    if threads > usual and submission.device == devices.CPU:
        raise fail("timing_threads_left", threads=threads, usual=usual)


def _functions(race: Race, submission: Submission) -> tuple[Function, Function]:
    exercise, _, name = race.reference.partition(".")
    solutions = submission.companion("solutions", catalog.ROOT / "solutions")
    subject = race.subject
    student = submission.exercise(subject.exercise).function(subject.function)
    return student, solutions.exercise(exercise).fresh(name)


def _verdict(
    race: Race, submission: Submission, functions: tuple[Function, Function], rule: Rule
) -> Verdict:
    """The verdict; an inconclusive one is tried once more."""
    for attempt in range(2):
        seed = random.Random(f"{submission.seed} {race.subject} {attempt}")
        key = secrets.token_bytes(32)
        student = Side(race, functions[0], key)
        reference = Side(race, functions[1], key, trusted=True)
        for side in (student, reference):  # of the reference this only starts the worker
            side.examine()
        watched = Watched(student, seed), Watched(reference, seed)
        pids = [function.pid for function in functions]
        try:
            with processors.together(pids) as workers:
                known = submission.control
                verdict = decide(*watched, rule, seed, control=known, move=workers.move)
        except ClockBroken as broken:
            raise fail(f"timing_clock_{broken.code}") from None
        if verdict.outcome != "fail" and min(len(student.calls), len(reference.calls)) >= FEWEST:
            _believe(student, reference, rule.factor)
        if verdict.reason != "control":
            submission.control = verdict.control
        if verdict.outcome != "inconclusive":
            break
    return verdict


def _believe(student: Side, reference: Side, most: float) -> None:
    """What this side's own clock says of a function that the verdict does not find slow.

    Raises:
        CheckStopped: if work was done while only inputs should have been made, or if even the
            shortest call took far longer than it may.
    """
    longer = statistics.median(student.prepared) - statistics.median(reference.prepared)
    if longer > MOVED * statistics.median(reference.calls):
        raise fail("timing_moved")
    seen = min(student.calls) / min(reference.calls)
    if seen > most * PLAINLY:
        raise fail("timing_slow_seen", ratio=f"{seen:.2f}", most=f"{most:g}")


def _numbers(verdict: Verdict, limit: Limit) -> dict[str, Any]:
    return {
        "ratio": f"{verdict.ratio:.2f}",
        "low": f"{verdict.low:.2f}",
        "high": f"{verdict.high:.2f}",
        "pairs": verdict.pairs,
        "most": f"{limit.most:g}",
        "wanted": f"{limit.wanted:g}",
        "control": f"{verdict.control:.2f}",
    }


__all__ = ["FASTER", "GUARD", "LARGE", "NARROW", "RULE", "Answer", "Race", "judge", "timing_check"]
