"""The pytest plugin that turns check functions into outcomes.

Items come in the syllabus's order. A check stops with ``CheckStopped``; any other exception is an
answer that it can't read, or the kit's own fault (``unreadable.py``). Nothing that a submission
does can reach this process but as values.
"""

import contextlib
import functools
import inspect
import time
import types
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from grader.catalog import Catalog, Check
from grader.checking.answers import NotRecorded
from grader.checking.bounded import bounded
from grader.checking.scoring import BLAMED, FAILURES, Outcome, called_by
from grader.checking.subjects import Subject
from grader.checking.unreadable import broken_check
from grader.findings import CheckStopped, Finding
from grader.sandbox.client import SandboxError, Stopped
from grader.sandbox.devices import CPU
from grader.submission import Exercise, Submission
from grader.weighing import SHOWN_BYTES, Room

Progress = Callable[[Check, Outcome | None], None]
SANDBOX_RETRIES = 3


class GradingPlugin:
    """Collects, orders and runs checks; keeps an ``Outcome`` for each.

    Args:
        catalog: the syllabus.
        submission: what is graded.
        wanted: the exercises that the report is about.
        progress: told before each check (no outcome yet) and after it.
        restart: makes the sandbox new after it broke down.
        functions: run the checks of these alone (exercise.function); all if None.
        first: leave a function as soon as it has lost points.
        early: checks by id; their functions come before the others, and they before its others.
    """

    def __init__(
        self,
        catalog: Catalog,
        submission: Submission,
        wanted: Iterable[str],
        progress: Progress,
        restart: Callable[[], None],
        functions: set[str] | None = None,
        first: bool = False,
        early: frozenset[str] = frozenset(),
    ) -> None:
        self.early = early
        self.catalog = catalog
        self.submission = submission
        self.wanted = set(wanted)
        self.progress = progress
        self.restart = restart
        self.functions = functions
        self.first = first
        self.left: set[str] = set()
        self.late_meta = submission.device == CPU and not submission.template.serves_meta()
        self.outcomes: dict[str, Outcome] = {}
        self.room = Room(SHOWN_BYTES)  # for what findings show
        self.subjects: dict[str, Subject] = {}  # of the functions that take standard checks
        self.uncatalogued: list[str] = []
        self.broken: list[str] = []
        self.interrupted = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the items that have a row in the catalog, in the catalog's order."""
        places = self._places()
        known = []
        for item in items:
            check = self._check_of(item)
            if check is None:
                self.uncatalogued.append(item.nodeid)
            elif self.functions is None or self.should_run(check):
                item.stash[_CHECK] = check
                if hasattr(item, "callspec"):
                    key = f"{check.exercise}.{check.function}"
                    self.subjects[key] = item.callspec.params["subject"]
                known.append((places[check.id], item))
        items[:] = [item for _, item in sorted(known, key=lambda pair: pair[0])]
        self._following = self._followers([item.stash[_CHECK] for item in items])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember check files that could not be read."""
        if report.failed:
            self.broken.append(str(report.longrepr))

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember Ctrl-C, which pytest keeps to itself; its own ``Interrupted`` is none."""
        self.interrupted = excinfo.type in (KeyboardInterrupt, Stopped)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run one check and note its outcome, so that pytest never sees an exception."""
        check = pyfuncitem.stash[_CHECK]
        first = check.id not in self.outcomes
        if first and (self.should_run(check) or self._is_needed(check)):
            self.progress(check, None)
            start = time.monotonic()
            lost = self._first_loss(check) if check.kind == "timing" else None
            finding = _of_no_use(lost) if lost else self._finding(pyfuncitem)
            kept = finding and bounded(finding, self.room)
            outcome = Outcome(check, kept, time.monotonic() - start)
            self.outcomes[check.id] = outcome
            self.progress(check, outcome)
            if self.first and outcome.status in BLAMED:
                self.left.add(f"{check.exercise}.{check.function}")
        return True

    def should_run(self, check: Check) -> bool:
        """Whether the report is about this check."""
        key = f"{check.exercise}.{check.function}"
        if check.exercise not in self.wanted or key in self.left:
            return False
        return self.functions is None or key in self.functions

    def _finding(self, item: pytest.Function) -> Finding | None:
        names = inspect.signature(item.obj).parameters
        arguments = {name: item.funcargs[name] for name in names}
        before = self.submission.latest
        self._announce_next(item.stash[_CHECK])
        self.submission.checking = item.stash[_CHECK].id
        for _ in range(SANDBOX_RETRIES):
            try:
                self.submission.check_deadline()
                self._precondition(item)
                item.obj(**arguments)
                return None
            except CheckStopped as stopped:
                return self._observed(item.stash[_CHECK], stopped.finding)
            except SandboxError as error:
                finding = Finding("fault_sandbox", {"text": str(error)}, status="fault")
                self.restart()
            except NotRecorded as error:
                return Finding("fault_answers", {"question": str(error)}, status="fault")
            except Exception as error:
                again = functools.partial(_carry_out, item.obj, arguments)
                found = broken_check(error, self.submission, before, again)
                return self._observed(item.stash[_CHECK], found)
        return finding

    def _precondition(self, item: pytest.Function) -> None:
        """What a module of checks asks of a function before any of them."""
        asked = getattr(item.module, "precondition", None)
        if asked is not None:
            check = item.stash[_CHECK]
            asked(self.submission.exercise(check.exercise).function(check.function))

    def _observed(self, check: Check, finding: Finding) -> Finding:
        """A finding with what its call called; one that stops all calls is asked about once."""
        if finding.status in FAILURES and not finding.of_file and finding.called is None:
            function = self.submission.exercise(check.exercise).function(check.function)
            with contextlib.suppress(SandboxError):  # who is to blame stays open, then
                finding.called = function.called(finding.call)
        return finding

    def _announce_next(self, check: Check) -> None:
        """Tell the sandbox which worker will be wanted after this one."""
        following = self._following.get(check.id)
        upcoming = None
        if following and self.should_run(following):
            upcoming = (following.exercise, self.late_meta and following.kind == "device")
        self.submission.upcoming = upcoming

    def _followers(self, checks: list[Check]) -> dict[str, Check]:
        """For each check by id, the first check after it that another worker will be asked for."""
        following: dict[str, Check] = {}
        after: Check | None = None
        for check, later in zip(reversed(checks[:-1]), reversed(checks[1:]), strict=True):
            if self._worker_of(check) != self._worker_of(later):
                after = later
            if after:
                following[check.id] = after
        return following

    def _worker_of(self, check: Check) -> tuple[str, str, bool]:
        return check.exercise, check.function, self.late_meta and check.kind == "device"

    def _places(self) -> dict[str, tuple[int, ...]]:
        """Where each check stands: those asked for first, then those that may be needed.

        A function's check on meta tensors is its last one. If the sandbox has yet to get ready for
        it, it comes after those of all functions: for the function itself that is the same.
        """
        places: dict[str, tuple[int, ...]] = {}
        number = 0
        for exercise in self.catalog.exercises:
            late = int(exercise.name not in self.wanted)
            for function in exercise.functions:
                waits = not any(check.id in self.early for check in function.checks)
                start = number
                for check in function.checks:
                    number += 1
                    last = self.late_meta and check.kind == "device"
                    on_meta = self.submission.device == CPU and check.kind == "device"
                    own = (int(on_meta), int(check.id not in self.early), number)
                    places[check.id] = (late, int(last), int(waits), start, *own)
        return places

    def _check_of(self, item: pytest.Item) -> Check | None:
        callspec = getattr(item, "callspec", None)
        subject = str(callspec.params["subject"]) if callspec else None
        exercise = item.path.stem.removeprefix("check_")
        if exercise not in self.catalog.names:
            return None
        return self.catalog.check_of(exercise, getattr(item, "originalname", item.name), subject)

    def _is_needed(self, check: Check) -> bool:
        """Whether this function of another exercise may be why one in the report failed."""
        if check.exercise in self.wanted or check.id in self.outcomes:
            return False
        return f"{check.exercise}.{check.function}" in self.called

    @property
    def called(self) -> set[str]:
        """Functions that the failing calls so far have called."""
        found: set[str] = set()
        for outcome in self.outcomes.values():
            found.update(called_by(outcome, self.catalog))
        return found

    def unseen(self) -> list[str]:
        """Exercises with functions that a failing call has called and that were not looked at."""
        if self.functions is not None:
            return []
        rows = [row for key in self.called for row in self.catalog.functions[key].checks]
        left = {row.exercise for row in rows if row.id not in self.outcomes}
        return [name for name in self.catalog.names if name in left - self.wanted]

    def _first_loss(self, check: Check) -> Outcome | None:
        """The first other check of the same function that was not passed."""
        function = self.catalog.functions[f"{check.exercise}.{check.function}"]
        outcomes = [self.outcomes.get(row.id) for row in function.checks if row is not check]
        return next((o for o in outcomes if o and o.status not in ("passed", "skipped")), None)


def _carry_out(check: Callable, arguments: dict[str, Any], submission: Submission) -> None:
    """Run a check over another submission, with fixtures of that one."""

    def fixture(value: Any) -> Any:
        if isinstance(value, Submission):
            return submission
        return submission.exercise(value.name) if isinstance(value, Exercise) else value

    check(**{name: fixture(value) for name, value in arguments.items()})


_CHECK = pytest.StashKey[Check]()


def _of_no_use(lost: Outcome) -> Finding | None:
    """What a check of time comes to in a function that has lost points already."""
    if lost.status in ("not_started", "timeout") and lost.finding:
        return lost.finding
    return Finding("timing_waits", status="skipped")


def fixtures_for(names: Iterable[str], submission: Submission) -> types.ModuleType:
    """A plugin with the fixtures of checks: ``submission``, and one for each exercise."""
    plugin = types.ModuleType("exercise_fixtures")

    @pytest.fixture(scope="session", name="submission")
    def submission_fixture() -> Submission:
        return submission

    def exercise_fixture(name: str) -> Callable:
        @pytest.fixture(scope="session", name=name)
        def fixture() -> Exercise:
            return submission.exercise(name)

        return fixture

    plugin.submission_fixture = submission_fixture  # type: ignore[attr-defined]
    for name in names:
        setattr(plugin, f"{name}_fixture", exercise_fixture(name))
    return plugin
