"""The report itself, schema 1: the same as ``--json``."""

from grader.formats.about import About
from grader.report.model import Report, to_json


def write(report: Report, about: About) -> bytes:
    """The file."""
    return to_json(report)
