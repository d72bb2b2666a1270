"""The timing verdict on simulated machines: noise may keep it from speaking, never make it lie."""

import bisect
import itertools
import random
import statistics
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
        return self.random.lognormvariate(0, 0.15)

    def _wild(self) -> float:
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


@pytest.mark.parametrize("noise", NOISES)
def test_what_is_plain_is_decided_early_and_rightly(noise):
    """Six pairs are enough far from the factor; never for the wrong verdict, nor near it."""
    rule = replace(RULE, factor=10.0)
    pairs = []
    for ratio, right in ((1, "pass"), (4, "pass"), (25, "fail"), (60, "fail")):
        verdicts = [trial(seed, noise, ratio, rule) for seed in range(TRIALS)]
        assert {verdict.outcome for verdict in verdicts} <= {right, "inconclusive"}
        pairs += [verdict.pairs for verdict in verdicts if verdict.outcome == right]
    assert statistics.median(pairs) == rule.early
    near = [trial(seed, noise, 8, rule).pairs for seed in range(TRIALS)]
    assert min(near, default=0) == 0 or min(near) >= rule.least


def test_even_wild_jitter_misleads_in_fewer_than_one_of_a_hundred():
    """Every sample off by a third, on a machine that passes its control: errors are rare."""
    rule = replace(RULE, factor=0.8)
    wrong = sum(trial(seed, "wild", 0.8 / 1.25, rule).outcome == "fail" for seed in range(200))
    assert wrong <= 2


@pytest.mark.parametrize("noise", NOISES)
def test_at_the_factor_the_verdict_keeps_mostly_silent(noise):
    """A submission exactly at the factor is not told by luck that it is slow."""
    assert outcomes(noise, 1.5)["inconclusive"] >= 0.6 * TRIALS


def test_the_same_seed_gives_the_same_verdict():
    """Everything that is drawn comes from the generator handed in."""
    assert trial(3, "bursts", 1.25) == trial(3, "bursts", 1.25)
    assert trial(3, "bursts", 1.25) != trial(4, "bursts", 1.25)


def noted(rule: Rule = RULE, ratio: float = 1.0, seed: int = 0):
    """A verdict on a quiet machine, its two sides, and what they were asked in order."""
    machine, log = Machine(seed, "quiet"), []
    student, reference = Side(machine, ratio, log), Side(machine, 1.0, log)
    verdict = decide(student, reference, rule, random.Random(seed), machine.clock)
    return verdict, student, reference, log


def test_a_submission_may_be_its_own_reference():
    """One and the same sampler on both sides is judged by the factor, not as a control."""
    for factor, outcome in ((1.5, "pass"), (0.8, "fail")):
        machine = Machine(0, "quiet")
        side = Side(machine)
        verdict = decide(side, side, replace(RULE, factor=factor), random.Random(0), machine.clock)
        assert verdict.outcome == outcome


def test_both_sides_move_together_between_batches_of_pairs():
    """No side stays beside a busy neighbour that the other has not got."""
    machine, log, moves = Machine(0, "quiet"), [], []
    sides = Side(machine, 1.5, log), Side(machine, 1.0, log)
    move = lambda: moves.append(len(log))  # noqa: E731
    verdict = decide(*sides, RULE, random.Random(0), machine.clock, control=1.0, move=move)
    pairs = 2 * RULE.batch
    between = [later - earlier for earlier, later in itertools.pairwise(moves)]
    assert verdict.pairs == RULE.most and len(between) == RULE.most // RULE.batch
    assert moves[0] == 0 and between[1:] == [pairs] * (len(between) - 1)


def test_repetitions_make_a_reference_sample_long_enough():
    """They double until the reference's sample reaches the target, whatever the submission."""
    for ratio in (0.5, 1, 4):
        verdict, *_ = noted(ratio=ratio)
        assert verdict.repetitions == 32  # of 1 ms each, for 20 ms
    verdict, *_ = noted(replace(RULE, target=0.1))
    assert verdict.repetitions == 128


def test_the_control_comes_before_the_submission_is_called():
    """The first samples are all the reference's: at least calibration and a batch of pairs."""
    _, student, _, log = noted()
    assert [side for side, *_ in log].index(student) > 2 * RULE.least


