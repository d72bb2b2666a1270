"""Which help a finding deserves, at the level that was asked for.

Levels: 0 none; 1 a nudge: what is right, and where to look; 2 the name of the mistake; 3 what to
change. The nudge is what the source shows, the check's hint, or that of the kind of fault.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from grader.catalog import Check
from grader.checking.scoring import Outcome
from grader.findings import Finding, Place
from grader.locale import Texts
from grader.report.cleaning import clean_line
from grader.report.commands import line_of

NONE, NUDGE, NAME, CHANGE = range(4)
LEVELS = (NONE, NUDGE, NAME, CHANGE)

GUESSING = ("cost", "device", "timing")  # kinds of checks whose hints guess at one cause of many

_EXCEPTIONS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"shapes cannot be multiplied|size mismatch|inconsistent tensor size", "matmul"),
        (r"must match the size|not broadcastable|expanded size of the tensor", "broadcast"),
        (r"same dtype|expected scalar type|did not match|Found dtype", "mixed_dtypes"),
        (r"in-?place operation", "inplace"),
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
    """The hint that names no mistake.

    What could be seen in the source goes first, then the check's own hint where the function fails
    in what this check asks for, then what the kind of fault or exception says of itself. Beside a
    named mistake no guess at its cause stands, which could contradict it: neither the exception's,
    nor that of a row about costs.
    """
    own = check.hint[texts.language] if finding.status in ("failed", "error") else ""
    if finding.advice is not None:
        return texts.say(f"advice.{finding.advice.code}", **filled(finding.advice.fields, texts))
    if finding.diagnosis is not None:
        return "" if check.kind in GUESSING else own
    if finding.code == "raised" and finding.particular:
        return own
    name = _own_hint(finding, texts)
    if name:
        return texts.say(f"hint.{name}")
    return own if finding.status == "failed" else ""


def filled(fields: Mapping[str, Any], texts: Texts) -> dict[str, str]:
    """An advice's fields as text; what came from the submission is cleaned."""
    return {name: _filled(value, texts) for name, value in fields.items()}


def _filled(value: Any, texts: Texts) -> str:
    return line_of(value, texts) if isinstance(value, Place) else clean_line(str(value), 80)


def _own_hint(finding: Finding, texts: Texts) -> str | None:
    if finding.code == "raised":
        error = f"{finding.fields.get('type')}: {finding.fields.get('text')}"
        return next((name for pattern, name in _EXCEPTIONS if pattern.search(error)), None)
    if finding.fields.get("kind") == "None" and not finding.fields.get("part"):
        return "returned_none"
    return finding.code if texts.has(f"hint.{finding.code}") else None
