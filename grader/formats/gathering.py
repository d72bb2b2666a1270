"""From a finished run to what stands beside its report (``about.py``).

Lines of the submission are found in its bytes, by a pattern; nothing of it is parsed or run here.
"""

import datetime
import os
import re
from collections.abc import Mapping
from pathlib import Path

from grader.checking.scoring import Outcome
from grader.checking.session import Graded
from grader.findings import Finding
from grader.formats.about import ASSIGNMENT, About, Spot, Student, student_of
from grader.locale import Texts
from grader.report.cleaning import clean
from grader.report.commands import path_of
from grader.report.wording import sentence
from grader.snapshot import read_source

PRINTED_CHARS = 10_000


def gathered(
    graded: Graded,
    submission: str,
    texts: Texts,
    student: str | None = None,
    assignment: str | None = None,
    variables: Mapping[str, str] = os.environ,
) -> About:
    """What stands beside the report of a run.

    Args:
        submission: the folder, as the user typed it.
        student: what ``--student`` was given; else the folder's name is taken.
    """
    lines = _Lines(submission)
    chosen = [o for o in graded.outcomes.values() if o.check.exercise in graded.wanted]
    found = [(o.check.id, o, o.finding) for o in chosen if o.finding is not None]
    return About(
        texts=texts,
        student=student_of(student) if student else _of_folder(submission),
        when=datetime.datetime.now(datetime.timezone.utc),
        assignment=assignment or ASSIGNMENT,
        titles={e.name: e.title[texts.language] for e in graded.catalog.exercises},
        spots={key: lines.spot(outcome, finding, texts) for key, outcome, finding in found},
        printed={key: _printed(o, finding, graded) for key, o, finding in found},
        variables=dict(variables),
    )


def _of_folder(submission: str) -> Student:
    return Student(os.path.basename(os.path.realpath(submission)) or ASSIGNMENT)


def _printed(outcome: Outcome, finding: Finding, graded: Graded) -> str:
    """What was printed in the call, or else while the file was imported."""
    output = finding.call.printed if finding.call else b""
    output = output if output.strip() else graded.printed.get(outcome.check.exercise, b"")
    return clean(output, PRINTED_CHARS).strip("\n")


class _Lines:
    """Where things stand in the submission's files; each is read once."""

    def __init__(self, submission: str) -> None:
        self.submission = submission
        self._sources: dict[str, bytes] = {}

    def spot(self, outcome: Outcome, finding: Finding, texts: Texts) -> Spot:
        """The innermost own line of an exception, or else where the function begins."""
        said = sentence(finding, texts)
        if finding.places:
            place = finding.places[-1]
            return Spot(path_of(self.submission, place.file), place.line, said)
        file = f"{outcome.check.exercise}.py"
        line = None if finding.of_file else self._begin(file, outcome.check.function)
        return Spot(path_of(self.submission, file), line, said)

    def _begin(self, file: str, function: str) -> int | None:
        if file not in self._sources:
            self._sources[file] = read_source(Path(self.submission) / file)
        source = self._sources[file]
        pattern = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{function}\b|^{function}[ \t]*[=:]"
        found = list(re.finditer(pattern.encode(), source, re.MULTILINE))
        return source.count(b"\n", 0, found[-1].start()) + 1 if found else None
