"""PrairieLearn's ``/grade/results/results.json``: a test a function, the score from 0 to 1.

Where the kit itself failed, or where no exercise file is there, the submission is "not gradable":
no points are lost, and no attempt.
"""

from typing import Any

from grader.formats.about import About
from grader.formats.outline import checks, functions, notes, summary, told
from grader.formats.safe import as_json, fitted, number
from grader.report.model import Report

MOST_BYTES = 1_000_000  # it takes 1 MB


def write(report: Report, about: About) -> bytes:
    """The file."""
    return fitted(lambda limit: as_json(_results(report, about, limit)), MOST_BYTES)


def _results(report: Report, about: About, limit: int) -> dict[str, Any]:
    reason = _not_gradable(report, about)
    share = report.score / report.max_score if report.max_score else 1.0
    found: dict[str, Any] = {"gradable": not reason, "score": min(max(share, 0.0), 1.0)}
    if reason:
        found["format_errors"] = [reason]
    found["message"] = summary(report, about)
    found["output"] = "\n".join(notes(report, about))
    found["tests"] = [
        {
            "name": f"{exercise.name}.{function.name}",
            "description": about.title(exercise.name),
            "points": number(function.score),
            "max_points": number(function.max_score),
            "message": about.texts.say(f"status.{function.status}"),
            "output": told(function, about, limit),
        }
        for exercise, function in functions(report)
    ]
    return found


def _not_gradable(report: Report, about: About) -> str:
    found = [check for _, _, check in checks(report)]
    faults = sum(check.status == "fault" for check in found)
    if faults:
        return about.texts.say("report.fault", count=faults)
    if found and all(check.status == "not_started" for check in found):
        return about.texts.say("formats.nothing")
    return ""
