"""Classroom 50's ``result.json``, ``classroom50/result/v1``: GitHub Classroom's open successor.

Its runner says in the environment what is graded, and sets the owner and the type of the assignment
again by itself. Points are whole numbers there: a part of one is not earned.
"""

import math
import re
from typing import Any

from grader.formats.about import About
from grader.formats.outline import functions, told
from grader.formats.safe import as_json, fitted, line
from grader.report.model import Report

SCHEMA = "classroom50/result/v1"
MOST_BYTES = 1_000_000
TIME = "%Y-%m-%dT%H:%M:%SZ"


def write(report: Report, about: About) -> bytes:
    """The file."""
    return fitted(lambda limit: as_json(_result(report, about, limit)), MOST_BYTES)


def _result(report: Report, about: About, limit: int) -> dict[str, Any]:
    tests = _tests(report, about, limit)

    def said(name: str, otherwise: str) -> str:
        return line(about.variables.get(name, ""), 1000) or otherwise

    tag = said("SUBMISSION_TAG", "")
    commit = said("COMMIT_URL", "local")
    kind = said("ASSIGNMENT_TYPE", "")
    when = about.when.strftime(TIME)
    owner = said("OWNER", "") or said("USERNAME", "") or line(about.student.login)
    return {
        "schema": SCHEMA,
        "classroom": said("CLASSROOM", "local"),
        "assignment": said("ASSIGNMENT", line(about.assignment) or "local"),
        "assignment_type": kind if kind in ("individual", "group") else "individual",
        "owner": owner or "local",
        "submission": tag if tag.startswith("submit/") else f"submit/{_name(when)}-local",
        "commit": commit,
        "release": said("RELEASE_URL", "local"),
        "review": said("REVIEW_URL", commit),
        "datetime": when,
        "graded_at": when,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _tests(report: Report, about: About, limit: int) -> list[dict[str, Any]]:
    return [
        {
            "test-name": f"{exercise.name}.{function.name}",
            "passed": function.score == function.max_score,
            "score": math.floor(function.score),
            "max-score": math.ceil(function.max_score),
            "message": told(function, about, limit),
        }
        for exercise, function in functions(report)
    ]


def _name(when: str) -> str:
    return re.sub(":", "-", when)
