"""Exercism's ``results.json``, version 3: a test a check, in the syllabus's order.

``task_id`` counts the functions. A runner ends with exit code 0 whatever came out:
``--fail-under 0``.
"""

from typing import Any

from grader.formats.about import About
from grader.formats.outline import BROKEN, EARNS, checks
from grader.formats.safe import as_json, fitted, line, text
from grader.report.model import CheckReport, Report

VERSION = 3
MOST_BYTES = 500_000
MOST_MESSAGE = 65_535
MOST_OUTPUT = 500


def write(report: Report, about: About) -> bytes:
    """The file."""
    return fitted(lambda limit: as_json(_results(report, about, limit)), MOST_BYTES)


def _results(report: Report, about: About, limit: int) -> dict[str, Any]:
    found = list(checks(report))
    statuses = {check.status for _, _, check in found}
    status, message = "fail", None
    if statuses <= set(EARNS):
        status = "pass"
    elif statuses <= {*BROKEN, "blocked"}:
        status = "error"  # nothing ran: a file that can't be imported, or a fault of ours
        first = next(check for _, _, check in found if check.status not in EARNS)
        message = text(first.message, MOST_MESSAGE, about.texts)
    tasks = {key: number for number, key in enumerate(dict.fromkeys(_task(c) for c in found), 1)}
    return {
        "version": VERSION,
        "status": status,
        "message": message,
        "tests": [_test(tasks[_task(entry)], entry[2], about, limit) for entry in found],
    }


def _task(entry: tuple[Any, Any, CheckReport]) -> tuple[str, str]:
    return entry[0].name, entry[1].name


def _test(task: int, check: CheckReport, about: About, limit: int) -> dict[str, Any]:
    status = "pass" if check.status in EARNS else "error" if check.status in BROKEN else "fail"
    found: dict[str, Any] = {
        "name": line(f"{check.id.rpartition('.')[0]}: {check.title}"),
        "status": status,
        "message": None if status == "pass" else text(check.message, limit, about.texts),
        "test_code": _call(check),
        "task_id": task,
    }
    printed = about.printed.get(check.id, "")
    if printed:
        found["output"] = text(printed, min(MOST_OUTPUT, limit), about.texts)
    return found


def _call(check: CheckReport) -> str:
    """The call that was judged, as far as it is known."""
    function = check.id.split(".")[1]
    call = check.counterexample or {}
    arguments = call.get("arguments")
    if not isinstance(arguments, dict):
        return f"{function}(...)"
    return line(f"{call.get('function', function)}({', '.join(map(str, arguments))})")
