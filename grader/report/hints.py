"""Which hint a finding deserves: the exception's, that of the kind of fault, or the check's."""

import re

from grader.catalog import Check
from grader.findings import Finding
from grader.locale import Texts

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


def hint_for(finding: Finding, check: Check, texts: Texts) -> str:
    """The hint of a finding in the language of ``texts``; "" where there is nothing to say."""
    if finding.diagnosis is not None:
        return finding.diagnosis.hint[texts.language]
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
