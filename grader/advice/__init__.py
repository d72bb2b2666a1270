"""What a good teacher would say of a finding, where its cause can be seen.

From the kind of fault, the exception's text, and the submission's source as text: nothing of it is
run. An advice is a sentence's id (``[advice]`` in ``grader/locale``) with fields. Where two causes
are possible none is named: a wrong one would be worse than none.
"""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable

from grader.advice import loading, missing, raised, results
from grader.advice.scene import Scene
from grader.checking.scoring import Outcome
from grader.findings import Finding
from grader.submission import Submission

_ADVISERS: tuple[Callable[[Scene], Finding | None], ...] = (
    missing.advised,
    loading.advised,
    raised.advised,
    results.advised,
)


def advise(outcomes: Iterable[Outcome], submission: Submission, names: set[str]) -> None:
    """Give each finding, in place, the advice that fits it.

    Args:
        outcomes: all of a run, settled.
        names: of the functions that the syllabus asks for.
    """
    known = list(outcomes)
    passed = {_function(outcome) for outcome in known if outcome.status == "passed"}
    for outcome in known:
        if outcome.finding is None or outcome.status in ("blocked", "skipped", "fault"):
            continue
        scene = Scene(outcome.finding, outcome.check, submission.snapshot, names)
        found: Finding | None = None
        with contextlib.suppress(Exception):  # help is never worth a verdict
            found = next(filter(None, (adviser(scene) for adviser in _ADVISERS)), None)
        particular = _function(outcome) in passed
        outcome.finding = dataclasses.replace(found or outcome.finding, particular=particular)


def _function(outcome: Outcome) -> tuple[str, str]:
    return outcome.check.exercise, outcome.check.function
