"""The clock in grading: what it says, when it keeps silent, and that nobody gains by fooling it."""

import dataclasses
import os
import random
from pathlib import Path

import pytest
import torch

from grader.checking import timing as timings
from grader.checking.clock import ClockBroken, Verdict
from grader.findings import CheckStopped
from grader.sandbox import timing, wire
from tests.checks.check_gru import GRU
from tests.kit.submissions import SOLUTIONS, with_source

EXPLOITS = sorted((Path(__file__).parent / "timing_exploits").glob("*.py"))
RACE = timings.Race(GRU, "gru.gru", 1, 3, timings.LARGE, timings.GUARD)
SLOW = """

import time

plain = gru


def slow(inputs, state, params):
    time.sleep(0.08 if len(inputs[0]) > 20 else 0)  # where it is timed
    return plain(inputs, state, params)


"""


TRIES = 4
UNFIT = ("timing_control", "timing_budget")  # other work keeps this machine from telling just now


@pytest.fixture(autouse=True)
def short_rule(monkeypatch):
    """Less time for a verdict than in grading: what is tested here is plain."""
    rule = dataclasses.replace(timings.RULE, warm=0.02, budget=2.5, most=24)
    monkeypatch.setattr(timings, "RULE", rule)


def speed(engine, folder, exercise="gru", **options):
    """The outcome of the timing check of gru.gru."""
    graded = engine.grade(
        folder, [exercise], 3, functions={"gru.gru"}, shrink=False, timing=True, **options
    )
    return graded.outcomes["gru.gru.speed"]


def settled_speed(engine, folder):
    """The outcome, tried again while the machine can't tell."""
    for _ in range(TRIES):
        outcome = speed(engine, folder)
        if not outcome.finding or outcome.finding.code not in UNFIT:
            break
    return outcome


def with_slow(tmp_path, source):
    """The solutions, with a gru that is right, slow, and tries to hide it."""
    own = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    return with_source(tmp_path, "gru", own + SLOW + source)


def test_a_slow_function_fails(engine, tmp_path):
    """Its values are right; it takes much more than the guard's multiple of the reference."""
    outcome = settled_speed(engine, with_slow(tmp_path, "gru = slow\n"))
    assert outcome.status == "failed"
    assert outcome.finding.code in ("timing_slow", "timing_slow_seen")


@pytest.mark.parametrize("path", EXPLOITS, ids=lambda path: path.stem)
def test_no_exploit_gains_the_points(engine, tmp_path, path):
    """Whatever a slow function does to the clock, the inputs or the results, it earns nothing."""
    folder = with_slow(tmp_path, path.read_text(encoding="utf-8"))
    outcome = settled_speed(engine, folder)
    assert outcome.status in ("failed", "error", "timeout", "blocked"), outcome.finding


def test_the_reference_loses_nothing(engine):
    """It passes, or the machine can't tell; in both cases it keeps its points."""
    assert speed(engine, SOLUTIONS).status in ("passed", "skipped")


def test_without_timing_nothing_is_measured(engine):
    """--no-timing: the check is skipped and says so."""
    graded = engine.grade(SOLUTIONS, ["gru"], 3, functions={"gru.gru"})
    outcome = graded.outcomes["gru.gru.speed"]
    assert (outcome.status, outcome.finding.code) == ("skipped", "timing_left_out")


def test_no_clock_is_read_before_everything_else_has_passed(engine, tmp_path, monkeypatch):
    """A function with a fault is not timed; the check waits."""
    monkeypatch.setattr(timings, "decide", None)  # would raise
    source = "\n\ndef gru(inputs, state, params):\n    return list(inputs), state\n"
    own = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    assert speed(engine, with_source(tmp_path, "gru", own + source)).status == "blocked"


class Fake:
    """A submission whose functions nobody asks."""

    timing, device, seed, control = True, "cpu", 1, None

    def __init__(self):
        self.timed = {}

    def exercise(self, name):
        return self

    def fresh(self, name):
        return self.function(name)

    def function(self, name):
        return self

    def companion(self, *_):
        return self

    def threads(self):
        return 1

    @property
    def pid(self):
        return os.getpid()


def judged(monkeypatch, *verdicts, limits=timings.GUARD):
    """What ``judge`` makes of verdicts that come one after the other: a finding, or None."""
    left = list(verdicts)

    def decide(*_, **__):
        verdict = left.pop(0)
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    monkeypatch.setattr(timings, "decide", decide)
    monkeypatch.setattr(timings.Side, "examine", lambda side: None)
    race = timings.Race(GRU, "gru.gru", 1, 3, timings.LARGE, limits)
    try:
        timings.judge(race, Fake())
    except CheckStopped as stopped:
        return stopped.finding, left
    return None, left


def verdict(outcome, reason="decided", ratio=1.0, low=0.9, high=1.1):
    """A verdict of ``clock.decide``."""
    return Verdict(outcome, reason, ratio, low, high, ratio, 24, 1.0, 1.0, 4, ())


def test_within_the_limit_it_passes(monkeypatch):
    """No finding, and one verdict was enough."""
    assert judged(monkeypatch, verdict("pass"), verdict("fail")) == (None, [verdict("fail")])


def test_too_slow_says_by_how_much(monkeypatch):
    """The message has the ratio, its interval and the limit."""
    finding, _ = judged(monkeypatch, verdict("fail", ratio=7.5, low=7.0, high=8.0))
    assert (finding.status, finding.code) == ("failed", "timing_slow")
    assert (finding.fields["ratio"], finding.fields["most"]) == ("7.50", "10")


