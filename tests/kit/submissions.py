"""Making submissions for tests: the solutions with one file, or one function, replaced."""

import os
import shutil
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader import misconceptions
from grader.checking.session import Graded

SOLUTIONS = catalogs.ROOT / "solutions"
STYLES = Path(__file__).parent / "styles"


def with_source(folder: Path, exercise: str, source: str) -> Path:
    """A copy of the solutions in ``folder`` with one exercise's file replaced."""
    for path in SOLUTIONS.glob("*.py"):
        shutil.copy(path, folder / path.name)
    (folder / f"{exercise}.py").write_text(source, encoding="utf-8")
    return folder


def with_mistakes(folder: Path, exercise: str, mistakes: list) -> Path:
    """The solutions with some functions of one exercise replaced by wrong versions."""
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    for mistake in mistakes:
        source = misconceptions.submission_source(mistake, source)
    return with_source(folder, exercise, source)


def score(graded: Graded, function: str | None = None) -> tuple[int, int]:
    """Points earned and points there are, of a run or of one function (exercise.function)."""
    chosen = [
        outcome
        for outcome in graded.outcomes.values()
        if function in (None, f"{outcome.check.exercise}.{outcome.check.function}")
    ]
    return sum(o.score for o in chosen), sum(o.check.points for o in chosen)


def not_passed(graded: Graded) -> dict[str, str]:
    """Check id to "status code" of everything that lost its points, for a readable assertion."""
    return {
        key: f"{o.status} {o.finding.code} {o.finding.fields} {o.finding.difference or ''}"
        for key, o in graded.outcomes.items()
        if o.finding is not None and o.status != "skipped"  # which earns its points
    }


def statuses(graded: Graded, function: str) -> set[str]:
    """The statuses of one function's checks (exercise.function); of its time, if it was taken."""
    return {
        o.status
        for o in graded.outcomes.values()
        if f"{o.check.exercise}.{o.check.function}" == function
        and not (o.finding and o.finding.code == "timing_left_out")
    }


def diagnoses(graded: Graded, function: str) -> set[str]:
    """The ids of the known mistakes that one function's findings name (exercise.function)."""
    return {
        o.finding.diagnosis.id
        for o in graded.outcomes.values()
        if f"{o.check.exercise}.{o.check.function}" == function
        and o.finding is not None
        and o.finding.diagnosis is not None
    }


def told(graded: Graded, function: str, otherwise: str) -> set[str]:
    """The ids that every diagnosis of a function tells, alone or together with another's.

    ``otherwise`` is what it comes to without any diagnosis.
    """
    sets = [
        {o.finding.diagnosis.id, *o.finding.diagnosis.also}
        for o in graded.outcomes.values()
        if f"{o.check.exercise}.{o.check.function}" == function
        and o.finding is not None
        and o.finding.diagnosis is not None
    ]
    return set.intersection(*sets) if sets else {otherwise}


long = pytest.mark.skipif(
    "LONG_TESTS" not in os.environ, reason="takes long: set LONG_TESTS=1, as CI does"
)
