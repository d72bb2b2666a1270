"""What timings say, by the bootstrap: the ratio of two sides, and whether a clock can be right.

Timings have long tails, so means and normal curves are of no use. The percentile bootstrap
(Efron 1979) draws a sample again from itself, with replacement, and looks where the medians lie.
"""

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

CLOCKS_DIFFER = 1e-3  # share by which the clocks of two processes may disagree
SLOPE_BAND = 0.3  # share by which the parent's time a call may differ from the worker's
SLOPE_CONFIDENCE = 0.998  # nobody is to be called a liar by chance
SLOPE_RESAMPLES = 1000
ENOUGH = 12  # samples of each length before somebody may be called a liar
FEWEST = 6  # samples: all on one side of a median happens by chance in 2 of 2**6 cases, 3 %


def medians(values: ArrayLike, resamples: int, seed: random.Random) -> np.ndarray:
    """The medians of ``resamples`` redrawn samples of ``values``, one entry each."""
    observed = np.asarray(values, dtype=float)
    draws = np.random.default_rng(seed.getrandbits(64))
    chosen = draws.integers(len(observed), size=(resamples, len(observed)))
    return np.median(observed[chosen], axis=1)


def interval(figures: np.ndarray, confidence: float) -> tuple[float, float]:
    """The ends of the central share ``confidence`` of the redrawn samples' figures."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(figures, [tail, 1 - tail])
    return float(low), float(high)


@dataclass
class Evidence:
    """The pairs of one comparison so far, in seconds a call, and the last look at them."""

    samples: list[tuple[float, float]] = field(default_factory=list)
    ratio: float = math.nan  # median of the paired ratios
    low: float = math.nan
    high: float = math.nan
    of_minima: float = math.nan
    looked_at: int = 0

    def look(self, confidence: float, resamples: int, seed: random.Random) -> None:
        """Work the figures out again."""
        ratios = [left / right for left, right in self.samples]
        self.ratio = statistics.median(ratios)
        self.low, self.high = interval(medians(ratios, resamples, seed), confidence)
        self.of_minima = self.shortest(0) / self.shortest(1)
        self.looked_at = len(self.samples)

    def shortest(self, side: int) -> float:
        """The shortest time of the left side (0) or the right one (1)."""
        return min(pair[side] for pair in self.samples)

    def below(self, limit: float) -> bool:
        """Whether both figures say that the ratio is below a limit."""
        return self.high < limit and self.of_minima < limit

    def above(self, limit: float) -> bool:
        """Whether both figures say that it is above."""
        return self.low > limit and self.of_minima > limit


def steady(clocks: list[float], slowest: float, spread: float) -> bool:
    """Whether a device's clock (shares of its highest) stayed high, and the same, during a pair."""
    if not clocks:  # not known
        return True
    return min(clocks) >= slowest and max(clocks) - min(clocks) <= spread * max(clocks)


class ClockBroken(Exception):
    """A worker's clock can't be right.

    ``code`` says how: "more_than_seen" or "less_than_possible", with the seconds reported and their
    bound; "slope", where ``bound`` is the parent's time for what the worker calls 1.
    """

    def __init__(self, code: str, reported: float, bound: float) -> None:
        super().__init__(f"{code}: the worker reports {reported:.6g}, the bound is {bound:.6g}")
        self.code, self.reported, self.bound = code, reported, bound


def bounded(reported: float, elapsed: float, floor: float = 0.0) -> float:
    """A worker's seconds, after the parent's have confirmed them.

    Args:
        reported: by the worker's clock.
        elapsed: by the parent's clock, from before the request to start was sent until the answer
            was there.
        floor: less than this the work can't take on this device, whoever wrote it.

    Raises:
        ClockBroken: "more_than_seen" or "less_than_possible".
    """
    if not reported <= elapsed * (1 + CLOCKS_DIFFER):
        raise ClockBroken("more_than_seen", reported, elapsed)
    if not reported > 0 or reported < floor:
        raise ClockBroken("less_than_possible", reported, floor)
    return reported