def test_both_sides_are_warm_before_a_pair_counts():
    """Each side has run for half a second before its first pair, alternating with the other."""
    _, student, reference, log = noted()
    counted = log[-2 * RULE.least :]
    for side in (student, reference):
        warm = sum(count for other, count, _ in log[: -2 * RULE.least] if other is side)
        assert sum(other is side for other, *_ in counted) == RULE.least
        assert warm * CALL >= RULE.warm


def test_pairs_come_in_random_order():
    """In half of a batch's pairs the submission goes first; which half, the generator draws."""
    orders = set()
    for seed in range(5):
        _, student, _, log = noted(seed=seed)
        order = tuple(side is student for side, *_ in log[-2 * RULE.least :: 2])
        assert sum(order) == RULE.least // 2
        orders.add(order)
    assert len(orders) == 5


def test_every_sample_has_fresh_inputs_and_a_pair_has_the_same():
    """No side meets inputs twice; both sides of a pair do the same work."""
    _, student, reference, log = noted()
    for side in (student, reference):
        seeds = [inputs for other, _, inputs in log if other is side]
        assert len(set(seeds)) == len(seeds)
    for (_, count, inputs), (_, other_count, other_inputs) in zip(
        log[-2 * RULE.least :: 2], log[-2 * RULE.least + 1 :: 2], strict=True
    ):
        assert (count, inputs) == (other_count, other_inputs)


def test_pairs_and_time_are_bounded():
    """At the factor all pairs are taken and no more; no sample starts after the budget."""
    verdict, *_ = noted(ratio=1.5, seed=1)
    assert (verdict.reason, verdict.pairs) == ("cap", RULE.most)
    verdict, _, _, log = noted(replace(RULE, budget=4.5), ratio=1.5, seed=1)
    assert (verdict.outcome, verdict.reason) == ("inconclusive", "budget")
    assert verdict.seconds < 4.5 + 2 * max(count for _, count, _ in log) * 1.5 * CALL * 1.2


def test_a_hundred_times_slower_fails_within_the_budget():
    """A submission that would eat up the budget gets fewer repetitions, and its verdict."""
    verdict, *_ = noted(ratio=100)
    assert verdict.outcome == "fail"
    assert verdict.seconds < RULE.budget
    assert verdict.ratio == pytest.approx(100, rel=0.1)


def test_one_very_long_call_is_judged_by_what_there_is():
    """Six pairs at the budget's end are enough where they say the same."""
    verdict, *_ = noted(replace(RULE, budget=20, early=0), ratio=1200)
    assert verdict.outcome == "fail"
    assert verdict.reason == "budget"
    assert 6 <= verdict.pairs < 12


def test_being_slow_at_first_gains_nothing():
    """A submission that is slow until its repetitions are counted is measured at full length."""
    machine = Machine(0, "quiet")
    student = Side(machine, 500)
    lengths = []

    def fast_later(repetitions, inputs_seed):
        student.ratio = 1.0 if len(student.log) > 4 else 500
        lengths.append(student(repetitions, inputs_seed))
        return lengths[-1]

    verdict = decide(fast_later, Side(machine), RULE, random.Random(0), machine.clock)
    assert verdict.outcome == "pass"
    assert min(lengths[-6:]) >= RULE.target


def test_a_machine_that_fails_its_control_is_unfit():
    """Where the reference differs from itself nothing is said, and the submission is not called."""
    machine = Machine(0, "quiet")
    student, reference = Side(machine), Side(machine)
    unfit = random.Random(0)

    def restless(repetitions, inputs_seed):
        return reference(repetitions, inputs_seed) * unfit.lognormvariate(0, 1)

    patient = replace(RULE, budget=1e3)
    verdict = decide(student, restless, patient, random.Random(0), machine.clock)
    assert (verdict.outcome, verdict.reason) == ("inconclusive", "control")
    assert student.log == []


def test_a_control_that_was_passed_before_is_not_repeated():
    """Handed in, the control's ratio is reported and its samples are saved."""
    machine = Machine(0, "quiet")
    sides = Side(machine), Side(machine)
    verdict = decide(*sides, RULE, random.Random(0), machine.clock, control=1.01)
    assert (verdict.outcome, verdict.control) == ("pass", 1.01)
    assert verdict.seconds < trial(0, "quiet", 1).seconds


