"""How far each exercise is, from what earlier runs have left; nothing is graded for it."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from grader import catalog as catalogs
from grader.progress.history import source_of
from grader.progress.store import Result

FULL, STARTED, NOT_STARTED = "full", "started", "not_started"
CHANGED, UNGRADED, MISSING = "changed", "ungraded", "missing"
SUFFIXES = (".py", ".ipynb")


@dataclasses.dataclass(frozen=True)
class Standing:
    """One exercise. ``result`` is its newest, which a change since makes old (``CHANGED``)."""

    exercise: catalogs.Exercise
    state: str
    result: Result | None

    @property
    def score(self) -> float | None:
        """Its points, if it has been graded as it is now, or was."""
        return self.result.score if self.result else None


def standings(
    folder: Path, catalog: catalogs.Catalog, known: Mapping[str, Result]
) -> list[Standing]:
    """Every exercise of the syllabus, in its order."""
    return [
        Standing(exercise, _state(folder, exercise, catalog, known.get(exercise.name)), result)
        for exercise in catalog.exercises
        for result in [known.get(exercise.name)]
    ]


def _state(
    folder: Path, exercise: catalogs.Exercise, catalog: catalogs.Catalog, result: Result | None
) -> str:
    if not any((folder / f"{exercise.name}{suffix}").exists() for suffix in SUFFIXES):
        return MISSING
    if result is None:
        return UNGRADED
    if result.source != source_of(folder, exercise.name, catalog):
        return CHANGED
    if result.status == "not_started":
        return NOT_STARTED
    return FULL if result.score == result.max_score == exercise.points else STARTED


def next_of(found: list[Standing]) -> Standing | None:
    """The first exercise that has something left to do."""
    return next((each for each in found if each.state != FULL), None)


__all__ = ["Standing", "next_of", "standings"]
