"""Ratios of times that were taken side by side.

A time means little on a machine that does other work; the ratio of two times from the same moment
means more. So contenders take turns: in each round every one of them runs once, in an order that
is drawn afresh, and is divided by the baseline of its own round. The median of these ratios counts.
"""

import dataclasses
import random
import statistics
import time
from collections.abc import Callable, Mapping

Clock = Callable[[], float]
Sample = Callable[[], float]
MOST_REPETITIONS = 1 << 16


@dataclasses.dataclass(frozen=True)
class Ratio:
    """A contender against the baseline: the median of the paired ratios and their quartiles."""

    median: float
    low: float
    high: float
    rounds: int


def once(call: Callable[[], object], clock: Clock = time.perf_counter) -> Sample:
    """Samples of one call each, in seconds."""
    return repeated(call, 1, clock)


def repeated(
    call: Callable[[], object], repetitions: int, clock: Clock = time.perf_counter
) -> Sample:
    """Samples of ``repetitions`` calls in a row, in seconds a call."""

    def sample() -> float:
        start = clock()
        for _ in range(repetitions):
            call()
        return (clock() - start) / repetitions

    return sample


def calibrated(
    call: Callable[[], object], target: float = 0.02, clock: Clock = time.perf_counter
) -> Sample:
    """Samples of as many calls as last ``target`` seconds. The trials for that also warm up."""
    repetitions = 1
    while True:
        seconds = repeated(call, repetitions, clock)() * repetitions
        if seconds >= target or repetitions >= MOST_REPETITIONS:
            return repeated(call, repetitions, clock)
        repetitions *= 2


def ratios(
    contenders: Mapping[str, Sample], baseline: str, rounds: int, seed: int = 0
) -> tuple[dict[str, Ratio], dict[str, list[float]]]:
    """Let all contenders take turns.

    Args:
        contenders: each gives one sample in seconds when it is called.
        baseline: the contender that the others are divided by.
        rounds: how many samples each gives.
        seed: draws the order within each round.

    Returns:
        The ratio of every contender but the baseline, and the seconds of all of them.
    """
    draws = random.Random(seed)
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name in draws.sample(list(contenders), len(contenders)):
            seconds[name].append(contenders[name]())
    below = seconds[baseline]
    others = {name: values for name, values in seconds.items() if name != baseline}
    return {name: summary(values, below) for name, values in others.items()}, seconds


def summary(above: list[float], below: list[float]) -> Ratio:
    """Median and quartiles of above/below, round by round."""
    paired = [a / b for a, b in zip(above, below, strict=True)]
    if len(paired) == 1:
        return Ratio(paired[0], paired[0], paired[0], 1)
    low, median, high = statistics.quantiles(paired, n=4, method="inclusive")
    return Ratio(median, low, high, len(paired))