def test_slowing_the_reference_down_gains_nothing():
    """Who burdens the machine while the reference runs gets no pass against a slower reference."""
    machine = Machine(0, "quiet")
    student, reference = Side(machine, 2), Side(machine)

    def slowing(repetitions, inputs_seed):
        reference.ratio = 2
        return student(repetitions, inputs_seed)

    verdict = decide(slowing, reference, RULE, random.Random(0), machine.clock)
    assert (verdict.outcome, verdict.reason) == ("inconclusive", "reference_slowed")


def test_too_fast_is_not_believed():
    """A tenth of the reference's time needs a person's eyes, not a pass."""
    assert trial(0, "quiet", 0.1).reason == "suspicious"
    assert trial(0, "quiet", 0.1).outcome == "inconclusive"


def test_pairs_on_an_unsteady_device_do_not_count():
    """A low clock, or one that moves within a pair, costs the pair."""
    machine = Machine(0, "quiet")
    clocks = random.Random(0)
    sides = Side(machine), Side(machine)

    def sometimes_low() -> float:
        return clocks.choice([1.0] * 9 + [0.9])

    verdict = decide(*sides, RULE, random.Random(0), machine.clock, sometimes_low)
    assert (verdict.outcome, verdict.pairs) == ("pass", RULE.least)
    verdict = decide(*sides, RULE, random.Random(0), machine.clock, lambda: 0.7)
    assert (verdict.outcome, verdict.reason) == ("inconclusive", "device_clock")


@pytest.mark.parametrize(
    ("reported", "elapsed", "floor", "code"),
    [
        (0.03, 0.02, 0.0, "more_than_seen"),
        (float("nan"), 0.02, 0.0, "more_than_seen"),
        (1e-6, 0.02, 1e-4, "less_than_possible"),
        (0.0, 0.02, 0.0, "less_than_possible"),
        (-1.0, 0.02, 0.0, "less_than_possible"),
    ],
)
def test_an_impossible_time_raises(reported, elapsed, floor, code):
    """More than the parent saw, or less than any code could need, is no time at all."""
    assert bounded(0.0199, 0.02, 1e-4) == 0.0199
    with pytest.raises(ClockBroken) as caught:
        bounded(reported, elapsed, floor)
    assert caught.value.code == code


def watched(machine: Machine, ratio: float, lie, way: float = 2e-3) -> Watched:
    """A worker whose clock reports ``lie(seconds)``; the way to it takes ``way`` seconds."""

    def ask(repetitions: int, _inputs_seed: int) -> tuple[float, float]:
        seconds = machine.spend(CALL * ratio * repetitions)
        return lie(seconds), seconds + machine.spend(way)

    return Watched(ask, random.Random(0))


LIES = {
    "half": lambda seconds: seconds / 2,
    "a constant less": lambda seconds: max(seconds - 0.03, 1e-4),
    "always the same": lambda seconds: min(seconds, 0.01),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_liar_is_caught_by_the_parents_clock(lie):
    """A worker that hides time is found out by what a further repetition costs its parent."""
    machine = Machine(0, "quiet")
    with pytest.raises(ClockBroken) as caught:
        decide(watched(machine, 1.8, lie), Side(machine), RULE, random.Random(0), machine.clock)
    assert caught.value.code == "slope"


@pytest.mark.parametrize("noise", NOISES)
def test_an_honest_worker_is_never_called_a_liar(noise):
    """However noisy the machine and however long the way, a true clock is not refused."""
    for seed in range(TRIALS):
        machine = Machine(seed, noise)
        student = watched(machine, 1, float, way=0.01)
        verdict = decide(student, Side(machine), RULE, random.Random(seed), machine.clock)
        assert verdict.outcome != "fail"


@pytest.mark.parametrize("noise", NOISES)
def test_a_lie_under_noise_never_passes(noise):
    """A submission that reports half its time gets no pass, even where noise hides the lie."""
    for seed in range(TRIALS):
        machine = Machine(seed, noise)
        student = watched(machine, 2.8, LIES["half"])
        try:
            verdict = decide(student, Side(machine), RULE, random.Random(seed), machine.clock)
        except ClockBroken:
            continue
        assert verdict.outcome != "pass"


def test_a_sampler_without_a_time_is_refused():
    """Zero, negative and undefined seconds raise: they would make any ratio."""
    machine = Machine(0, "quiet")
    for seconds in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ClockBroken):
            decide(lambda *_: seconds, Side(machine), RULE, random.Random(0), machine.clock)