@pytest.mark.parametrize("reason", ["cap", "budget", "unconfirmed", "suspicious", "control"])
def test_what_stays_open_twice_is_skipped(monkeypatch, reason):
    """One more try; then the reason is given, and nobody is to blame."""
    unsure = verdict("inconclusive", reason)
    assert judged(monkeypatch, unsure, verdict("pass"))[0] is None
    finding, _ = judged(monkeypatch, unsure, unsure)
    assert (finding.status, finding.code) == ("skipped", f"timing_{reason}")


@pytest.mark.parametrize("code", ["more_than_seen", "less_than_possible", "slope"])
def test_a_broken_clock_fails(monkeypatch, code):
    """The worker's clock contradicts the other side's."""
    finding, _ = judged(monkeypatch, ClockBroken(code, 1.0, 2.0))
    assert (finding.status, finding.code) == ("failed", f"timing_clock_{code}")


def test_what_is_not_faster_on_a_cpu_is_told_and_costs_nothing(monkeypatch):
    """Between what is asked for and the guard a CPU can't tell style from speed."""
    finding, _ = judged(
        monkeypatch, verdict("pass", ratio=1.4, low=1.2, high=1.6), limits=timings.FASTER
    )
    assert (finding.status, finding.code) == ("skipped", "timing_not_faster")
    assert judged(monkeypatch, verdict("pass", low=0.4, high=0.6), limits=timings.FASTER)[0] is None


def test_an_accelerator_has_limits_of_its_own():
    """There the loop must be faster, whatever its style."""
    race = timings.Race(GRU, "gru.gru", 1, 3, timings.NARROW, timings.FASTER)
    assert race.limit("cuda:0").most < 1 < race.limit("cpu").most


def test_inputs_of_a_call_are_its_own():
    """The same seed and number give the same inputs, others others; nothing is shared."""
    order = wire.Timing("prepare", [2, 3, 4, 5, 6], 1, 3, 2, 11)
    first, again, second = (timing.arguments(order, number) for number in (0, 0, 1))
    assert len(first[0]) == 6
    assert [p.shape for p in first[2]][-2:] == [(4, 5), (5,)]
    assert torch.equal(first[0][0], again[0][0])
    assert first[0][0].data_ptr() != again[0][0].data_ptr()
    assert not torch.equal(first[0][0], second[0][0])


def test_every_bit_of_a_result_is_in_its_hash():
    """One entry changed, another dtype or another shape: another hash."""
    tensors = [torch.arange(6.0).reshape(2, 3), torch.zeros(2)]
    same = timing.digest([tensor.clone() for tensor in tensors], 7)
    assert same == timing.digest(tensors, 7) != timing.digest(tensors, 8)
    changed = tensors[0].clone()
    changed[1, 2] += 1e-6
    others = [changed, tensors[0].double(), tensors[0].reshape(3, 2)]
    assert len({timing.digest([other, tensors[1]], 7) for other in others} | {same}) == 4


@pytest.mark.parametrize("result", [None, 1.0, {"a": torch.ones(1)}, [torch.ones(1), "x"]])
def test_a_result_that_is_no_tensor_is_refused(result):
    """Only plain tensors in lists and tuples count as results."""
    with pytest.raises(TypeError, match="a timed call returned"):
        timing.tensors_of(result)


def test_a_report_that_is_none_is_refused():
    """What a worker sends instead of seconds and hashes is no measurement."""
    for value in (None, 3.0, {}, {"seconds": 1, "digests": []}, {"seconds": 1.0, "digests": [1]}):
        with pytest.raises(CheckStopped):
            timings._report(value, 1)
    assert timings._report({"seconds": 0.5, "digests": ["a"]}, 1) == (0.5, ["a"])


def test_work_beside_the_calls_is_seen():
    """More processor time than time passed means other threads."""

    class Busy:
        home = "cpu"

        def carry_out(self, order):
            return {"seconds": 0.1, "digests": ["a"]}, 0.1, 0.3

    with pytest.raises(CheckStopped) as stopped:
        timings.Side(RACE, Busy(), b"key")(1, 5)
    assert stopped.value.finding.code == "timing_threads"


class Listening:
    """A function whose worker only notes what it is told."""

    home = "cpu"

    def __init__(self):
        self.told = []

    def carry_out(self, order):
        self.told.append(order)
        digests = ["a"] * self.told[-2].repetitions if order.action == "run" else []
        return ({"seconds": 0.1, "digests": digests} if digests else None), 0.1, 0.1


def test_nothing_that_a_worker_meets_follows_from_the_seed(monkeypatch):
    """The same seed again: other inputs, keys and calls that are looked at; both sides agree."""
    looked_at = []
    monkeypatch.setattr(timings.Side, "_verify", lambda _, seeds, call, __: looked_at.append(call))
    told = []
    for key in (b"one", b"another"):
        functions = Listening(), Listening()
        for function in functions:
            side = timings.Side(RACE, function, key)
            for sample in range(40):
                side(16, sample)
        inputs = [[o.seed for o in f.told if o.action == "prepare"] for f in functions]
        assert inputs[0] == inputs[1]
        told.append(inputs[0])
        keys = {order.seed for f in functions for order in f.told if order.action == "run"}
        assert len(keys) == 80
    assert not set(told[0]) & set(told[1])
    draws = random.Random(0).getstate()
    random.seed(0)
    assert len(set(looked_at)) > 4 and random.getstate() == draws
