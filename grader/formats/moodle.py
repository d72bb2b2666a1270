"""A row for Moodle's import of grades: user name, e-mail address, a grade out of 100, feedback.

Moodle refuses more than 100 unless the site allows it, so the grade is a percentage.
"""

from collections.abc import Iterable

from grader.formats.about import ASSIGNMENT, NOBODY, About, Student
from grader.formats.outline import points
from grader.formats.safe import cell, table
from grader.locale import Texts
from grader.report.model import Report

MOST = 100


def write(report: Report, about: About) -> bytes:
    """The file, with one student."""
    return gradebook([(about.student, report)], about.assignment, about.texts)


def gradebook(graded: Iterable[tuple[Student, Report]], assignment: str, texts: Texts) -> bytes:
    """The file, with a row for each student."""
    item = cell(assignment, 255) or ASSIGNMENT
    rows: list[list[str | float]] = [["username", "email", item, f"{item} feedback"]]
    for student, report in graded:
        share = report.score / report.max_score if report.max_score else 1.0
        grade = min(int(share * MOST * 100) / 100, MOST)  # rounded down: 100 is full marks only
        login = cell(student.login) or NOBODY
        rows.append([login, cell(student.email), grade, _feedback(report, texts)])
    return table(rows)


def _feedback(report: Report, texts: Texts) -> str:
    parts = [
        f"{exercise.name} {points(exercise.score, exercise.max_score)}"
        for exercise in report.exercises
    ]
    whole = points(report.score, report.max_score)
    return cell(texts.say("formats.feedback", points=whole, parts=", ".join(parts)))
