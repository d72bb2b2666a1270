"""The timing verdict on simulated machines: noise may keep it from speaking, never make it lie."""

import bisect
import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest

from grader.checking.clock import ClockBroken, Rule, Watched, bounded, decide

RULE = Rule(factor=1.5)
CALL = 1e-3  # seconds that one call of the simulated reference takes when nothing disturbs it
TRIALS = 25


class Machine:
    """Simulated time: ``spend`` says how long some work takes now, and lets that long pass."""

    def __init__(self, seed: int, noise: str) -> None:
        self.random, self.noise, self.now = random.Random(seed), noise, 0.0
        draw = self.random.random
        # Moments at which the machine's state changes, and the states between them.
        self.changes = list(itertools.accumulate(0.05 + draw() * 0.8 for _ in range(400)))
        self.states = [draw() for _ in range(401)]

    def spend(self, work: float) -> float:
        seconds = work * getattr(self, f"_{self.noise}")()
        self.now += seconds
        return seconds

    def clock(self) -> float:
        return self.now

    def _state(self) -> float:
        return self.states[bisect.bisect(self.changes, self.now)]

    def _quiet(self) -> float:
        return self.random.lognormvariate(0, 0.02)

    def _jitter(self) -> float:
        return self.random.lognormvariate(0, 0.25)

    def _bursts(self) -> float:  # a neighbour that works now and then
        return self._quiet() * (1 if self._state() < 0.7 else 1 + 3 * self.random.random())

    def _drift(self) -> float:  # a machine that gets warm
        return self._quiet() * (1 + min(self.now, 10) / 10)

    def _steps(self) -> float:  # frequencies that jump
        return self._quiet() * (1, 1.4, 2)[int(self._state() * 3)]

    def _tails(self) -> float:
        return 0.9 + 0.1 * self.random.paretovariate(1.1)

    def _bimodal(self) -> float:  # two kinds of cores
        return self._quiet() * self.random.choice((1, 1.7))


NOISES = ["quiet", "jitter", "bursts", "drift", "steps", "tails", "bimodal"]


class Side:
    """One side of a comparison: notes what it was asked for."""

    def __init__(self, machine: Machine, ratio: float = 1.0, log: list | None = None) -> None:
        self.machine, self.ratio = machine, ratio
        self.log = [] if log is None else log

    def __call__(self, repetitions: int, inputs_seed: int) -> float:
        self.log.append((self, repetitions, inputs_seed))
        return self.machine.spend(CALL * self.ratio * repetitions)


def trial(seed: int, noise: str, ratio: float, rule: Rule = RULE):
    """One whole verdict on a simulated machine."""
    machine = Machine(seed, noise)
    sides = Side(machine, ratio), Side(machine)
    return decide(*sides, rule, random.Random(seed), machine.clock)


def outcomes(noise: str, ratio: float, rule: Rule = RULE) -> Counter:
    """How many verdicts of each kind come out of many trials."""
    return Counter(trial(seed, noise, ratio, rule).outcome for seed in range(TRIALS))


@pytest.mark.parametrize("noise", NOISES)
def test_noise_never_makes_the_verdict_wrong(noise):
    """As fast, or below the factor by its guard band, never fails; as far above, never passes."""
    for ratio in (1, 1.25, 1.5 / 1.25):
        assert outcomes(noise, ratio)["fail"] == 0
    for ratio in (1.5 * 1.25, 2, 4):
        assert outcomes(noise, ratio)["pass"] == 0


@pytest.mark.parametrize("noise", NOISES)
def test_a_factor_below_one_is_held_as_strictly(noise):
    """Where the submission must be faster, as fast never passes and much faster never fails."""
    rule = replace(RULE, factor=0.8)
    assert outcomes(noise, 1, rule)["pass"] == 0
    assert outcomes(noise, 0.8 / 1.25, rule)["fail"] == 0


@pytest.mark.parametrize("noise", ["quiet", "drift", "steps", "tails"])
def test_a_verdict_is_reached_where_it_can_be(noise):
    """Most trials off the limit end with a verdict: inconclusive is no way out of deciding."""
    assert outcomes(noise, 1)["pass"] >= 0.8 * TRIALS
    assert outcomes(noise, 2)["fail"] >= 0.8 * TRIALS
