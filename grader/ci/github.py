"""GitHub Actions: a fence around the report, at most ten annotations, and the summary of the step.

A runner reads commands from both standard streams. ``::stop-commands::TOKEN`` makes it stop until
``::TOKEN::``; the token is drawn after the submission has run: nothing it printed ends the fence.
"""

import os
import secrets
from collections.abc import Mapping

from grader.ci import Log
from grader.formats import markdown
from grader.formats.about import About, Spot
from grader.formats.outline import functions
from grader.formats.safe import line, text
from grader.report.model import CheckReport, Report

MOST_ANNOTATIONS = 10  # of one kind in one step: a runner drops the others
MOST_MESSAGE = 2_000
BAD = ("failed", "error", "timeout")  # a fault of the kit is no error of that line
MARGIN = 4096  # of the summary's limit, for what other programs add to it


class GitHub:
    """The writer.

    Args:
        variables: the environment.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._token = ""

    def before(self, log: Log) -> None:
        """Stop commands."""
        self._token = secrets.token_hex(24)
        log.write(f"::stop-commands::{self._token}\n")
        log.flush()

    def after(self, log: Log) -> None:
        """Let commands be read again."""
        log.write(f"\n::{self._token}::\n")
        log.flush()

    def report(self, report: Report, about: About, log: Log) -> list[str]:
        """Annotations into the log, the summary into its file."""
        for annotation in annotations(report, about, self.variables):
            log.write(annotation + "\n")
        log.flush()
        path = self.variables.get("GITHUB_STEP_SUMMARY", "")
        return [] if not path or _summarised(path, report, about) else ["ci.summary_unwritable"]


def _summarised(path: str, report: Report, about: About) -> bool:
    """Whether the summary could be added to the step's."""
    try:
        there = os.path.getsize(path) if os.path.exists(path) else 0
        content = markdown.within(report, about, markdown.MOST_BYTES - MARGIN - there)
        if there + len(content) <= markdown.MOST_BYTES:
            with open(path, "ab") as file:
                file.write(content)
        return there + len(content) <= markdown.MOST_BYTES
    except OSError:
        return False


def annotations(report: Report, about: About, variables: Mapping[str, str]) -> list[str]:
    """An error for each function at fault (and each line once), at most ten."""
    found: dict[tuple[str, int | None], str] = {}
    for exercise, function in functions(report):
        check = next((c for c in function.checks if c.status in BAD), None)
        if check is None or check.id not in about.spots:
            continue
        spot = about.spots[check.id]
        title = f"{exercise.name}.{function.name}: {check.title}"
        found.setdefault((spot.file, spot.line), _error(spot, title, check, about, variables))
    return list(found.values())[:MOST_ANNOTATIONS]


def _error(
    spot: Spot, title: str, check: CheckReport, about: About, variables: Mapping[str, str]
) -> str:
    said = [spot.sentence]
    if check.diagnosis is not None:
        said.append(about.texts.say("ci.mistake", text=check.diagnosis.text))
    message = text("\n".join(said), MOST_MESSAGE, about.texts)
    place = f"file={_property(_path(spot.file, variables))},"
    place += f"line={spot.line}," if spot.line else ""
    return f"::error {place}title={_property(line(title))}::{_data(message)}"


def _path(file: str, variables: Mapping[str, str]) -> str:
    """A file as the repository calls it."""
    root = os.path.realpath(variables.get("GITHUB_WORKSPACE") or os.getcwd())
    path = os.path.relpath(os.path.realpath(file), root)
    return line(file if path.startswith("..") else path, 1000)


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
