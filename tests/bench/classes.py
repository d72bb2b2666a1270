"""Classes of students for the benchmarks: distinct submissions, drawn with a seed.

Of twenty submissions ten are right (in a style of their own, where there is one), seven have one
known mistake in each file, two are half done and one is untouched: about what a class hands in.
"""

import random
from pathlib import Path

from grader import catalog as catalogs
from grader import misconceptions

ROOT = catalogs.ROOT
STYLES = ROOT / "tests" / "kit" / "styles"
ATTACKS = ROOT / "tests" / "kit" / "attacks"
# So mixed that the first few are much like all of them.
KINDS = tuple(
    {"r": "right", "w": "wrong", "h": "half", "u": "untouched"}[letter]
    for letter in "rwrwrhrwrwrwruwrhrwr"
)
# Each for a reason of its own takes what its limits allow, or asks for more than it may have.
HOSTILE = {
    "loop": "while True:\n        pass",
    "sleep": "import time\n    time.sleep(1e6)",
    "memory": "return [bytearray(1 << 30) for _ in range(64)]",
    "flood": "while True:\n        print('x' * 65536)",
    "exit": "import os\n    os._exit(0)",
}


def made(folder: Path, count: int, exercises: list[str], seed: int = 0) -> Path:
    """``count`` submissions in ``folder``, a folder each; no two have the same bytes.

    Args:
        exercises: the files that each submission has.
    """
    draws = random.Random(seed)
    sources = {name: _sources(name) for name in exercises}
    for number in range(count):
        own = folder / f"student-{number:04}"
        own.mkdir(parents=True)
        kind = KINDS[number % len(KINDS)]
        for name in exercises:
            source = draws.choice(sources[name][kind])
            (own / f"{name}.py").write_text(f"{source}\n# {number}\n", encoding="utf-8")
    return folder


def made_hostile(folder: Path, every: int, exercise: str, function: str) -> int:
    """Replace every ``every``-th submission of a class by a hostile one; how many there are."""
    replaced = sorted(folder.iterdir())[every // 2 :: every]
    bodies = list(HOSTILE.values())
    for number, own in enumerate(replaced):
        path = own / f"{exercise}.py"
        right = (ROOT / "solutions" / f"{exercise}.py").read_text(encoding="utf-8")
        body = bodies[number % len(bodies)]
        attack = f"\n\ndef {function}(*arguments):\n    {body}\n# {number}\n"
        path.write_text(right + attack, encoding="utf-8")
    return len(replaced)


def _sources(exercise: str) -> dict[str, list[str]]:
    """Sources of each kind."""
    right = (ROOT / "solutions" / f"{exercise}.py").read_text(encoding="utf-8")
    stub = (ROOT / "exercises" / f"{exercise}.py").read_text(encoding="utf-8")
    styles = [path.read_text(encoding="utf-8") for path in sorted(STYLES.glob(f"*/{exercise}.py"))]
    wrong = [misconceptions.submission_source(m, right) for m in known(exercise)]
    return {
        "right": [right, *styles],
        "wrong": wrong,
        "half": [_half(right)],
        "untouched": [stub],
    }


def known(exercise: str) -> list[misconceptions.Misconception]:
    """The known mistakes in an exercise."""
    return misconceptions.misconceptions(exercise)


def _half(right: str) -> str:
    """The solution without its last function."""
    lines = right.rstrip().split("\n")
    last = max(number for number, line in enumerate(lines) if line.startswith("def "))
    return "\n".join(lines[:last])
