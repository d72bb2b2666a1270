"""The timing verdict: is a submission slower than a stated factor times the reference?

This module decides from samples and measures nothing itself, so every rule here can be tested with
simulated machines. Other work on the machine must never cost a point, so there are three outcomes:
where the samples don't say it plainly the verdict is ``inconclusive``.

The rule. Repetitions are calibrated on the reference, so that a submission has no say in them. An
A/A control comes first: reference against reference must come out near 1, or this machine can't
tell. Then pairs: one sample of each side right after the other, in random order, on fresh inputs.
At fixed counts of pairs two figures are looked at, which noise spoils in different ways: the
bootstrap interval of the median paired ratio, and the ratio of both sides' shortest times. Both
must lie on one side of the factor, else more pairs are taken, up to a cap and a budget. Both sides
run on one processor, each batch of pairs on another one, so that a busy neighbour meets both. A
caller may try an inconclusive verdict once more, later, before it reports "not measured".
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from grader.checking.bootstrap import FEWEST, ClockBroken, Evidence, Watched, bounded, steady

Outcome = Literal["pass", "fail", "inconclusive"]
MOST_REPETITIONS = 1 << 20
PATIENCE = 8  # targets that a submission's sample may last before it gets fewer repetitions


class Sampler(Protocol):
    """One side: the submission's worker or the reference's."""

    def __call__(self, repetitions: int, inputs_seed: int, /) -> float:
        """Seconds of ``repetitions`` calls on new inputs, by the worker's clock; or ClockBroken."""


@dataclass(frozen=True)
class Rule:
    """What is asked, and how long for. Times in seconds."""

    factor: float  # the submission may take this many times the reference's time; below 1: faster
    early: int = 6  # pairs at which what is plain may be decided; 0: never
    plain: float = 2.0  # times below or above the factor
    least: int = 12  # pairs before the first full look
    batch: int = 12  # pairs between looks
    most: int = 96
    confidence: float = 0.95
    resamples: int = 300
    control: float = 1.2  # A/A must lie between 1 / control and control
    target: float = 0.02  # shortest sample of the reference
    warm: float = 0.5  # of running each side before anything counts
    budget: float = 30.0  # of wall time for the whole verdict; no sample starts after it
    suspicious: float = 0.2  # a ratio below this is not believed
    slowest_clock: float = 0.75  # share of an accelerator's highest clock
    clock_spread: float = 0.05  # share by which that clock may change within a pair


@dataclass(frozen=True)
class Verdict:
    """What came out, and on what grounds.

    ``reason`` is "decided" or why that was hard: "cap" (the figures never agreed), "budget" (of
    time), "control" (A/A was not near 1), "device_clock" (unsteady in too many pairs), "suspicious"
    (too fast to be believed), "unconfirmed" (the parent's clock could not bear out the worker's),
    "reference_slowed" (it would pass, but not against the reference's time in the control).
    ``samples`` holds the pairs that count: seconds a call of the submission and of the reference.
    """

    outcome: Outcome
    reason: str
    ratio: float  # median of the paired ratios; it and the next three are NaN before any look
    low: float
    high: float
    ratio_of_minima: float
    pairs: int
    control: float  # median ratio of the A/A control
    seconds: float
    repetitions: int
    samples: tuple[tuple[float, float], ...] = field(repr=False)


def decide(
    student: Sampler,
    reference: Sampler,
    rule: Rule,
    seed: random.Random,
    now: Callable[[], float] = time.monotonic,
    device_clock: Callable[[], float] | None = None,
    control: float | None = None,
    move: Callable[[], None] | None = None,
) -> Verdict:
    """Compare a submission with the reference.

    Args:
        seed: draws the order of the pairs, the inputs' seeds and the bootstrap: the same samplers
            and the same seed give the same verdict.
        now: the parent's clock, for the budget only.
        device_clock: an accelerator's present clock as a share of its highest, where it is known.
        control: the ratio of an A/A control that this machine has just passed, to save its time.
        move: puts both sides on the machine's next processor, where the system lets them; called
            before each batch of pairs.

    Raises:
        ClockBroken: if a worker's clock can't be right.
    """
    return _Comparison(student, reference, rule, seed, now, device_clock, move).verdict(control)


