"""What a class's results say together; counted one report at a time, so any number of them fits."""

import dataclasses
import statistics
from collections import Counter

from grader.batch.store import GRADED, Gradebook
from grader.report.model import CheckReport, from_json

PASSED = ("passed", "skipped")
SHOWN = 15


@dataclasses.dataclass
class Share:
    """How many of those who have begun something passed it."""

    passed: int = 0
    begun: int = 0

    @property
    def percent(self) -> float:
        """Of those who have begun."""
        return 100 * self.passed / self.begun if self.begun else 0.0


@dataclasses.dataclass
class Overview:
    """A class in numbers. Scores are percentages of what can be had."""

    states: Counter[str] = dataclasses.field(default_factory=Counter)
    scores: list[float] = dataclasses.field(default_factory=list)
    checks: dict[str, Share] = dataclasses.field(default_factory=dict)
    functions: dict[str, Share] = dataclasses.field(default_factory=dict)
    mistakes: Counter[str] = dataclasses.field(default_factory=Counter)
    texts: dict[str, str] = dataclasses.field(default_factory=dict)
    titles: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def middle(self) -> float:
        """The median score."""
        return statistics.median(self.scores) if self.scores else 0.0

    def hardest(self) -> list[tuple[str, Share]]:
        """Functions that the fewest have right, among those who have begun them."""
        begun = [(name, share) for name, share in self.functions.items() if share.begun]
        return sorted(begun, key=lambda pair: (pair[1].percent, pair[0]))[:SHOWN]

    def commonest(self) -> list[tuple[str, int]]:
        """Known mistakes by how many students made them."""
        return sorted(self.mistakes.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]


def overview(book: Gradebook) -> Overview:
    """The numbers of what counts now."""
    found = Overview()
    for result in book.current():
        found.states[result.state] += 1
        if result.state != GRADED:
            continue
        found.scores.append(100 * result.score / result.max_score if result.max_score else 0.0)
        made: set[str] = set()
        for exercise in from_json(result.report).exercises:
            for function in exercise.functions:
                key = f"{exercise.name}.{function.name}"
                share = found.functions.setdefault(key, Share())
                if any(check.status != "not_started" for check in function.checks):
                    share.begun += 1
                    share.passed += function.score == function.max_score
                for check in function.checks:
                    made |= _count(found, check)
        found.mistakes.update(made)
    return found


def _count(found: Overview, check: CheckReport) -> set[str]:
    """Add one check; the mistakes that it names."""
    share = found.checks.setdefault(check.id, Share())
    found.titles[check.id] = check.title
    if check.status not in ("not_started", "blocked"):
        share.begun += 1
        share.passed += check.status in PASSED
    if check.diagnosis is None:
        return set()
    found.texts[check.diagnosis.id] = check.diagnosis.text
    return {check.diagnosis.id}


__all__ = ["Overview", "Share", "overview"]
