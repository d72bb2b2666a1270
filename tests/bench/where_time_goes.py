"""Where a grading run's time goes, as ratios to ``import torch`` measured side by side.

    make bench

Every step is a process of its own, as a student would start it; each is run several times, the
steps taking turns, and the shortest time counts.
"""

import os
import subprocess
import sys
import time

from grader.sandbox.client import ROOT, Template

ROUNDS = 3
PYTHON = [sys.executable, "-c"]
GRADE = [sys.executable, "-m", "grader", "grade"]
COMMANDS = {
    "import torch": [*PYTHON, "import torch"],
    "import pytest and hypothesis": [*PYTHON, "import pytest, hypothesis"],
    "import torch, pytest and hypothesis": [*PYTHON, "import torch, pytest, hypothesis"],
    "make grade EX=gru on the solutions": [*GRADE, "gru", "--submission", "solutions"],
    "make grade on the untouched stubs": [*GRADE, "--submission", "exercises"],
    "make grade on the solutions": [*GRADE, "--submission", "solutions"],
}


def seconds(command: list[str]) -> float:
    """Wall seconds of one run of a command."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def template_seconds() -> float:
    """Wall seconds until a template has forked its first worker and that has loaded a file."""
    start = time.perf_counter()
    template = Template()
    template.spawn(str(ROOT / "solutions"), "gru").loaded()
    ready = time.perf_counter() - start
    template.close()
    return ready


def main() -> None:
    """Measure, and print a Markdown table."""
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            times.setdefault(name, []).append(seconds(command))
        times.setdefault("the sandbox, up to the first worker", []).append(template_seconds())
    unit = min(times["import torch"])
    print("| step | ratio |\n|---|---|")
    for name, values in times.items():
        print(f"| {name} | {min(values) / unit:.1f} |")
    print(f"\nimport torch: {unit:.2f} s here; the shortest of {ROUNDS} runs of each")


if __name__ == "__main__":
    main()
