"""A row of Canvas's gradebook: it finds the student by the login, and the column by its title.

The five columns of students end with ``Section``; the row of points possible comes first.
"""

from collections.abc import Iterable

from grader.formats.about import ASSIGNMENT, NOBODY, About, Student
from grader.formats.safe import cell, number, table
from grader.report.model import Report

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write(report: Report, about: About) -> bytes:
    """The file, with one student."""
    return gradebook([(about.student, report)], about.assignment)


def gradebook(graded: Iterable[tuple[Student, Report]], assignment: str) -> bytes:
    """The file, with a row for each student; all were asked for the same exercises."""
    entries = list(graded)
    most = max((report.max_score for _, report in entries), default=0.0)
    rows: list[list[str | float]] = [[*COLUMNS, cell(assignment, 255) or ASSIGNMENT]]
    rows.append(["    Points Possible", "", "", "", "", number(most)])
    for student, report in entries:
        login = cell(student.login) or NOBODY
        rows.append([cell(student.name) or login, "", "", login, "", number(report.score)])
    return table(rows)
