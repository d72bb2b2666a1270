"""Grading in CI: which system it is, and what its log, its summary and its review show.

GitHub Actions and GitLab CI are recognised by the variables that they set. Everything that a
submission printed is kept from being read as a command of theirs.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from grader.formats.about import About
from grader.report.model import Report


class Log(Protocol):
    """A log whose readers act on some lines."""

    def write(self, text: str) -> object:
        """Write text."""

    def flush(self) -> None:
        """Send what was written."""


class Writer(Protocol):
    """What a CI system gets beside the report on the terminal."""

    def before(self, log: Log) -> None:
        """Before anything of the submission is printed."""

    def after(self, log: Log) -> None:
        """After it."""

    def report(self, report: Report, about: About, log: Log) -> list[str]:
        """Summary, annotations, reports. Returns what could not be written, as sentences' ids."""


def writer_of(variables: Mapping[str, str], outputs: list[str]) -> Writer | None:
    """The writer for the CI system that these environment variables come from, if there is one.

    Args:
        outputs: the formats that are written anyway.
    """
    if variables.get("GITHUB_ACTIONS") == "true":
        from grader.ci.github import GitHub

        return GitHub(variables)
    if variables.get("GITLAB_CI") == "true":
        from grader.ci.gitlab import GitLab

        return GitLab(variables, "junit" in outputs)
    return None


@contextlib.contextmanager
def fenced(writer: Writer | None, log: Log) -> Iterator[None]:
    """While this lasts, nothing in the log is a command."""
    if writer is None:
        yield
        return
    writer.before(log)
    try:
        yield
    finally:
        writer.after(log)
