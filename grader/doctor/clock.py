"""The clock: its resolution, and the kit's GRU timed against itself by the kit's own rule.

Both sides are the same code in workers of their own, so the right answer is known: 1. The median of
the paired ratios and its interval have to agree, to ``NEAR``: two processes with the same code may
differ by a few percent for as long as they live, because their memory lies elsewhere.
"""

import dataclasses
import itertools
import random
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.checking.clock import ClockBroken, Rule, Sampler, Watched, decide
from grader.checking.timing import GUARD, LARGE, RULE, Race, Side
from grader.doctor.observation import OK, WEAK, Observation
from grader.sandbox import client
from grader.sandbox.processors import together

NEAR = 1.05  # the interval must reach 1 to within this factor
AGAINST_ITSELF = dataclasses.replace(RULE, factor=RULE.control, budget=5.0)
COARSE_S = RULE.target / 100  # of the shortest sample of a grading
LOOKS = 2_000
_SOURCE = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")
SEED = 2026


def look() -> Iterator[Observation]:
    """Resolution, then A/A."""
    yield resolution(time.perf_counter)
    yield against_itself()


def resolution(clock: Callable[[], float]) -> Observation:
    """The smallest step that the clock makes."""
    seen = [clock() for _ in range(LOOKS)]
    moved = [after - before for before, after in itertools.pairwise(seen) if after > before]
    step = min(moved, default=float("inf"))
    try:
        source = _SOURCE.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        source = "?"
    fields = {"step": f"{1e9 * step:.0f}", "source": source}
    if step > COARSE_S:
        return Observation("resolution", WEAK, "clock_coarse", fields, "do_clock")
    return Observation("resolution", OK, "clock_fine", fields)


def against_itself() -> Observation:
    """The kit's GRU beside itself, in the way in which a submission is timed beside it."""
    from grader.submission import Submission

    template = client.Template()
    submission = Submission(client.ROOT / "solutions", template, SEED)
    try:
        twin = submission.companion("solutions", client.ROOT / "solutions")
        functions = [each.exercise("gru").function("gru") for each in (submission, twin)]
        nobody: Any = None  # a reference's results are not looked at
        race = Race(nobody, "gru.gru", 1, 3, LARGE, GUARD)
        draws = random.Random(SEED)
        key = secrets.token_bytes(32)
        sides = [Side(race, function, key, trusted=True) for function in functions]
        for side in sides:
            side.examine()
        watched = [Watched(side, draws) for side in sides]
        with together([function.pid for function in functions]) as workers:
            return judged(watched[0], watched[1], AGAINST_ITSELF, move=workers.move)
    finally:
        submission.close()
        template.close()


def judged(
    one: Sampler,
    other: Sampler,
    rule: Rule = AGAINST_ITSELF,
    now: Callable[[], float] = time.monotonic,
    move: Callable[[], None] | None = None,
) -> Observation:
    """Two samplers of which we know that they do the same."""
    try:
        verdict = decide(one, other, rule, random.Random(SEED), now=now, move=move)
    except ClockBroken as broken:
        return Observation("a_a", WEAK, "a_a_clock", {"why": broken.code}, "do_clock")
    if verdict.reason in ("control", "budget") and not verdict.pairs:
        fields = {"ratio": f"{verdict.control:.2f}", "most": f"{rule.control:g}"}
        return Observation("a_a", WEAK, "a_a_noisy", fields, "do_noise")
    fields = {name: f"{getattr(verdict, name):.2f}" for name in ("ratio", "low", "high")}
    fields["pairs"] = str(verdict.pairs)
    holds = verdict.outcome == "pass" and verdict.low <= NEAR and verdict.high >= 1 / NEAR
    if holds:
        return Observation("a_a", OK, "a_a_ok", fields)
    return Observation("a_a", WEAK, "a_a_off", fields, "do_noise")
