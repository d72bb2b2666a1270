"""What the page shows, in order: exercises, functions and checks with their texts by language."""

import dataclasses
from collections.abc import Mapping

from grader.report.model import Report
from grader.report.overview import BAD
from grader.webpage.values import Segments

FAILURES = (*BAD, "fault")
Both = Mapping[str, str]  # a text by language; one that has a single language is shown in any


@dataclasses.dataclass
class CheckView:
    """One check.

    Attributes:
        rows: the message's rows, (label's id, text).
        command: what grades it again; ``code``: where the function stands.
        call: the function's name and the counterexample's values, by argument or by label.
        printed: what the code printed meanwhile.
    """

    anchor: str
    title: Both
    status: str
    score: float
    points: float
    sentence: Both
    rows: list[tuple[str, Both]]
    hint: Both
    command: str
    code: Both
    blocked_by: list[str]
    function: str = ""
    arguments: list[tuple[str, Segments]] = dataclasses.field(default_factory=list)
    results: list[tuple[str, Segments]] = dataclasses.field(default_factory=list)
    printed: str = ""

    @property
    def failed(self) -> bool:
        """Whether it counts as a failure for the filter."""
        return self.status in FAILURES

    @property
    def has_more(self) -> bool:
        """Whether there is anything below its line."""
        return bool(self.sentence or self.rows or self.arguments or self.printed)


@dataclasses.dataclass
class FunctionView:
    """One function; ``same`` is the sentence that all its unfinished checks share, if they do."""

    anchor: str
    name: str
    status: str
    score: float
    points: float
    checks: list[CheckView]
    same: Both | None

    @property
    def failed(self) -> bool:
        """Whether a check of it did."""
        return self.first_failed is not None

    @property
    def passed(self) -> bool:
        """Whether there is nothing to say about any of its checks."""
        return all(check.status == "passed" for check in self.checks)

    @property
    def first_failed(self) -> CheckView | None:
        """The first check that did."""
        return next((check for check in self.checks if check.failed), None)


@dataclasses.dataclass
class ExerciseView:
    """One exercise."""

    anchor: str
    name: str
    title: Both
    status: str
    score: float
    points: float
    functions: list[FunctionView]

    @property
    def failed(self) -> bool:
        """Whether a check of it did."""
        return any(function.failed for function in self.functions)


@dataclasses.dataclass
class View:
    """The page."""

    reports: Mapping[str, Report]
    exercises: list[ExerciseView]

    @property
    def report(self) -> Report:
        """One of the reports: what is not text is the same in all."""
        return next(iter(self.reports.values()))

    @property
    def checks(self) -> list[CheckView]:
        """All checks, in order."""
        return [c for e in self.exercises for f in e.functions for c in f.checks]

    @property
    def failed(self) -> int:
        """How many of them count as failures."""
        return sum(check.failed for check in self.checks)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks have each status, in a fixed order."""
        order = ("passed", *FAILURES, "blocked", "not_started", "skipped")
        found = [check.status for check in self.checks]
        known = {status: found.count(status) for status in order}
        known.update({status: found.count(status) for status in sorted(set(found) - set(order))})
        return {status: count for status, count in known.items() if count}

    @property
    def first(self) -> tuple[FunctionView, CheckView] | None:
        """Where to begin: the first failure, else the first that is still to be written."""
        for wanted in (BAD, ("fault",), ("not_started",)):
            for exercise in self.exercises:
                for function in exercise.functions:
                    for check in function.checks:
                        if check.status in wanted:
                            return function, check
        return None