@dataclass(frozen=True)
class Slope:
    """What a repetition costs by the parent's clock, in units of what is reported for one."""

    figure: float
    low: float
    high: float

    def fits(self) -> bool:
        """Whether it bears the report out."""
        return abs(self.figure - 1) <= SLOPE_BAND

    def wrong(self) -> bool:
        """Whether it contradicts the report, by its whole interval."""
        return self.low > 1 + SLOPE_BAND or self.high < 1 - SLOPE_BAND


class Watched:
    """A sampler made of a function that reads both clocks, the worker's and the parent's.

    Each sample is ``bounded``. Over many, the time that one more repetition costs by the parent's
    clock must lie within ``SLOPE_BAND`` of what the worker reports for one: what the way to the
    worker and back costs drops out of this slope, what a worker hides does not.
    """

    def __init__(
        self,
        ask: Callable[[int, int], tuple[float, float]],
        seed: random.Random,
        floor: float = 0.0,
    ) -> None:
        """Wrap ``ask(repetitions, inputs_seed)``, which gives (reported, elapsed) in seconds.

        ``floor`` is for one repetition.
        """
        self.ask, self.seed, self.floor = ask, seed, floor
        self.samples: dict[int, list[tuple[float, float]]] = {}

    def __call__(self, repetitions: int, inputs_seed: int) -> float:
        """Seconds of one sample by the worker's clock.

        Raises:
            ClockBroken: if the parent's clock contradicts it.
        """
        reported, elapsed = self.ask(repetitions, inputs_seed)
        bounded(reported, elapsed, self.floor * repetitions)
        self.samples.setdefault(repetitions, []).append((reported, elapsed))
        return reported

    def forget(self) -> None:
        """Leave out what was seen so far: an earlier phase may have met another machine."""
        self.samples.clear()

    def seen(self) -> float:
        """Seconds of one repetition by the parent's clock, the way to the worker included."""
        return statistics.median(
            elapsed / repetitions
            for repetitions, samples in self.samples.items()
            for _, elapsed in samples
        )

    def confirmed(self, repetitions: int) -> bool:
        """Whether samples of ``repetitions`` and of twice as many give the slope reported.

        Raises:
            ClockBroken: "slope", if by medians, by shares and by the shortest samples they plainly
                don't. Where noise hides it the answer is False.
        """
        short, long = self.samples.get(repetitions, []), self.samples.get(2 * repetitions, [])
        if min(len(short), len(long)) < FEWEST:
            return False
        counts = (repetitions, 2 * repetitions)
        reported, walls = zip(
            *(zip(*samples, strict=True) for samples in (short, long)), strict=True
        )
        claims = [[t / count for t in times] for times, count in zip(reported, counts, strict=True)]
        claim = statistics.median([*claims[0], *claims[1]])
        slope = self._slope(walls, lambda few, many: (many - few) / repetitions / claim)
        # The same by the samples' own shares: what else runs stretches both clocks and drops out.
        # With way w and time t of a repetition, wall / claim is slope + w / t, slope + w / (2 t).
        shares = [[elapsed / seconds for seconds, elapsed in samples] for samples in (short, long)]
        share = self._slope(shares, lambda few, many: 2 * many - few)
        # And by the shortest samples, which have met the least of what else runs.
        shortest = (min(walls[1]) - min(walls[0])) / repetitions / min(map(min, claims))
        intervals = (slope, share, Slope(shortest, shortest, shortest))
        if min(len(short), len(long)) >= ENOUGH and all(each.wrong() for each in intervals):
            raise ClockBroken("slope", 1.0, slope.figure)
        return slope.fits() and share.fits()

    def _slope(
        self, samples: list[list[float]], slope: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ) -> Slope:
        """A slope of medians."""
        figures = slope(*(np.asarray([statistics.median(values)]) for values in samples))
        redrawn = slope(*(medians(values, SLOPE_RESAMPLES, self.seed) for values in samples))
        return Slope(float(figures[0]), *interval(redrawn, SLOPE_CONFIDENCE))
