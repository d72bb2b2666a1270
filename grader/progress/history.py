"""Remembering a run of the project's own exercises, and what that says: "yesterday 41, now 57"."""

import datetime
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from grader import catalog as catalogs
from grader.arguments import Order
from grader.locale import Texts
from grader.progress.store import Result, Store, StoreProblem
from grader.report.model import ExerciseReport, Report
from grader.snapshot import read_source

PATH = Path(".gatecheck") / "progress.db"
SUFFIXES = (".py", ".ipynb")


def own(submission: str, root: Path = catalogs.ROOT) -> bool:
    """Whether a submission is the project's own exercises: only those have a history."""
    return os.path.realpath(submission) == os.path.realpath(root / "exercises")


def source_of(folder: Path, exercise: str, catalog: catalogs.Catalog) -> str:
    """A hash of an exercise's file and of those that it needs."""
    digest = hashlib.sha256()
    for name in catalog.needed([exercise]):
        for suffix in SUFFIXES:
            content = read_source(folder / f"{name}{suffix}")
            digest.update(f"{name}{suffix} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def sources_of(wish: Order) -> dict[str, str] | None:
    """The hashes of what a run will grade; None if it is not the project's own, or in CI."""
    elsewhere = wish.session or not own(wish.submission)
    if elsewhere or os.environ.get("CI") or os.environ.get("GRADER_HISTORY") == "0":
        return None
    catalog = catalogs.load()
    folder = Path(wish.submission)
    return {name: source_of(folder, name, catalog) for name in wish.exercises or catalog.names}


def results_of(
    report: Report, folder: Path, catalog: catalogs.Catalog, at: float, sources: Mapping[str, str]
) -> list[Result]:
    """What a report says of each exercise.

    Args:
        sources: hashes taken before the run; what was saved meanwhile was not graded.
    """
    return [
        Result(
            exercise.name,
            at,
            exercise.score,
            exercise.max_score,
            exercise.status,
            sources.get(exercise.name) or source_of(folder, exercise.name, catalog),
            _checks(exercise),
        )
        for exercise in report.exercises
    ]


def _checks(exercise: ExerciseReport) -> dict[str, str]:
    return {check.id: check.status for f in exercise.functions for check in f.checks}


def remember(
    report: Report,
    submission: str,
    texts: Texts,
    complain: Callable[[str], None],
    sources: Mapping[str, str] | None = None,
    path: Path | None = None,
) -> str | None:
    """Keep a run's results; the line that compares them with the last ones, or None.

    Args:
        complain: told what keeps the history from being written; the run is none the worse.
        path: the store; by default that of the project.
    """
    if "fault" in report.statuses:  # the kit's own doing is nobody's progress
        return None
    catalog, now = catalogs.load(), time.time()
    results = results_of(report, Path(submission), catalog, now, sources or {})
    try:
        with Store(path or catalogs.ROOT / PATH) as store:
            before = _compared(store, now)
            store.add(results)
            after = store.latest()
    except StoreProblem as problem:
        complain(problem_line(problem, texts))
        return None
    return _line(before, after, now, texts)


def problem_line(problem: StoreProblem, texts: Texts) -> str:
    """One line about a store that can't be used."""
    if problem.aside is not None:
        return texts.say("progress.set_aside", path=problem.aside.name)
    return texts.say("progress.not_kept", reason=str(problem))


def _compared(store: Store, now: float) -> dict[str, Result]:
    """What to compare with: the end of the last day before today; else the last run."""
    today = datetime.datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return store.latest(before=today.timestamp()) or store.latest()


def points(results: Iterable[Result]) -> float:
    """The sum of their points."""
    return sum(result.score for result in results)


def _line(
    before: Mapping[str, Result], after: Mapping[str, Result], now: float, texts: Texts
) -> str | None:
    if not before:
        return None
    then, here = points(before.values()), points(after.values())
    last = max(result.at for result in before.values())
    days = _days(last, now)
    name = {0: "earlier", 1: "yesterday"}.get(days, "day")
    fields = {"then": f"{then:g}", "now": f"{here:g}", "day": day_of(last, texts)}
    return texts.say(f"progress.{name}", **fields)


def _days(earlier: float, later: float) -> int:
    date = datetime.date.fromtimestamp
    return (date(later) - date(earlier)).days


def day_of(at: float, texts: Texts) -> str:
    """A date as people write it: 12 Nov, or 11 月 12 日."""
    date = datetime.date.fromtimestamp(at)
    month = texts.say("progress.months").split()[date.month - 1]
    return texts.say("progress.date", day=date.day, month=month)


def when(at: float, now: float, texts: Texts) -> str:
    """A moment: the time today, else the day."""
    if _days(at, now) == 0:
        return datetime.datetime.fromtimestamp(at).strftime("%H:%M")
    return texts.say("progress.last_night") if _days(at, now) == 1 else day_of(at, texts)


__all__ = ["PATH", "day_of", "own", "points", "problem_line", "remember", "source_of", "when"]
