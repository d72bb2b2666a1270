"""What grading itself costs: cold starts, the isolation, each exercise and a full run.

Run by ``make bench``. A group compares what answers one question; the others have a group of one.
"""

import pytest

from grader import catalog
from tests.bench import kit

ROUNDS = 3  # of whole processes and grading runs, which take seconds
EXERCISES = catalog.load().names


@pytest.fixture(scope="module")
def engines():
    """A warm engine for each side."""
    with kit.engines() as made:
        yield made


@pytest.mark.parametrize("name", kit.COMMANDS)
def bench_process(benchmark, name):
    """A fresh process, as a student starts it."""
    benchmark.group = "processes"
    benchmark.pedantic(kit.run, (kit.COMMANDS[name],), rounds=ROUNDS)


def bench_sandbox_start(benchmark):
    """The sandbox alone, up to its first worker."""
    benchmark.group = "processes"
    benchmark.pedantic(kit.sandbox, rounds=ROUNDS)


@pytest.mark.parametrize("way", ["plain", *kit.SIDES])
def bench_one_call(benchmark, way):
    """One call of a gate with its gradients: called, and asked with and without the sandbox."""
    benchmark.group = "one call of gru.update_gate"
    with kit.submissions() as sides:
        benchmark(kit.gate_calls(sides)[way])


@pytest.mark.parametrize("side", kit.SIDES)
@pytest.mark.parametrize("exercise", EXERCISES)
def bench_checks(benchmark, engines, exercise, side):
    """All checks of one exercise with everything warm, isolated or in process."""
    benchmark.group = f"checks of {exercise}"
    benchmark.pedantic(kit.grade, (engines[side], [exercise]), rounds=ROUNDS, warmup_rounds=1)


@pytest.mark.parametrize("side", kit.SIDES)
def bench_all_checks(benchmark, engines, side):
    """All checks of all exercises with everything warm."""
    benchmark.group = "all checks"
    benchmark.pedantic(kit.grade, (engines[side],), rounds=ROUNDS)
