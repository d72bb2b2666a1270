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


def advise(outcomes: Iterable[Outcome], submission: Submission) -> None:
    """Give each finding, in place, the advice that fits it.

    Args:
        outcomes: all of a run, settled, with their diagnoses.
    """
    known = list(outcomes)
    asked: dict[str, set[str]] = {}
    for outcome in known:
        asked.setdefault(outcome.check.exercise, set()).add(outcome.check.function)
    passed = {_function(outcome) for outcome in known if outcome.status == "passed"}
    files: dict[int, Finding] = {}  # a file that can't be used is one finding for all its checks
    for outcome in known:
        finding = outcome.finding
        if finding is None or outcome.status in ("blocked", "skipped", "fault"):
            continue
        names, by_hand = asked[outcome.check.exercise], outcome.check.exercise in submission.by_hand
        if id(finding) not in files:
            scene = Scene(finding, outcome.check, submission.snapshot, names, by_hand)
            found = _advised(scene)
            if finding.of_file:
                files[id(finding)] = found
        else:
            found = files[id(finding)]
        outcome.finding = dataclasses.replace(found, particular=_function(outcome) in passed)
    for exercise, partly in submission.left_out().items():
        check = next((o.check for o in known if o.check.exercise == exercise), None)
        if check is not None:
            own = (asked[exercise], exercise in submission.by_hand)
            partly.finding = _advised(Scene(partly.finding, check, submission.snapshot, *own))


def _advised(scene: Scene) -> Finding:
    finding = scene.finding
    with contextlib.suppress(Exception):  # help is never worth a verdict
        return next(filter(None, (adviser(scene) for adviser in _ADVISERS)), finding)
    return finding


def _function(outcome: Outcome) -> tuple[str, str]:
    return outcome.check.exercise, outcome.check.function
