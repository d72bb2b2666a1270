"""GitLab CI: the report in a section of the log, a folded section for each exercise, and JUnit.

A section begins with an escape sequence and a carriage return, which cleaned text never contains.
"""

import os
import time
from collections.abc import Mapping

from grader.arguments import write_json
from grader.ci import Log
from grader.formats import junit
from grader.formats.about import About
from grader.formats.outline import points, told
from grader.formats.safe import line
from grader.report.model import ExerciseReport, Report

JUNIT = "gatecheck-junit.xml"  # the name that .gitlab-ci.yml collects
MOST_MESSAGE = 5_000
_CLEAR = "\x1b[0K"


class GitLab:
    """The writer.

    Args:
        variables: the environment.
        has_junit: whether somebody asked for JUnit already.
    """

    def __init__(self, variables: Mapping[str, str], has_junit: bool) -> None:
        self.variables = variables
        self.has_junit = has_junit

    def before(self, log: Log) -> None:
        """Begin the section of the report."""
        log.write(_start("gatecheck_report", "gatecheck", False))
        log.flush()

    def after(self, log: Log) -> None:
        """End it."""
        log.write("\n" + _end("gatecheck_report"))
        log.flush()

    def report(self, report: Report, about: About, log: Log) -> list[str]:
        """A section for each exercise that lost points; the JUnit report."""
        for exercise in report.exercises:
            content = _content(exercise, about)
            if content:
                name = f"gatecheck_{exercise.name}"
                head = f"{exercise.name}  {points(exercise.score, exercise.max_score)}"
                log.write(f"{_start(name, line(head), True)}{content}\n{_end(name)}")
        log.flush()
        if self.has_junit:
            return []
        folder = self.variables.get("CI_PROJECT_DIR") or os.getcwd()
        try:
            write_json(os.path.join(folder, JUNIT), junit.write(report, about))
        except OSError:
            return ["ci.junit_unwritable"]
        return []


def _content(exercise: ExerciseReport, about: About) -> str:
    """What is to be told about the functions that are begun and not right."""
    parts = []
    for function in exercise.functions:
        begun = any(check.status != "not_started" for check in function.checks)
        if function.score < function.max_score and begun:
            score = points(function.score, function.max_score)
            head = f"{exercise.name}.{function.name}  {score}"
            parts.append(f"{head}\n{told(function, about, MOST_MESSAGE)}")
    return "\n\n".join(parts)


def _start(name: str, head: str, folded: bool) -> str:
    option = "[collapsed=true]" if folded else ""
    return f"{_CLEAR}section_start:{int(time.time())}:{name}{option}\r{_CLEAR}{head}\n"


def _end(name: str) -> str:
    return f"{_CLEAR}section_end:{int(time.time())}:{name}\r{_CLEAR}\n"
