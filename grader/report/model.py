"""The report, schema 1: exactly the JSON that other programs read (shared with every writer).

``status`` is one of passed, failed, not_started, error, timeout, blocked, skipped, fault.
"""

from typing import Any

import msgspec

SCHEMA = 1


class Diagnosis(msgspec.Struct, frozen=True):
    """Which known mistake an answer equals."""

    id: str
    text: str


class CheckReport(msgspec.Struct):
    """One check's verdict. ``points`` is what it can earn, ``score`` what it earned."""

    id: str
    kind: str
    title: str
    points: float
    score: float
    status: str
    message: str = ""
    counterexample: dict[str, Any] | None = None
    diagnosis: Diagnosis | None = None
    blocked_by: list[str] = []
    duration_s: float = 0.0


class FunctionReport(msgspec.Struct):
    """One function with its checks."""

    name: str
    score: float
    max_score: float
    status: str
    checks: list[CheckReport]


class ExerciseReport(msgspec.Struct, omit_defaults=True):
    """One exercise with its functions.

    ``left_out`` is there only if its file was loaded in part: a sentence that says without what.
    """

    name: str
    score: float
    max_score: float
    status: str
    functions: list[FunctionReport]
    left_out: str = ""


class EditionReport(msgspec.Struct, frozen=True):
    """Which edition graded: "student" or "server", its id, and the points that it does not give."""

    kind: str
    id: str
    elsewhere: float


class Report(msgspec.Struct, omit_defaults=True):
    """A whole run. ``edition`` stands in reports of an edition only."""

    schema: int
    submission: str
    seed: int
    device: str
    sandbox: str
    duration_s: float
    score: float
    max_score: float
    exercises: list[ExerciseReport]
    edition: EditionReport | None = None

    @property
    def statuses(self) -> set[str]:
        """Every status that occurs among the checks."""
        return {
            check.status
            for exercise in self.exercises
            for function in exercise.functions
            for check in function.checks
        }

    @property
    def exit_code(self) -> int:
        """0 full marks, 1 not full marks, 3 the kit itself failed somewhere."""
        if "fault" in self.statuses:
            return 3
        return 0 if self.score == self.max_score else 1


def to_json(report: Report) -> bytes:
    """The report as indented UTF-8 JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def from_json(data: bytes) -> Report:
    """The report that ``to_json`` wrote.

    Raises:
        msgspec.ValidationError: if it is not of this schema.
    """
    return msgspec.json.decode(data, type=Report)
