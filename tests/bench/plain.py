"""Plain pytest: the same checks of one submission after another, in this process, isolated nowhere.

    python -m tests.bench.plain FOLDER EXERCISE ...

What a course does that lets pytest import its students' files; the baseline for batches. It names
no mistake, writes no report and keeps nothing. Never for code that one does not trust.
"""

import sys
from pathlib import Path

import torch

from grader.checking.session import Engine
from tests.bench import inprocess


def main(folder: str, *exercises: str) -> int:
    """Run the checks; how many submissions there were."""
    torch.set_num_threads(1)
    with Engine(template=inprocess.Template()) as engine:
        for own in sorted(Path(folder).iterdir()):
            engine.grade(own, list(exercises), seed=2026)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
