"""From what each check found to statuses, blame and points.

A check that fails is ``blocked``, not blamed, if the call that failed called another function of
the submission that has lost points for a fault of its own, or is not begun. What a function called
was observed (``submission.Function.called``); one that calls none never waits.
"""

import dataclasses

from grader.catalog import Catalog, Check, Function
from grader.findings import Finding, Status

MINOR_KINDS = {"device", "cost", "timing"}
MINOR_CHECKS = {"precision", "device"}  # a helper's fault of this kind shows in the same checks
BLAMED = {"failed", "error", "timeout", "not_started", "fault"}
FAILURES = {"failed", "error", "timeout"}


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


def settle(catalog: Catalog, outcomes: dict[str, Outcome]) -> None:
    """Turn failures that wait for another function into ``blocked``, in place.

    Args:
        outcomes: by check id; functions that were not run have none.
    """
    losing = _losing(catalog, outcomes)
    guilty = _guilty(catalog, losing)
    for key, own in losing.items():
        for outcome in own:
            _block(catalog.functions[key], outcome, _causes(outcome, key, guilty, catalog))
    for function in catalog.functions.values():
        _settle_skipped(function, _own(function, outcomes))


def _own(function: Function, outcomes: dict[str, Outcome]) -> list[Outcome]:
    return [outcomes[check.id] for check in function.checks if check.id in outcomes]


def _losing(catalog: Catalog, outcomes: dict[str, Outcome]) -> dict[str, list[Outcome]]:
    """The functions that have lost points, with the outcomes that lost them."""
    found = {}
    for function in catalog.functions.values():
        lost = [outcome for outcome in _own(function, outcomes) if outcome.status in BLAMED]
        if lost:
            found[function.key] = lost
    return found


def _guilty(catalog: Catalog, losing: dict[str, list[Outcome]]) -> dict[str, list[Outcome]]:
    """The losing functions with a fault of their own: a loss that no function they called explains.

    What was called is looked at before what called it. Functions that call each other in a circle
    are at fault themselves, the first of them by the syllabus.
    """
    guilty: dict[str, list[Outcome]] = {}
    open_ = dict(losing)
    while open_:
        settled = []
        for key, own in open_.items():
            pending = [o for o in own if not _causes(o, key, guilty, catalog)]
            mine = [o for o in pending if not _causes(o, key, open_, catalog)]
            if mine:
                guilty[key] = mine
            if mine or not pending:
                settled.append(key)
        if not settled:
            settled = [next(iter(open_))]
            guilty[settled[0]] = open_[settled[0]]
        for key in settled:
            del open_[key]
    return guilty


def _causes(
    outcome: Outcome, key: str, faults: dict[str, list[Outcome]], catalog: Catalog
) -> list[str]:
    """Those of the functions with ``faults`` that an outcome of function ``key`` may come from."""
    called = [name for name in called_by(outcome, catalog) if name != key and name in faults]
    return [name for name in called if any(_explains(o, outcome.check) for o in faults[name])]


def _explains(lost: Outcome, other: Check) -> bool:
    """A minor fault of a helper (its device, its dtype) shows in minor rows of its callers only.

    Numbers that are not right to their precision may show anywhere.
    """
    imprecise = lost.finding is not None and lost.finding.code == "precision"
    return imprecise or not _is_minor(lost.check) or _is_minor(other)


def called_by(outcome: Outcome, catalog: Catalog) -> list[str]:
    """The functions of the syllabus that the failing call of an outcome called, in its order.

    A file that was not there, or could not be loaded, stands for what is used of it.
    """
    finding = outcome.finding
    if finding is None or finding.of_file or outcome.status not in FAILURES:
        return []
    named = set(finding.called or ())
    files = {name.removesuffix(".") for name in named if name.endswith(".")}
    needs = catalog.functions[f"{outcome.check.exercise}.{outcome.check.function}"].needs
    named |= {need for need in needs if need.split(".")[0] in files}
    if finding.sibling in catalog.names:
        named |= {function.key for function in catalog.exercise(finding.sibling).functions}
    return [key for key in catalog.functions if key in named]


def _is_minor(check: Check) -> bool:
    return check.kind in MINOR_KINDS or check.name in MINOR_CHECKS


def _block(function: Function, outcome: Outcome, causes: list[str]) -> None:
    """Let an outcome wait for the functions that it comes from, if there are any."""
    if causes:
        names = [name.removeprefix(f"{function.exercise}.") for name in causes]
        outcome.finding = Finding("blocked", {"functions": ", ".join(names)}, status="blocked")
        outcome.blocked_by = names


def _settle_skipped(function: Function, own: list[Outcome]) -> None:
    """A check that this machine can't judge earns its points only beside full marks elsewhere."""
    if all(outcome.status in ("passed", "skipped") for outcome in own):
        return
    elsewhere = [name for outcome in own for name in outcome.blocked_by]
    waits = list(dict.fromkeys(elsewhere)) if not any(o.status in BLAMED for o in own) else []
    code = "blocked" if waits else "blocked_by_itself"
    names = waits or [function.name]
    for outcome in own:
        if outcome.status == "skipped":
            outcome.finding = Finding(code, {"functions": ", ".join(names)}, status="blocked")
            outcome.blocked_by = names


def combined(statuses: list[str]) -> str:
    """The status of a whole from those of its parts.

    All not started is ``not_started``; some passed and the rest not started is ``failed``; what
    only waits is ``blocked``.
    """
    present = set(statuses)
    if present <= {"passed", "skipped"}:
        return "passed"
    if present <= {"not_started"}:
        return "not_started"
    for status in ("fault", "error", "timeout", "failed"):
        if status in present:
            return status
    return "failed" if {"not_started", "passed"} <= present else "blocked"
