"""Workers that are timed share a processor, and get all of them back."""

import os
import subprocess
import sys

import pytest

from grader.sandbox.processors import together

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="this system can't place a process"
)


@pytest.fixture
def sleepers():
    """Two processes that wait."""
    code = "import sys; sys.stdin.read()"
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) for _ in range(2)
    ]
    yield [process.pid for process in started]
    for process in started:
        process.communicate(timeout=300)


def places(pids: list[int]) -> list[set[int]]:
    """The processors that each process may run on."""
    return [os.sched_getaffinity(pid) for pid in pids]


def test_they_go_from_processor_to_processor_together(sleepers):
    """Each move puts all of them on the next one; afterwards they may run anywhere."""
    everywhere = os.sched_getaffinity(0)
    with together(sleepers) as placed:
        seen = []
        for _ in everywhere:
            placed.move()
            first, second = places(sleepers)
            assert first == second and len(first) == 1
            seen += first
        assert set(seen) == everywhere
    assert places(sleepers) == [everywhere] * 2


def test_they_are_let_go_when_timing_breaks_off(sleepers):
    """An exception leaves nobody tied to one processor."""
    with pytest.raises(ZeroDivisionError), together(sleepers) as placed:
        placed.move()
        raise ZeroDivisionError
    assert places(sleepers) == [os.sched_getaffinity(0)] * 2


def test_a_process_that_has_ended_stops_nothing(sleepers):
    """The others are moved all the same."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=300)
    with together([ended.pid, *sleepers]) as placed:
        placed.move()
        assert len(set.union(*places(sleepers))) == 1
