"""What an audit found: the record that its table, its page and its JSON file share."""

import msgspec


class WrongVersion(msgspec.Struct):
    """A misconception against the checks of its function.

    ``killed_by`` are the names of the checks that caught it, ``blamed`` the functions that were
    blamed in its place, ``diagnosis`` the mistake that the report named ("" for none).
    """

    id: str
    function: str
    killed_by: list[str]
    blamed: list[str] = []
    diagnosis: str = ""


class InlineVersion(msgspec.Struct):
    """A helper's mistake in a function that does the helper's work itself, alone in its file.

    ``fate``: named (as itself, or as a mistake of the function with the same effect), unnamed,
    taken (for another), no_mistake (it does there what the solution does), or survived.
    """

    id: str
    function: str
    fate: str
    diagnosis: str = ""


class MutantRow(msgspec.Struct):
    """A mutant of the reference. ``fate``: killed, equivalent, survived, or explained.

    ``killed_by`` is the first check that caught it; ``diagnosis`` the mistake that the report
    named, and ``misnamed`` says that it is another one.
    """

    id: str
    function: str
    line: int
    before: str
    after: str
    fate: str
    killed_by: str = ""
    diagnosis: str = ""
    misnamed: bool = False


class Checks(msgspec.Struct):
    """A function's checks by name, in the order of their rows."""

    function: str
    names: list[str]


class Problem(msgspec.Struct, frozen=True):
    """Something that must not be: ``code`` is the id of its sentence, ``fields`` fill it in."""

    code: str
    fields: dict[str, str]


class ExerciseAudit(msgspec.Struct):
    """One exercise. ``lost`` maps correct code ("reference", a style) to the checks it lost.

    ``alone`` maps wrong versions to what the report named where they were alone in a file.
    """

    name: str
    fingerprint: str
    checks: list[Checks]
    wrong: list[WrongVersion] = []
    alone: dict[str, str] = {}
    inline: list[InlineVersion] = []
    mutants: list[MutantRow] = []
    lost: dict[str, list[str]] = {}
    styles: list[str] = []
    earned_by_stub: list[str] = []
    faults: list[str] = []
    problems: list[Problem] = []
    seconds: float = 0.0

    def kills(self, function: str, check: str) -> int:
        """How many wrong versions of a function a check catches."""
        rows = [row for row in self.wrong if row.function == function]
        return sum(check in row.killed_by for row in rows)


class Audit(msgspec.Struct):
    """All exercises that were audited, in the syllabus's order."""

    schema: int
    seconds: float
    exercises: list[ExerciseAudit]

    @property
    def problems(self) -> list[Problem]:
        """All that must not be."""
        return [problem for exercise in self.exercises for problem in exercise.problems]


SCHEMA = 1
