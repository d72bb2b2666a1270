"""Which help a finding deserves, at the level that was asked for.

Levels: 0 none; 1 a nudge: what is right, and where to look; 2 the name of the mistake; 3 what to
change. The nudge is the exception's hint, that of the kind of fault, or the check's.
"""

import re
from collections.abc import Iterable

from grader.catalog import Check
from grader.checking.scoring import Outcome
from grader.findings import Finding
from grader.locale import Texts

NONE, NUDGE, NAME, CHANGE = range(4)
LEVELS = (NONE, NUDGE, NAME, CHANGE)

_EXCEPTIONS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"shapes cannot be multiplied|size mismatch|inconsistent tensor size", "matmul"),
        (r"must match the size|not broadcastable|expanded size of the tensor", "broadcast"),
        (r"same dtype|expected scalar type|did not match|Found dtype", "mixed_dtypes"),
        (r"in-?place operation", "inplace"),
        (r"autograd is switched off|[Ii]nference tensor|InferenceMode", "by_hand"),
        (r"does not require grad", "graph"),
        (r"values to unpack|iteration over a 0-d tensor", "unpack"),
        (r"NoneType", "none"),
        (r"^(NameError|UnboundLocalError)", "name"),
        (r"positional argument|unexpected keyword argument|required keyword", "arguments"),
    )
)


def help_at(outcomes: Iterable[Outcome], level: int) -> None:
    """Leave of each finding, in place, what a level of help lets be said."""
    for outcome in outcomes:
        finding = outcome.finding
        if finding is not None:
            finding.hints = level
            finding.diagnosis = finding.diagnosis if level >= NAME else None
            finding.standing = finding.standing if level >= NUDGE else None


def hint_for(finding: Finding, check: Check, texts: Texts) -> str:
    """The hint of a finding in the language of ``texts``; "" where there is nothing to say."""
    if finding.hints < NUDGE:
        return ""
    if finding.diagnosis is not None and finding.hints >= CHANGE:
        return finding.diagnosis.hint[texts.language]
    return nudge(finding, check, texts)


def nudge(finding: Finding, check: Check, texts: Texts) -> str:
    """The hint that names no mistake."""
    name = _own_hint(finding, texts)
    if name:
        return texts.say(f"hint.{name}")
    return check.hint[texts.language] if finding.status == "failed" else ""


def _own_hint(finding: Finding, texts: Texts) -> str | None:
    if finding.code == "raised":
        error = f"{finding.fields.get('type')}: {finding.fields.get('text')}"
        return next((name for pattern, name in _EXCEPTIONS if pattern.search(error)), None)
    if finding.fields.get("kind") == "None":
        return "returned_none"
    return finding.code if texts.has(f"hint.{finding.code}") else None
