"""What a batch leaves beside its gradebook: a report a student, and tables for other programs.

Everything here can be made again from the gradebook at any time; nothing in it tells when, where or
how fast a submission was graded, so an interrupted batch ends with the same bytes.
"""

from collections.abc import Iterable
from pathlib import Path

from grader.arguments import write_json
from grader.batch.store import GRADED, Gradebook, Result
from grader.formats import canvas, moodle
from grader.formats.about import Student
from grader.formats.safe import cell, number, table
from grader.locale import Texts
from grader.report.model import Report, from_json, to_json

REPORTS = "reports"
FIXED = ("student", "name", "late", "state", "score", "max_score", "percent")


def write_report(folder: Path, result: Result, name: str, language: str, html: bool) -> None:
    """A student's report as JSON and as a page; a student without one has neither."""
    place = folder / REPORTS
    place.mkdir(parents=True, exist_ok=True)
    paths = {suffix: place / f"{result.student}.{suffix}" for suffix in ("json", "html")}
    if not result.report:
        for path in paths.values():
            path.unlink(missing_ok=True)
        return
    report = report_of(result, name)
    write_json(str(paths["json"]), to_json(report))
    if html:
        write_json(str(paths["html"]), _page(report, language))


def complete_reports(folder: Path, book: Gradebook, language: str, html: bool) -> None:
    """Write the reports that are missing: a batch may be killed between a result and its file."""
    names = book.names()
    for result in book.current():
        path = folder / REPORTS / f"{result.student}.json"
        page = path.with_suffix(".html")
        if bool(result.report) != path.exists() or (html and path.exists() != page.exists()):
            write_report(folder, result, names[result.student][0], language, html)


def report_of(result: Result, name: str) -> Report:
    """The stored report, as that of a student."""
    report = from_json(result.report)
    report.submission = name or result.student
    return report


def _page(report: Report, language: str) -> bytes:
    from grader import catalog as catalogs
    from grader.webpage.building import view
    from grader.webpage.page import page

    return page(view({language: report}, catalogs.load()), None, language)


def write_tables(
    folder: Path, book: Gradebook, exercises: Iterable[str], title: str, texts: Texts
) -> None:
    """gradebook.csv with every row and exercise; canvas.csv and moodle.csv for those systems."""
    names, wanted = book.names(), list(exercises)
    rows: list[list[str | float]] = [[*FIXED, *wanted, "note"]]
    graded: list[tuple[Student, Report]] = []
    for result in book.current():
        name, late = names[result.student]
        share = 100 * result.score / result.max_score if result.max_score else 0.0
        start = [cell(result.student), cell(name), "yes" if late else "", result.state]
        points: dict[str, float] = {}
        if result.state == GRADED:
            report = report_of(result, name)
            points = {exercise.name: exercise.score for exercise in report.exercises}
            graded.append((Student(result.student, name), _sums(report)))
        scores = [number(result.score), number(result.max_score), number(round(share, 1))]
        own = [number(points[each]) if each in points else "" for each in wanted]
        rows.append([*start, *scores, *own, cell(result.sentence, 300)])
    write_json(str(folder / "gradebook.csv"), table(rows))
    write_json(str(folder / "canvas.csv"), canvas.gradebook(graded, title))
    write_json(str(folder / "moodle.csv"), moodle.gradebook(graded, title, texts))


def _sums(report: Report) -> Report:
    """Without what was said of single checks: the tables of a thousand students need none of it."""
    for exercise in report.exercises:
        exercise.functions = []
    return report


__all__ = ["complete_reports", "report_of", "write_report", "write_tables"]
