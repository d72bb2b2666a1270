"""Plain pytest: the same checks of one submission after another, in this process, isolated nowhere.

    python -m tests.bench.plain FOLDER 0/2 EXERCISE ...

0/2 is the first half of the folder, every second one. This is what a course does that lets pytest
import its students' files: the baseline for batches. It names no mistake, writes no report and
keeps nothing. Never for code that one does not trust.
"""

import sys
from pathlib import Path

from grader.checking.session import Engine
from tests.bench import inprocess


def main(folder: str, share: str, *exercises: str) -> int:
    """Run the checks of a share of the submissions."""
    first, _, of = share.partition("/")
    with Engine(template=inprocess.Template()) as engine:
        for own in sorted(Path(folder).iterdir())[int(first) :: int(of)]:
            engine.grade(own, list(exercises), seed=2026)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
