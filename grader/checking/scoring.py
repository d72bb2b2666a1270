"""From what each check found to statuses, blame and points.

A check that does not pass in a function whose needs are at fault is ``blocked``, not blamed. A
function that passes everything by itself is not blocked by anyone.
"""

import dataclasses

from grader.catalog import Catalog, Check, Function
from grader.findings import Finding, Status

MINOR_KINDS = {"device", "cost", "timing"}
MINOR_CHECKS = {"precision", "device"}  # a helper's fault of this kind shows in the same checks
BLAMED = {"failed", "error", "timeout", "not_started", "fault"}
_FAILURES = {"failed", "error", "timeout"}


@dataclasses.dataclass
class Outcome:
    """What one check came to: no finding means that it passed."""

    check: Check
    finding: Finding | None = None
    duration_s: float = 0.0
    blocked_by: list[str] = dataclasses.field(default_factory=list)

    @property
    def status(self) -> Status:
        """The JSON report's word."""
        return self.finding.status if self.finding else "passed"

    @property
    def score(self) -> int:
        """Points earned: all or nothing. ``settle`` has seen to it that skipped ones deserve it."""
        return self.check.points if self.status in ("passed", "skipped") else 0


def settle(catalog: Catalog, outcomes: dict[str, Outcome], siblings: dict[str, set[str]]) -> None:
    """Turn failures that wait for another function into ``blocked``, in place.

    Args:
        outcomes: by check id; functions that were not run have none.
        siblings: for each exercise, which other exercises its file imported.
    """
    settled: dict[str, list[str]] = {}
    for function in catalog.functions.values():
        _settle(function, catalog, outcomes, siblings, settled)


def _settle(
    function: Function,
    catalog: Catalog,
    outcomes: dict[str, Outcome],
    siblings: dict[str, set[str]],
    settled: dict[str, list[str]],
) -> list[str]:
    """Settle one function after its needs.

    Returns:
        The functions at fault that others should wait for: itself, those it waits for, or none.
    """
    if function.key in settled:
        return settled[function.key]
    settled[function.key] = []  # needs that run in a circle end here
    own = [outcomes[check.id] for check in function.checks if check.id in outcomes]
    roots: list[str] = []
    broken = False
    for need in needs_in_use(function, siblings):
        other = catalog.functions.get(need)
        if other is None:
            continue
        found = _settle(other, catalog, outcomes, siblings, settled)
        roots += [root for root in found if root not in roots]
        broken = broken or (bool(found) and _is_broken(other, outcomes))
    sibling = next((o.finding.sibling for o in own if o.finding and o.finding.sibling), "")
    if sibling in catalog.names:
        roots, broken = [f.key for f in catalog.exercise(sibling).functions], True
    _block(function, own, roots, broken)
    _settle_skipped(function, own)
    if any(outcome.status in BLAMED for outcome in own):
        settled[function.key] = [function.key]
    elif any(outcome.status == "blocked" for outcome in own):
        settled[function.key] = roots
    return settled[function.key]


def needs_in_use(function: Function, siblings: dict[str, set[str]]) -> list[str]:
    """A function's needs; those in other exercises only if the submission imports these."""
    imported = siblings.get(function.exercise, set())
    return [
        need
        for need in function.needs
        if need.startswith(f"{function.exercise}.") or need.split(".")[0] in imported
    ]


def _is_broken(function: Function, outcomes: dict[str, Outcome]) -> bool:
    """Whether more than a minor trait of a function (its device, its dtype) is at fault."""
    return any(
        outcomes[check.id].status in BLAMED | {"blocked"} and not _is_minor(check)
        for check in function.checks
        if check.id in outcomes
    )


def _can_wait(outcome: Outcome) -> bool:
    """Whether a failure may be another function's doing: not that of a file that can't be used."""
    finding = outcome.finding
    return finding is not None and not finding.of_file and outcome.status in _FAILURES


def _is_minor(check: Check) -> bool:
    return check.kind in MINOR_KINDS or check.name in MINOR_CHECKS


def _block(function: Function, own: list[Outcome], roots: list[str], broken: bool) -> None:
    """Where a need is broken, all checks of a function that is not right by itself wait for it.

    Where a need has a minor fault only, the same minor checks wait.
    """
    waiting = [outcome for outcome in own if _can_wait(outcome)]
    if not broken:
        waiting = [outcome for outcome in waiting if _is_minor(outcome.check)]
    if not waiting or not roots:
        return
    names = [root.removeprefix(f"{function.exercise}.") for root in roots]
    for outcome in own if broken else waiting:
        if outcome.status not in ("not_started", "fault"):
            outcome.finding = Finding("blocked", {"functions": ", ".join(names)}, status="blocked")
            outcome.blocked_by = names


def _settle_skipped(function: Function, own: list[Outcome]) -> None:
    """A check that this machine can't judge earns its points only beside full marks elsewhere."""
    if all(outcome.status in ("passed", "skipped") for outcome in own):
        return
    for outcome in own:
        if outcome.status == "skipped":
            fields = {"functions": function.name}
            outcome.finding = Finding("blocked_by_itself", fields, status="blocked")
            outcome.blocked_by = [function.name]


def combined(statuses: list[str]) -> str:
    """The status of a whole from those of its parts.

    All not started is ``not_started``; some passed and the rest not started is ``failed``.
    """
    present = set(statuses)
    if present <= {"passed", "skipped"}:
        return "passed"
    if present <= {"not_started"}:
        return "not_started"
    for status in ("fault", "error", "timeout", "failed"):
        if status in present:
            return status
    if "not_started" in present:
        return "failed" if "passed" in present else "not_started"
    return "blocked"
