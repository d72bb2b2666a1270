"""What an audit of an exercise has to grade, cut into jobs that can run side by side.

Functions that call no other of their exercise can be wrong at the same time without hiding each
other; those that do are wrong alone.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from grader import catalog as catalogs
from grader import misconceptions
from grader.audit import alone
from grader.audit.assemble import reference, styles_of
from grader.audit.mutants import Mutant, mutants

MUTANTS_IN_A_JOB = 8  # rounds
SEED = 7
FILES_IN_A_JOB = 6
Weights = {
    "styles": 6,
    "reference": 3,
    "stub": 2,
    "wrong": 2,
    "mutants": 5,
    "alone": 1,
    "inline": 1,
}


@dataclasses.dataclass(frozen=True)
class Job:
    """Something to grade.

    Attributes:
        kind: "reference", "stub", "styles", "wrong", "alone", "inline" or "mutants".
        what: style folders, or rounds of misconception ids or mutants.
    """

    exercise: str
    kind: str
    what: tuple[Any, ...] = ()

    @property
    def weight(self) -> int:
        """How long it takes, roughly; long jobs are begun first."""
        return Weights[self.kind] * max(1, len(self.what))


def jobs_for(exercise: str) -> list[Job]:
    """All jobs of one exercise."""
    found = [Job(exercise, "reference"), Job(exercise, "stub")]
    found += [Job(exercise, "styles", (str(folder),)) for folder in styles_of(exercise)]
    wrong = list(_rounds(exercise, misconceptions.misconceptions(exercise)))
    found += [Job(exercise, "wrong", (tuple(m.id for m in each),)) for each in wrong]
    for kind, known in (("alone", alone.own(exercise)), ("inline", alone.inside(exercise))):
        ids = [tuple(m.id for m in each) for each in alone.files(known)]
        for start in range(0, len(ids), FILES_IN_A_JOB):
            found.append(Job(exercise, kind, tuple(ids[start : start + FILES_IN_A_JOB])))
    rounds = list(_rounds(exercise, all_mutants(exercise)))
    for start in range(0, len(rounds), MUTANTS_IN_A_JOB):
        chosen = rounds[start : start + MUTANTS_IN_A_JOB]
        found.append(Job(exercise, "mutants", tuple(map(tuple, chosen))))
    return found


def all_mutants(exercise: str) -> list[Mutant]:
    """All mutants of an exercise's reference."""
    return mutants(exercise, reference(exercise), _graded(exercise))


def _graded(exercise: str) -> list[str]:
    return [function.name for function in catalogs.load().exercise(exercise).functions]


def _rounds(exercise: str, changes: Iterable[Any]) -> Iterator[list[Any]]:
    """Changes put together so that none can hide another: each has a ``function``."""
    by_function: dict[str, list[Any]] = {}
    for change in changes:
        by_function.setdefault(change.function, []).append(change)
    graded = set(_graded(exercise))
    leaves = [name for name in by_function if name in graded and not own_needs(exercise, name)]
    columns = [by_function[name] for name in leaves]
    for number in range(max(map(len, columns), default=0)):
        yield [column[number] for column in columns if number < len(column)]
    for name, own in by_function.items():
        if name not in leaves:
            yield from ([change] for change in own)


def own_needs(exercise: str, function: str) -> list[str]:
    """The functions of its own exercise that a function calls, as exercise.function."""
    needs = catalogs.load().functions[f"{exercise}.{function}"].needs
    return [need for need in needs if need.startswith(f"{exercise}.")]


def dependents(exercise: str, function: str) -> list[str]:
    """The functions of its exercise that call a function, themselves or through others."""
    found: list[str] = []
    queue = [f"{exercise}.{function}"]
    while queue:
        need = queue.pop()
        for other in catalogs.load().exercise(exercise).functions:
            if need in other.needs and other.key not in found:
                found.append(other.key)
                queue.append(other.key)
    return found
