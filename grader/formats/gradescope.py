"""Gradescope's ``results.json``: a test a function, with what to do about it as plain text.

Standard output stays with the instructors: it is a log, not feedback.
"""

from typing import Any

from grader.formats.about import About
from grader.formats.outline import functions, notes, summary, told
from grader.formats.safe import as_json, fitted, line, number
from grader.report.model import ExerciseReport, FunctionReport, Report

MOST_BYTES = 1_000_000  # of the whole; no limit is published, pages get slow long before


def write(report: Report, about: About) -> bytes:
    """The file."""
    return fitted(lambda limit: as_json(_results(report, about, limit)), MOST_BYTES)


def _results(report: Report, about: About, limit: int) -> dict[str, Any]:
    places = {
        (exercise.name, function.name): f"{first}.{second}"
        for first, exercise in enumerate(report.exercises, 1)
        for second, function in enumerate(exercise.functions, 1)
    }
    return {
        "score": number(report.score),
        "execution_time": round(report.duration_s, 1),
        "output": "\n\n".join([summary(report, about), *notes(report, about)]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "max_score": number(report.max_score),
            "seed": report.seed,
            "device": line(report.device),
            "sandbox": line(report.sandbox),
        },
        "tests": [
            _test(exercise, function, places[exercise.name, function.name], about, limit)
            for exercise, function in functions(report)
        ],
    }


def _test(
    exercise: ExerciseReport, function: FunctionReport, place: str, about: About, limit: int
) -> dict[str, Any]:
    return {
        "name": f"{exercise.name}.{function.name}",
        "number": place,
        "score": number(function.score),
        "max_score": number(function.max_score),
        "status": "passed" if function.score == function.max_score else "failed",
        "output": told(function, about, limit) or about.texts.say("formats.all_passed"),
        "tags": [exercise.name, function.status],
    }
