"""Timing verdicts on this machine, where the right answer is known: how often are they wrong?

    make bench-verdicts
    python -m tests.bench.verdicts [--quick] [--trials N] [--limit 1.5]

The reference is a small recurrent loop; the other side does the same loop over 1, 1.25, 1.5 or 2
times as many steps. Both are processes of their own. Half of the trials run while other processes
burn all cores. The rule is that of grading. A cell whose ratio is the limit itself has no wrong
answer; it is there to show that the verdict keeps silent. The exit code is 1 if any verdict was
wrong.
"""

import argparse
import dataclasses
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

from grader.checking.clock import ClockBroken, Rule, Verdict, Watched, decide
from grader.checking.timing import RULE
from grader.sandbox.client import ROOT
from grader.sandbox.processors import together

RATIOS = (1.0, 1.25, 1.5, 2.0)
STEPS, BATCH, WIDTH = 40, 8, 32
GUARD = 1.02  # so near the limit the ratio of steps does not say what is right
OUTCOMES = ("pass", "fail", "inconclusive")
BURN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(10000))"


def serve() -> None:
    """The worker: for each request "steps repetitions seed" first "ready", then seconds."""
    import torch

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    for line in sys.stdin:
        steps, repetitions, seed = map(int, line.split())
        generator = torch.Generator().manual_seed(seed)
        shape = (repetitions, BATCH, WIDTH)
        calls = torch.randn(shape, generator=generator).unbind()
        weights = torch.randn(WIDTH, WIDTH, generator=generator) / WIDTH**0.5
        print("ready", flush=True)
        sys.stdin.readline()
        start = time.perf_counter()
        for X in calls:
            H = X
            for _ in range(steps):
                H = torch.tanh(X @ weights + H @ weights)
        print(time.perf_counter() - start, flush=True)


class Side:
    """A worker process, and the parent's clock around what it times."""

    def __init__(self) -> None:
        self.steps = STEPS
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.verdicts", "--serve"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, repetitions: int, inputs_seed: int) -> tuple[float, float]:
        """Seconds of one sample by the worker's clock, and by this one's."""
        self._answer(f"{self.steps} {repetitions} {inputs_seed}")
        start = time.perf_counter()
        reported = float(self._answer("go"))
        return reported, time.perf_counter() - start

    def _answer(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@contextmanager
def neighbours(count: int) -> Iterator[None]:
    """Processes that do nothing but burn while the block runs, and this process lives."""
    burning = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(count)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


def trial(student: Side, reference: Side, ratio: float, rule: Rule, seed: str) -> Verdict | None:
    """One verdict; None if a clock was called broken."""
    draws = random.Random(seed)
    student.steps = round(STEPS * ratio)
    watched = Watched(student.ask, draws), Watched(reference.ask, draws)
    try:
        with together([student.process.pid, reference.process.pid]) as sides:
            verdict = decide(*watched, rule, draws, move=sides.move)
    except ClockBroken as error:
        print(f"  {seed}: {error}", file=sys.stderr)
        return None
    print(
        f"  {seed}: {verdict.outcome} ({verdict.reason}), {verdict.ratio:.2f}"
        f" [{verdict.low:.2f}, {verdict.high:.2f}], minima {verdict.ratio_of_minima:.2f},"
        f" {verdict.pairs} pairs, A/A {verdict.control:.2f}, {verdict.seconds:.1f} s",
        file=sys.stderr,
    )
    return verdict


def right(ratio: float, limit: float) -> str | None:
    """The outcome that is right; None at the limit."""
    if 1 / GUARD < ratio / limit < GUARD:
        return None
    return "pass" if ratio < limit else "fail"


@dataclasses.dataclass
class Cell:
    """All trials of one ratio under one load."""

    load: str
    ratio: float
    limit: float
    verdicts: list[Verdict | None] = dataclasses.field(default_factory=list)

    def wrong(self) -> int:
        """Verdicts that say the opposite of what is right, or call an honest clock broken."""
        allowed = OUTCOMES if self.right is None else (self.right, "inconclusive")
        return sum(v is None or v.outcome not in allowed for v in self.verdicts)

    @property
    def right(self) -> str | None:
        """The outcome that is right; None at the limit."""
        return right(self.ratio, self.limit)

    def row(self) -> str:
        """A row of the table."""
        known = [v for v in self.verdicts if v is not None]
        counts = Counter[str](v.outcome for v in known)
        cells = [self.load, f"{self.ratio:g}", self.right or "at the limit"]
        cells += [str(counts[outcome]) for outcome in OUTCOMES] + [str(self.wrong())]
        cells += [f"{middle([v.ratio for v in known if v.pairs]):.2f}"]
        cells += [f"{middle([v.pairs for v in known if v.pairs]):.0f}"]
        cells += [f"{middle([v.seconds for v in known]):.1f}"]
        return f"| {' | '.join(cells)} |"


def middle(values: list) -> float:
    """The median; NaN of nothing."""
    return statistics.median(values) if values else math.nan


def run(load: str, burners: int, trials: int, rule: Rule) -> list[Cell]:
    """All cells of one load; the ratios take turns, so that each meets the same machine."""
    cells = [Cell(load, ratio, rule.factor) for ratio in RATIOS]
    with closing(Side()) as student, closing(Side()) as reference, neighbours(burners):
        for number in range(trials):
            for cell in cells:
                seed = f"{load} {cell.ratio:g} {number}"
                cell.verdicts.append(trial(student, reference, cell.ratio, rule, seed))
            wrong = sum(cell.wrong() for cell in cells)
            print(f"  {load}: {number + 1} of {trials}, {wrong} wrong", file=sys.stderr)
    return cells


def report(cells: list[Cell], rule: Rule) -> None:
    """Print the verdict table and why some verdicts stayed open."""
    print(f"A submission may take {rule.factor:g} times the reference's time.\n")
    print("| load | true ratio | right | pass | fail | inconclusive | wrong | ratio | pairs | s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for cell in cells:
        print(cell.row())
    verdicts = [v for cell in cells for v in cell.verdicts if v is not None]
    reasons = Counter(v.reason for v in verdicts if v.outcome == "inconclusive")
    print("\nThe last three columns are medians. Inconclusive because of:", dict(reasons) or "none")


def main() -> int:
    """Run the trials and print the table; 1 if a verdict was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--trials", type=int, default=300, help="a cell (default 300)")
    parser.add_argument("--quick", action="store_true", help="10 trials a cell")
    parser.add_argument("--limit", type=float, default=1.5, help="the factor (default 1.5)")
    parser.add_argument("--burners", type=int, default=os.cpu_count(), help="busy neighbours")
    parser.add_argument("--load", choices=("quiet", "busy"), help="only one of the two")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return 0
    rule = dataclasses.replace(RULE, factor=options.limit)  # otherwise as in grading
    trials = 10 if options.quick else options.trials
    cells: list[Cell] = []
    for load, burners in (("quiet", 0), ("busy", options.burners)):
        if options.load in (None, load):
            cells += run(load, burners, trials, rule)
    report(cells, rule)
    return 1 if any(cell.wrong() for cell in cells) else 0


if __name__ == "__main__":
    sys.exit(main())
