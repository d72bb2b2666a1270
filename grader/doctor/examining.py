"""All looks in their order, each within its time, and the whole within ``ALL_S``."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.doctor.observation import BROKEN, OK, WEAK, Observation, carefully

ALL_S = 27.0
SCHEMA = 1
STATES = (OK, WEAK, BROKEN)
Group = tuple[str, Callable[[], Iterator[Observation]], float]


def groups(out: Path, quick: bool) -> list[Group]:
    """Name, look and seconds of each part; nothing heavy is imported before its turn."""
    return [
        ("machine", _machine, 3.0),
        ("capacity", _capacity, 3.0),
        ("software", _software, 5.0),
        ("disk", lambda: _disk(out), 8.0),
        ("torch", _torch, 15.0),
        ("sandbox", _sandbox, 18.0),
        *([] if quick else [("clock", _clock, 14.0)]),
    ]


def _machine() -> Iterator[Observation]:
    from grader.doctor import machine

    yield from machine.kernel()


def _capacity() -> Iterator[Observation]:
    from grader.doctor import machine

    yield from machine.capacity()


def _software() -> Iterator[Observation]:
    from grader.doctor import software

    yield from software.look()


def _disk(out: Path) -> Iterator[Observation]:
    from grader.doctor import disk

    yield from disk.look(out)


def _torch() -> Iterator[Observation]:
    from grader.doctor import accelerators

    yield from accelerators.look()


def _sandbox() -> Iterator[Observation]:
    from grader.doctor import sandbox

    yield from sandbox.look()


def _clock() -> Iterator[Observation]:
    from grader.doctor import clock

    yield from clock.look()


def examine(
    parts: list[Group], now: Callable[[], float] = time.monotonic
) -> Iterator[tuple[str, list[Observation]]]:
    """What each part finds, as soon as it is known."""
    end = now() + ALL_S
    for name, look, seconds in parts:
        yield name, list(carefully(name, look, min(seconds, end - now())))


def worst(found: list[Observation]) -> str:
    """The state of all together."""
    return max((each.state for each in found), key=STATES.index, default=OK)
