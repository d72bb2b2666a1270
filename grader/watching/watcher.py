"""The loop of ``watch``: one warm engine, a run for every save, the newest save first.

Runs happen in the main thread. Saves and keys come from threads of their own; what makes the
present run useless stops it at once, by ending the worker that is being asked.
"""

import contextlib
import time
from pathlib import Path

from grader import catalog as catalogs
from grader.arguments import DEFAULT_DEADLINE_S
from grader.checking.scoring import Outcome
from grader.checking.session import Engine, Graded
from grader.findings import Finding
from grader.locale import Texts
from grader.progress import history, standing, table
from grader.progress.store import Result, Store, StoreProblem
from grader.report.build import build_report
from grader.report.hints import help_at
from grader.sandbox.client import Stopped
from grader.watching.changes import differences
from grader.watching.events import Event, Events, Saved
from grader.watching.screen import Screen

EVERYTHING = ""  # the name of a run of all exercises
SHOWN = ("failed", "error", "timeout")


class Watcher:
    """Grades what is saved until q is pressed.

    Args:
        folder: the submission, as the user typed it.
        current: the exercise to begin with.
    """

    def __init__(
        self, engine: Engine, screen: Screen, folder: str, current: str, seed: int, hints: int
    ) -> None:
        self.engine, self.screen, self.folder = engine, screen, folder
        self.texts: Texts = screen.texts
        self.catalog = catalogs.load()
        self.current, self.seed, self.hints = current, seed, hints
        self.pending = [current]
        self.running: str | None = None
        self.source = ""  # of what is being graded
        self.sources: dict[str, str] = {}  # of what was graded last
        self.known: dict[str, Result] = {}
        self.before: dict[str, dict[str, str] | None] = {}
        self.graded: dict[str, Graded] = {}
        self.own = history.own(folder)
        self._recall()

    def loop(self, events: Events) -> None:
        """Run until q."""
        while True:
            event = events.take(0 if self.pending else None)
            if event is not None:
                if not self._handle(event):
                    return
                continue  # take everything that waits before the next run begins
            if self.pending:
                self._run(self.pending.pop(0), events)

    def urgent(self, event: Event) -> None:
        """Break the present run off if an event makes it useless; called in other threads."""
        if self.running is None:
            return
        if isinstance(event, Saved):
            if event.exercise == self.running and self._source(event.exercise) == self.source:
                return  # an editor's second word on the same save
        elif event.key not in "nrq":
            return
        self.engine.stop.set()

    def _handle(self, event: Event) -> bool:
        """Act on an event; False if that was to quit."""
        if isinstance(event, Saved):
            if self._source(event.exercise) != self.sources.get(event.exercise):
                self._next(event.exercise)
            return True
        actions = {"h": self._hint, "l": self._list, "d": self._diff}
        if event.key == "q":
            return False
        if event.key == "n":
            self._next(self._following())
        elif event.key == "r":
            self._next(EVERYTHING)
        elif event.key in actions:
            actions[event.key]()
            self.screen.offer()
        return True

    def _next(self, name: str) -> None:
        self.pending = [name, *(each for each in self.pending if each != name)]

    def _run(self, name: str, events: Events) -> None:
        wanted = [name] if name else None
        self.source = self._source(name) if name else ""
        sources = {each: self._source(each) for each in wanted or self.catalog.names}
        self.engine.stop.clear()
        self.running = name
        if not events.queue.empty():  # it came before anybody could have been stopped
            self.engine.stop.set()
        self.screen.begins(name or self.texts.say("watch.everything"))
        start = time.monotonic()
        try:
            graded = self.engine.grade(
                Path(self.folder),
                wanted,
                self.seed,
                self._progress(wanted),
                self.catalog,
                diagnosed=self.hints > 0,
                early=self._early(name),
                deadline_s=DEFAULT_DEADLINE_S,
            )
        except KeyboardInterrupt:
            if not self.engine.stop.is_set():
                raise
            self.pending.append(name)  # nothing is lost: it comes after what is newer
            return
        finally:
            self.running = None
        self._keep(name, graded, sources, time.monotonic() - start)

    def _progress(self, wanted: list[str] | None):
        shown: list[catalogs.Check] = []

        def progress(check: catalogs.Check, outcome: Outcome | None) -> None:
            if self.engine.stop.is_set():
                raise Stopped
            bad = outcome is not None and outcome.status in SHOWN
            if outcome is None or not bad or shown or not _for_report(check, wanted):
                return
            shown.append(check)
            help_at([outcome], 0)
            partial = Graded(self.catalog, [check.exercise], {check.id: outcome}, {}, None)
            self.screen.first(outcome, partial)

        return progress

    def _keep(self, name: str, graded: Graded, sources: dict[str, str], seconds: float) -> None:
        """Show the verdict and remember it."""
        help_at(graded.outcomes.values(), self.hints)
        report = build_report(graded, self.folder, self.seed, "cpu", seconds, self.texts)
        line = None
        problems: list[str] = []
        if self.own:
            line = history.remember(report, self.folder, self.texts, problems.append, sources)
        now = time.time()
        for result in history.results_of(report, Path(self.folder), self.catalog, now, sources):
            known = self.known.get(result.exercise)
            self.before[result.exercise] = known.checks if known else None
            self.known[result.exercise] = result
            self.sources[result.exercise] = result.source
            self.graded[result.exercise] = graded
        self.current = name or self.current
        self.screen.verdict(graded, report, [name] if name else [], line)
        self.screen.lines(problems)

    def _early(self, name: str) -> frozenset[str]:
        """The checks that failed last time: what somebody works on is looked at first."""
        known = self.known.get(name)
        if known is None:
            return frozenset()
        return frozenset(i for i, status in known.checks.items() if status in SHOWN)

    def _source(self, exercise: str) -> str:
        return history.source_of(Path(self.folder), exercise, self.catalog)

    def _recall(self) -> None:
        """What earlier runs have left, to compare with."""
        if self.own:
            with contextlib.suppress(StoreProblem), Store(catalogs.ROOT / history.PATH) as store:
                self.known = store.latest()

    def _standings(self) -> list[standing.Standing]:
        return standing.standings(Path(self.folder), self.catalog, self.known)

    def _following(self) -> str:
        """The next exercise with something left to do, from the present one on, round."""
        found = {each.exercise.name: each.state for each in self._standings()}
        names = self.catalog.names
        place = names.index(self.current)
        for name in (*names[place + 1 :], *names[:place]):
            if found[name] != standing.FULL:
                return name
        return self.current

    # keys

    def _hint(self) -> None:
        from grader.hinting import show_hint

        graded = self.graded.get(self.current)
        if graded is None:
            return
        only = Graded(graded.catalog, [self.current], graded.outcomes, graded.printed, None)
        for outcome in only.outcomes.values():
            if outcome.finding is not None:
                _ask_for_all(outcome.finding)
        show_hint(only, self.folder, None, None, self.texts, self.screen.console)

    def _list(self) -> None:
        self.screen.fresh()
        table.show(self._standings(), self.texts, self.screen.console)

    def _diff(self) -> None:
        known = self.known.get(self.current)
        if known is not None:
            before = self.before.get(self.current)
            self.screen.lines(differences(before, known.checks, self.catalog, self.texts))


def _for_report(check: catalogs.Check, wanted: list[str] | None) -> bool:
    return wanted is None or check.exercise in wanted


def _ask_for_all(finding: Finding) -> None:
    """A hint that is asked for may say everything, whatever the report shows."""
    from grader.report import hints

    finding.hints = hints.CHANGE


__all__ = ["Watcher"]
