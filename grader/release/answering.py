"""Recording for a release: several processes, whose answers come together in two files."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from grader.arguments import UsageProblem
from grader.catalog import Catalog
from grader.checking.answers import SCHEMA, Recorded
from grader.checking.known import SCHEMA as MISTAKES_SCHEMA
from grader.checking.known import Known, Mistakes
from grader.release.recording import ANSWERS, MISTAKES

MOST = 4  # processes


def recorded(catalog: Catalog, seeds: Sequence[int], root: Path) -> tuple[bytes, bytes]:
    """The right answers, and those of known mistakes, for all exercises and seeds.

    Raises:
        UsageProblem: if the solutions have not full marks.
    """
    exercises = sorted(catalog.exercises, key=lambda exercise: -exercise.points)
    count = min(MOST, os.cpu_count() or 1, len(exercises))
    shares = [[exercise.name for exercise in exercises[i::count]] for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, str(number)) for number in range(count * len(seeds))]
        for index, seed in enumerate(seeds):
            _record(seed, shares, places[index * count : (index + 1) * count], root)
        return (
            _joined_answers([(place / ANSWERS).read_bytes() for place in places]),
            _joined_mistakes([(place / MISTAKES).read_bytes() for place in places]),
        )


def _record(seed: int, shares: list[list[str]], places: list[Path], root: Path) -> None:
    running: list[subprocess.Popen[str]] = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    try:
        for place, names in zip(places, shares, strict=True):
            place.mkdir()
            words = [sys.executable, "-m", "grader.release.recording", str(seed), str(place)]
            running.append(
                subprocess.Popen(
                    [*words, *names],
                    cwd=root,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        for process in running:
            _, complaint = process.communicate()
            if process.returncode:
                lines = complaint.strip().splitlines() or [f"exit code {process.returncode}"]
                raise UsageProblem("release_not_right", text=lines[-1])
    finally:
        for process in running:
            with suppress(OSError):
                process.terminate()
            process.wait()


def _joined_answers(parts: list[bytes]) -> bytes:
    answers: dict[str, msgspec.Raw] = {}
    draws: dict[str, list[tuple[list[int], int]]] = {}
    for part in parts:
        found = msgspec.msgpack.decode(part, type=Recorded)
        answers.update(found.answers)
        draws.update(found.draws)
    joined = Recorded(SCHEMA, dict(sorted(answers.items())), dict(sorted(draws.items())))
    return msgspec.msgpack.encode(joined)


def _joined_mistakes(parts: list[bytes]) -> bytes:
    functions: dict[str, Known] = {}
    for part in parts:
        functions.update(msgspec.msgpack.decode(part, type=Mistakes).functions)
    return msgspec.msgpack.encode(Mistakes(MISTAKES_SCHEMA, dict(sorted(functions.items()))))
