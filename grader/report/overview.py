"""What the terminal report is made of: one entry a function, or one a file that is broken whole."""

import dataclasses

from grader.catalog import Exercise
from grader.checking.scoring import Outcome, combined
from grader.checking.session import Graded
from grader.findings import Finding, Place
from grader.report.cleaning import clean_line

BAD = ("failed", "error", "timeout")


@dataclasses.dataclass
class Entry:
    """A function (or a whole file, where ``function`` is empty) with what its checks came to."""

    exercise: str
    function: str
    status: str
    outcomes: list[Outcome]

    @property
    def name(self) -> str:
        """gru.update_gate, or gru.py for a file, which may be a notebook."""
        if self.function or self.finding is None:
            return f"{self.exercise}.{self.function or 'py'}"
        return clean_line(str(self.finding.fields.get("file", f"{self.exercise}.py")), 80)

    @property
    def home(self) -> Place:
        """Where its function is defined, or should be."""
        known = self.finding.home if self.finding else None
        return known or Place(f"{self.exercise}.py", 0, "", "")

    @property
    def troubled(self) -> list[Outcome]:
        """The outcomes that did not pass, those that say most first."""
        order = (*BAD, "fault", "not_started", "blocked")
        found = [outcome for outcome in self.outcomes if outcome.status in order]
        return sorted(found, key=lambda outcome: _rank(outcome, order))

    @property
    def finding(self) -> Finding | None:
        """The finding that says most."""
        return self.troubled[0].finding if self.troubled else None


def _rank(outcome: Outcome, order: tuple[str, ...]) -> int:
    """A finding with a call or a reason of its own before those that only follow."""
    return 0 if outcome.status in BAD else order.index(outcome.status)


def entries(graded: Graded) -> list[Entry]:
    """All functions of the exercises that were asked for, in order; broken files as one entry."""
    found = []
    for exercise in graded.catalog.exercises:
        if exercise.name in graded.wanted:
            found += _entries_of(exercise, graded.outcomes)
    return found


def _entries_of(exercise: Exercise, outcomes: dict[str, Outcome]) -> list[Entry]:
    functions = []
    for function in exercise.functions:
        own = [outcomes[check.id] for check in function.checks]
        status = combined([outcome.status for outcome in own])
        functions.append(Entry(exercise.name, function.name, status, own))
    everything = [outcome for entry in functions for outcome in entry.outcomes]
    about = [outcome for outcome in everything if _about_the_file(outcome.finding)]
    blocked = sum(outcome.status == "blocked" for outcome in everything)
    if about and len(about) + blocked == len(everything):
        return [Entry(exercise.name, "", about[0].status, about[:1])]
    return functions


def _about_the_file(finding: Finding | None) -> bool:
    beginnings = ("file_", "load_", "notebook_", "too_many_files")
    return finding is not None and finding.code.startswith(beginnings)


def in_trouble(entry: Entry) -> bool:
    """Whether it is at fault, or written but can't be asked: misnamed, or the stub's line left."""
    written = entry.finding is not None and entry.finding.advice is not None
    return entry.status in BAD or (entry.status == "not_started" and written)


def first_in_trouble(found: list[Entry]) -> Entry | None:
    """The first entry that is in trouble, to be shown in full."""
    return next((entry for entry in found if in_trouble(entry)), None)


def first_unstarted(found: list[Entry]) -> Entry | None:
    """The first function that is still to be written; of a notebook, in what it holds already."""
    waiting = [e for e in found if e.status == "not_started" and not in_trouble(e)]
    here = [entry for entry in waiting if entry.finding and entry.finding.code != "notebook_lacks"]
    return next(iter(here or waiting), None)


def waits_for(found: list[Entry]) -> list[str]:
    """Functions of exercises outside this report that the first waiting entry waits for."""
    for entry in found:
        for outcome in entry.outcomes:
            foreign = [name for name in outcome.blocked_by if "." in name]
            if foreign and not {name.split(".")[0] for name in foreign} & {
                other.exercise for other in found
            }:
                return foreign
    return []
