"""The kit's own steps that are timed: processes as a student starts them, and warm grading runs."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from grader.checking.session import Engine
from grader.sandbox import client
from grader.submission import Submission
from solutions import gru
from tests.bench import inprocess

ROOT = client.ROOT
SOLUTIONS = ROOT / "solutions"
LIBRARIES = "import torch, pytest and hypothesis"
GRADE = [sys.executable, "-m", "grader", "grade", "--no-timing", "--submission"]
COMMANDS = {
    "import torch": [sys.executable, "-c", "import torch"],
    LIBRARIES: [sys.executable, "-c", "import torch, pytest, hypothesis"],
    "python -m grader --help": [sys.executable, "-m", "grader", "--help"],
    "grade gru, the solution": [*GRADE, "solutions", "gru"],
    "grade all, the stubs": [*GRADE, "exercises"],
    "grade all, the solutions": [*GRADE, "solutions"],
}
SIDES: dict[str, Callable[[], Any]] = {
    "isolated": client.Template,
    "in process": inprocess.Template,
}


def run(command: list[str]) -> None:
    """One process from its start to its end, with one thread; its exit code does not matter."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)


def sandbox() -> None:
    """A template from its start until its first worker has loaded a file."""
    template = client.Template()
    try:
        template.spawn(str(SOLUTIONS), "gru").loaded()
    finally:
        template.close()


@contextlib.contextmanager
def engines() -> Iterator[dict[str, Engine]]:
    """A warm engine for each side; the sandbox is wholly ready, meta tensors included."""
    with contextlib.ExitStack() as stack:
        made = {}
        for side, template in SIDES.items():
            made[side] = stack.enter_context(Engine(template=template()))
            grade(made[side], ["gru"])
        yield made


def grade(engine: Engine, exercises: list[str] | None = None) -> None:
    """A grading run of the solutions, which must have full marks, else it says nothing.

    Raises:
        RuntimeError: if a check failed.
    """
    graded = engine.grade(SOLUTIONS, exercises)
    lost = [key for key, o in graded.outcomes.items() if o.status not in ("passed", "skipped")]
    if lost:
        raise RuntimeError(f"the solutions lost points: {', '.join(sorted(lost))}")


@contextlib.contextmanager
def submissions() -> Iterator[dict[str, Submission]]:
    """The solutions behind each kind of worker, to ask single functions."""
    with contextlib.ExitStack() as stack:
        made = {}
        for side, template in SIDES.items():
            behind = template()
            stack.callback(behind.close)
            made[side] = Submission(Path(SOLUTIONS), behind, 0)
            stack.callback(made[side].close)
        yield made


def gate_calls(sides: dict[str, Submission]) -> dict[str, Callable[[], object]]:
    """``gru.update_gate`` of small float64 matrices with gradients: plain, and asked on each side.

    The plain call does not copy its arguments, look for changed ones or describe its result.
    """
    generator = torch.Generator().manual_seed(0)
    shapes = [(2, 5), (2, 3), (5, 3), (3, 3), (3,)]
    drawn = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    names = ("X", "H", "W_xz", "W_hz", "b_z")
    arguments = dict(zip(names, [t.requires_grad_() for t in drawn], strict=True))
    cotangent = torch.ones(6, dtype=torch.float64)

    def plain() -> object:
        result = gru.update_gate(*arguments.values())
        return torch.autograd.grad(result.sum(), list(arguments.values()))

    def asking(submission: Submission) -> Callable[[], object]:
        def ask() -> object:
            function = submission.exercise("gru").function("update_gate")
            function._cpu_used = function._wall_used = 0.0  # no check asks as often as a bench
            return function.ask(arguments, cotangent=cotangent)

        ask()  # the worker is started and has loaded the file
        return ask

    return {"plain": plain, **{side: asking(behind) for side, behind in sides.items()}}