@dataclass
class _Comparison:
    student: Sampler
    reference: Sampler
    rule: Rule
    seed: random.Random
    now: Callable[[], float]
    device_clock: Callable[[], float] | None
    move: Callable[[], None] | None
    repetitions: int = 1
    of_student: int = 1
    undisturbed: float = math.inf  # the reference's shortest time in the control

    def __post_init__(self) -> None:
        self.start = self.now()

    def verdict(self, control: float | None) -> Verdict:
        self._move()
        self._calibrate()
        cold = control is not None
        if control is None:
            self._warm_up([(self.reference, self.repetitions)])
            self._calibrate()  # it may have been slow at first
            outcome, reason, found = self._sequence(twins=True)
            control = found.ratio
            if outcome != "pass":
                return self._verdict("inconclusive", reason, Evidence(), control)
            self.undisturbed = found.shortest(1)
        # As many repetitions as the reference, and fewer only where they would eat up the budget.
        self.of_student = self._grow(self.student, 1, self.repetitions, PATIENCE * self.rule.target)
        both = [(self.student, self.of_student), (self.reference, self.repetitions)]
        self._warm_up(both if cold else both[:1])
        outcome, reason, found = self._sequence(twins=False)
        if outcome == "pass" and found.of_minima < self.rule.suspicious:
            outcome, reason = "inconclusive", "suspicious"
        return self._verdict(outcome, reason, found, control)

    def _verdict(self, outcome: Outcome, reason: str, found: Evidence, control: float) -> Verdict:
        figures = (found.ratio, found.low, found.high, found.of_minima, len(found.samples), control)
        spent = self.now() - self.start
        return Verdict(outcome, reason, *figures, spent, self.repetitions, tuple(found.samples))

    def _move(self) -> None:
        if self.move:
            self.move()

    def _late(self) -> bool:
        return self.now() - self.start >= self.rule.budget

    def _time(self, side: Sampler, repetitions: int, inputs_seed: int | None = None) -> float:
        fresh = self.seed.getrandbits(63) if inputs_seed is None else inputs_seed
        seconds = side(repetitions, fresh)
        if not 0 < seconds < math.inf:
            raise ClockBroken("less_than_possible", seconds, 0.0)
        return seconds

    def _grow(self, side: Sampler, repetitions: int, most: int, target: float) -> int:
        """Double the repetitions until samples reach the target."""
        while repetitions < most and not self._late():
            # One sample may be long because something else ran: two in a row must be.
            if min(self._time(side, repetitions) for _ in range(2)) >= target:
                break
            repetitions *= 2
        return repetitions

    def _calibrate(self) -> None:
        start, target = self.repetitions, self.rule.target
        self.repetitions = self._grow(self.reference, start, MOST_REPETITIONS, target)

    def _warm_up(self, sides: list[tuple[Sampler, int]]) -> None:
        spent = [0.0] * len(sides)
        for _ in range(math.ceil(self.rule.warm / self.rule.target)):
            for index, (side, repetitions) in enumerate(sides):
                if spent[index] < self.rule.warm and not self._late():
                    spent[index] += self._time(side, repetitions)

    def _sequence(self, twins: bool) -> tuple[Outcome, str, Evidence]:
        """Pairs (of the reference with itself: ``twins``) until they decide or none may follow."""
        found, discarded, rule = Evidence(), 0, self.rule
        schedule: list[tuple[bool, int]] = []
        outcome: Outcome = "inconclusive"
        reason = "cap"
        if isinstance(self.student, Watched):
            self.student.forget()
        while outcome == "inconclusive" and len(found.samples) < rule.most:
            if self._late() or discarded > rule.most:
                reason = "budget" if self._late() else "device_clock"
                break
            if not schedule:
                schedule = self._schedule()
                self._move()
            pair = self._pair(twins, *schedule.pop())
            if pair is None:
                discarded += 1
                continue
            found.samples.append(pair)
            beyond = len(found.samples) - rule.least
            if beyond >= 0 and beyond % rule.batch == 0:
                outcome, reason = self._look(twins, found)
            elif len(found.samples) == rule.early:
                outcome, reason = self._glance(twins, found)
        if reason == "budget" and len(found.samples) >= FEWEST:
            outcome, _ = self._look(twins, found)  # of a very slow side they may say enough
        return outcome, reason, found

    def _look(self, twins: bool, found: Evidence) -> tuple[Outcome, str]:
        found.look(self.rule.confidence, self.rule.resamples, self.seed)
        near, factor = self.rule.control, self.rule.factor
        if twins:
            fit = found.below(near) and found.above(1 / near)
            return ("pass", "decided") if fit else ("inconclusive", "control")
        student = self.student
        confirmed = not isinstance(student, Watched) or student.confirmed(self.of_student)
        if found.above(factor):
            return "fail", "decided"
        if not found.below(factor):
            return "inconclusive", "cap"
        if not found.shortest(0) < factor * near * self.undisturbed:
            return "inconclusive", "reference_slowed"
        return ("pass", "decided") if confirmed else ("inconclusive", "unconfirmed")

    def _glance(self, twins: bool, found: Evidence) -> tuple[Outcome, str]:
        """A look at few pairs: it decides only what is far from the factor.

        They are too few for the slope of the parent's clock, so its time itself, with the way to
        the worker and back, has to be as short.
        """
        found.look(self.rule.confidence, self.rule.resamples, self.seed)
        near, factor, plain = self.rule.control, self.rule.factor, self.rule.plain
        if twins:
            fit = found.below(near**0.5) and found.above(near**-0.5)
            return ("pass", "decided") if fit else ("inconclusive", "control")
        if found.above(factor * plain):
            return "fail", "decided"
        few = factor / plain
        seen = self.student.seen() if isinstance(self.student, Watched) else 0.0
        fit = found.below(few) and seen < few * found.shortest(1)
        fit = fit and found.shortest(0) < few * self.undisturbed
        return ("pass", "decided") if fit else ("inconclusive", "cap")

    def _schedule(self) -> list[tuple[bool, int]]:
        """A batch of pairs: does the left side go first, and how many times the repetitions?

        Both are balanced, in an order drawn for this batch. Two lengths let the parent's clock
        tell what a repetition costs from what the way to the worker costs; as they mix among the
        samples that count, there is no phase of examination in which to behave well.
        """
        half = (self.rule.batch + 1) // 2
        first, times = [True, False] * half, [1, 2] * half
        self.seed.shuffle(first)
        self.seed.shuffle(times)
        return list(zip(first, times, strict=True))

    def _pair(self, twins: bool, left_first: bool, times: int) -> tuple[float, float] | None:
        """Seconds a call of both sides; None where the pair can't count."""
        # Both sides do the same work; a side that is its own twin never meets inputs twice.
        inputs = None if twins else self.seed.getrandbits(63)
        sides = (self.reference if twins else self.student, self.reference)
        counts = (
            (self.repetitions if twins else self.of_student) * times,
            self.repetitions * times,
        )
        clocks = [self.device_clock()] if self.device_clock else []
        seconds = [0.0, 0.0]
        for side in (0, 1) if left_first else (1, 0):
            seconds[side] = self._time(sides[side], counts[side], inputs)
            clocks += [self.device_clock()] if self.device_clock else []
        if not steady(clocks, self.rule.slowest_clock, self.rule.clock_spread):
            return None
        if counts[0] < counts[1] and seconds[0] < self.rule.target * times:
            # It was slow while its repetitions were counted and is no longer: too short to count.
            self.of_student *= 2
            return None
        return seconds[0] / counts[0], seconds[1] / counts[1]


__all__ = ["ClockBroken", "Rule", "Sampler", "Verdict", "Watched", "bounded", "decide"]
