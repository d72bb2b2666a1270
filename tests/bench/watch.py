"""How long after a save ``watch`` shows the first failure, and the verdict.

    make bench-watch
    python -m tests.bench.watch [--rounds N]

A wrong and a right ``gru.py`` are saved in turn while a watch runs in a pipe. Beside each round a
cold ``python -m grader grade gru`` of the same file is timed, so that the ratio does not depend on
what else this machine does.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from grader.catalog import ROOT
from tests.bench.kit import GRADE, run
from tests.kit.watching import WAITS, Watching

FIRST_S, VERDICT_S = 0.7, 2.0  # what is aimed at on two cores
RIGHT = (ROOT / "solutions" / "gru.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("(1 - Z)", "(2 - Z)")


def save(path: Path, text: str) -> float:
    """Write a file as editors do, by renaming; the moment when it was there."""
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
    return time.monotonic()


def main() -> int:
    """Print the medians and their ratios to a cold run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    assert WRONG != RIGHT
    first, verdict, right, cold = [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "work"
        shutil.copytree(ROOT / "exercises", folder)
        for each in ("gru", "parameters"):
            shutil.copy(ROOT / "solutions" / f"{each}.py", folder)
        with Watching(folder, "gru") as watching:
            watching.until()
            for number in range(rounds):
                saved = save(folder / "gru.py", f"{WRONG}\n# {number}\n")
                lines = watching.until()
                first.append(next(at for at, line in lines if "FAILED" in line) - saved)
                verdict.append(next(at for at, line in lines if WAITS in line) - saved)
                saved = save(folder / "gru.py", f"{RIGHT}\n# {number}\n")
                right.append(watching.until()[-1][0] - saved)
                start = time.monotonic()
                run([*GRADE, str(folder), "gru"])
                cold.append(time.monotonic() - start)
                print(f"  {number + 1} of {rounds}", file=sys.stderr)
    whole = statistics.median(cold)
    print("| from a save of gru.py | median, s | of a cold run | aim, s |")
    print("|---|---|---|---|")
    rows = (("to the first failure", first, FIRST_S), ("to the verdict, wrong", verdict, VERDICT_S),
            ("to the verdict, right", right, VERDICT_S))  # fmt: skip
    for what, seconds, aim in rows:
        middle = statistics.median(seconds)
        print(f"| {what} | {middle:.2f} | {middle / whole:.2f} | {aim} |")
    print(f"\nA cold `grade gru`: {whole:.1f} s. {rounds} rounds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
