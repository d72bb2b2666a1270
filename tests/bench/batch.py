"""How many submissions a minute a batch grades, and what that costs.

    make bench-batch
    python -m tests.bench.batch [--only speed|line|memory|hostile] [--rounds N] [--json FILE]

Four questions, each about the real command in a process of its own:

* speed: a batch, a loop of ``make grade``, and plain pytest without isolation, of the same
  submissions, in turn within each round; only rates of one round are divided by each other.
* line: does the thousandth submission cost what the first did?
* memory: does the first process, or a grading one, grow over five hundred submissions?
* hostile: what do five in a hundred that loop, sleep, and eat memory cost the others?

``--json docs/figures/batch.json`` renews what docs/batch.md and its chart show.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader import catalog as catalogs
from tests.bench import classes, following

ROOT = catalogs.ROOT
CORES = (1, 2)
LONG_EXERCISE, LONG = "parameters", 1_000
MEMORY_EXERCISE, MEMORY = "parameters", 500
EARLY, LATE = (50, 150), (400, 500)  # submissions between which peaks of memory are compared
HOSTILE_OF, HOSTILE_EVERY = 80, 20
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclasses.dataclass(frozen=True)
class Scope:
    """What is graded in a comparison of speeds, and of how many."""

    name: str
    exercises: tuple[str, ...]
    batch: int
    loop: int


SCOPES = (
    Scope("gru", ("gru",), 40, 8),
    Scope("everything", tuple(catalogs.load().names), 10, 4),
)


def a_batch(folder: Path, scope: Scope, jobs: int, more: tuple[str, ...] = ()) -> list[str]:
    """The command that grades a folder; its results go to a new folder beside it."""
    out = tempfile.mkdtemp(prefix="out-", dir=folder.parent)
    command = [sys.executable, "-m", "grader", "batch", str(folder), *scope.exercises]
    return [*command, "--out", out, "--jobs", str(jobs), *more]


def _seconds(commands: list[list[str]]) -> float:
    """How long commands take that are started together."""
    start = time.monotonic()
    begun = [subprocess.Popen(command, cwd=ROOT, **QUIET) for command in commands]
    for process in begun:
        process.wait()
    return time.monotonic() - start


def _batch(folder: Path, scope: Scope, cores: int) -> float:
    return _seconds([a_batch(folder, scope, cores)])


def _plain(folder: Path, scope: Scope, cores: int) -> float:
    """Plain pytest: a process a core, each with its share of the submissions."""
    module = [sys.executable, "-m", "tests.bench.plain", str(folder)]
    return _seconds(
        [[*module, f"{each}/{cores}", *scope.exercises] for each in range(cores)],
    )


def _loop(folder: Path, scope: Scope, cores: int) -> float:
    """A loop of ``make grade``, as one types it; the clock is left out, as a batch leaves it."""
    names = scope.exercises if len(scope.exercises) == 1 else ()
    start = time.monotonic()
    for own in sorted(folder.iterdir())[: scope.loop]:
        words = [f"SUBMISSION={own}", f"EX={' '.join(names)}", "ARGS=--no-timing"]
        subprocess.run(["make", "grade", *words], cwd=ROOT, check=False, **QUIET)
    return time.monotonic() - start


WAYS = {"batch": _batch, "plain pytest": _plain, "loop of make grade": _loop}


@contextlib.contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Everything started here runs on so many processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def speed(rounds: int) -> list[dict]:
    """Submissions a minute of each way, and what a batch's are of each other way's."""
    rows = []
    for scope in SCOPES:
        for cores in [cores for cores in CORES if cores <= len(os.sched_getaffinity(0))]:
            rates: dict[str, list[float]] = {way: [] for way in WAYS}
            for number in range(rounds):
                with tempfile.TemporaryDirectory() as name, on_cores(cores):
                    names = list(scope.exercises)
                    folder = classes.made(Path(name) / "class", scope.batch, names, number)
                    for way, measure in WAYS.items():
                        count = scope.loop if way.startswith("loop") else scope.batch
                        rates[way].append(60 * count / measure(folder, scope, cores))
                        _say(f"{scope.name}, {cores}: {way} {rates[way][-1]:.1f} a minute")
            for way, found in rates.items():
                rows.append(_row(scope, cores, way, found, rates["batch"]))
    return rows


def _row(scope: Scope, cores: int, way: str, rates: list[float], batch: list[float]) -> dict:
    """A way's rate, and what the batch of the same round is of it."""
    ratios = [a / b for a, b in zip(batch, rates, strict=True)]
    return {
        "kind": "speed",
        "scope": scope.name,
        "cores": cores,
        "way": way,
        "rate": statistics.median(rates),
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
    }


def line(count: int = LONG) -> list[dict]:
    """When each of a thousand small submissions was done, every twenty-fifth of them."""
    with tempfile.TemporaryDirectory() as name:
        scope = Scope(LONG_EXERCISE, (LONG_EXERCISE,), count, 0)
        folder = classes.made(Path(name) / "class", count, list(scope.exercises))
        command = a_batch(folder, scope, _cores(), ("--no-html",))
        with subprocess.Popen(command, cwd=ROOT, **QUIET) as process:
            moments = following.moments(following.book_of(command), process)
    begun = moments[0]
    rows = [
        {"kind": "line", "count": number, "seconds": moments[number - 1] - begun}
        for number in range(25, len(moments) + 1, 25)
    ]
    return rows


def memory(count: int = MEMORY) -> list[dict]:
    """Peaks of memory early and late in a long batch, of each process that one trusts."""
    with tempfile.TemporaryDirectory() as name:
        scope = Scope(MEMORY_EXERCISE, (MEMORY_EXERCISE,), count, 0)
        folder = classes.made(Path(name) / "class", count, list(scope.exercises))
        command = a_batch(folder, scope, _cores())
        with subprocess.Popen(command, cwd=ROOT, **QUIET) as process:
            peaks = following.peaks(following.book_of(command), process, [EARLY, LATE])
    return [{"kind": "memory", "count": count, **row} for row in peaks]


def hostile(rounds: int) -> list[dict]:
    """A class with and without hostile submissions among it; how long each takes longer."""
    scope, found, limits = SCOPES[0], [], 0
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            made = [Path(name) / each for each in ("good", "mixed")]
            for folder in made:
                classes.made(folder, HOSTILE_OF, list(scope.exercises), number)
            limits = classes.made_hostile(made[1], HOSTILE_EVERY, "gru", "candidate_state")
            good, mixed = (_seconds([a_batch(folder, scope, _cores())]) for folder in made)
            found.append((good, mixed, (mixed - good) * _cores() / limits))
            _say(f"hostile: {good:.0f} s without, {mixed:.0f} s with {limits}")
    good, mixed, each = (statistics.median(column) for column in zip(*found, strict=True))
    row = {"good": good, "mixed": mixed, "each": each, "hostile": limits, "count": HOSTILE_OF}
    return [{"kind": "hostile", **row}]


def _cores() -> int:
    return min(max(CORES), len(os.sched_getaffinity(0)))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and keep what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=["speed", "line", "memory", "hostile"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    parts = {
        "speed": lambda: speed(given.rounds),
        "line": line,
        "memory": memory,
        "hostile": lambda: hostile(given.rounds),
    }
    rows = [row for name, part in parts.items() if given.only in (None, name) for row in part()]
    if given.json:
        known = json.loads(given.json.read_text()) if given.json.exists() else []
        new = {row["kind"] for row in rows}
        rows = [row for row in known if row["kind"] not in new] + rows
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    from tests.bench import batch_pages

    print("\n\n".join(batch_pages.tables(rows).values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
