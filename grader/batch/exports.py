"""What a batch leaves beside its gradebook: a report a student, and tables for other programs.

Everything here can be made again from the gradebook at any time; nothing in it tells when, where or
how fast a submission was graded, so an interrupted batch ends with the same bytes.
"""

import collections
import concurrent.futures
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
WAITING = 16  # reports that are yet to be written
FIXED = ("student", "name", "late", "state", "score", "max_score", "percent")


def write_report(folder: Path, result: Result, name: str, language: str, html: bool) -> None:
    """A student's report as JSON and as a page; a student without one has neither.

    The page comes first: where the JSON is that of the result, so is the page.
    """
    path, page = _paths(folder, result)
    path.parent.mkdir(parents=True, exist_ok=True)
    if html and result.report:
        write_json(str(page), _page(report_of(result, name), language))
    else:
        page.unlink(missing_ok=True)
    if result.report:
        write_json(str(path), to_json(report_of(result, name)))
    else:
        path.unlink(missing_ok=True)


def complete_reports(folder: Path, book: Gradebook, language: str, html: bool) -> None:
    """Write what is missing or old: a batch may be killed between a result and its files."""
    names = book.names()
    for result in book.current():
        name = names[result.student][0]
        path, page = _paths(folder, result)
        wanted = to_json(report_of(result, name)) if result.report else b""
        found = path.read_bytes() if path.exists() else b""
        if found != wanted or page.exists() != (html and bool(wanted)):
            write_report(folder, result, name, language, html)


def _paths(folder: Path, result: Result) -> tuple[Path, Path]:
    path = folder / REPORTS / f"{result.student}.json"
    return path, path.with_name(f"{result.student}.html")


class Reports:
    """Writes reports beside the grading: no process waits for a page before its next submission.

    A context manager. What could not be written is raised by the next ``write``, or at the end.
    """

    def __init__(self, folder: Path, language: str, html: bool) -> None:
        self._given = (language, html)
        self._folder = folder
        self._thread = concurrent.futures.ThreadPoolExecutor(max_workers=1)
        self._begun: collections.deque[concurrent.futures.Future] = collections.deque()

    def write(self, result: Result, name: str) -> None:
        """Have a result's report written; waits if too many are waiting already."""
        arguments = (self._folder, result, name, *self._given)
        self._begun.append(self._thread.submit(write_report, *arguments))
        while len(self._begun) > WAITING or (self._begun and self._begun[0].done()):
            self._begun.popleft().result()

    def __enter__(self) -> "Reports":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        while self._begun and kind is None:
            self._begun.popleft().result()


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


__all__ = ["Reports", "complete_reports", "report_of", "write_report", "write_tables"]
