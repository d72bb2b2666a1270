"""What a format may want to say beside the report: whose it is, where faults stand, when it was."""

import dataclasses
import datetime
from collections.abc import Mapping

from grader.locale import Texts

ASSIGNMENT = "gatecheck"
NOBODY = "unknown"  # a login of which nothing can be shown


@dataclasses.dataclass(frozen=True)
class Student:
    """Whose submission it is, as far as anybody said. ``login`` is never empty."""

    login: str
    name: str = ""
    email: str = ""


@dataclasses.dataclass(frozen=True)
class Spot:
    """A check's fault as a line of the submission (``line`` is None where there is none).

    ``file`` is as the user would type it; ``sentence`` says what is wrong.
    """

    file: str
    line: int | None
    sentence: str


@dataclasses.dataclass(frozen=True)
class About:
    """What stands beside a report.

    Attributes:
        titles: the exercises' titles, by name.
        when: when the grading ended, in UTC.
        spots: by check id, of the checks that did not pass.
        printed: by check id, what the submission printed there; cleaned.
        variables: of the environment, for formats whose service tells things that way.
    """

    texts: Texts
    student: Student
    when: datetime.datetime
    assignment: str = ASSIGNMENT
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    spots: Mapping[str, Spot] = dataclasses.field(default_factory=dict)
    printed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def title(self, exercise: str) -> str:
        """An exercise's title; its name where there is none."""
        return self.titles.get(exercise, exercise)


def student_of(text: str) -> Student:
    """A student from what ``--student`` was given: a login, or an e-mail address."""
    login, at, _ = text.partition("@")
    return Student(login or text, email=text if at and login else "")
