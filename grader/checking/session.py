"""One grading run: a submission in, outcomes out. Pytest is the engine, started in this process."""

import contextlib
import dataclasses
import math
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from grader import catalog as catalogs
from grader.advice import advise
from grader.checking import answers
from grader.checking.naming import Row
from grader.checking.plugin import GradingPlugin, Progress, fixtures_for
from grader.checking.scoring import Outcome, settle
from grader.checking.subjects import Subject
from grader.findings import Finding, Place
from grader.partly import Partly
from grader.sandbox.client import Template
from grader.sandbox.devices import CPU
from grader.submission import Submission

MOST_ROUNDS = 4  # of looking at what failing calls called in exercises that were not asked for
ENGINE_OPTIONS = (
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "-p", "no:doctest"),
    *("-p", "no:unittest", "-p", "no:junitxml", "-p", "no:warnings", "-p", "no:logging"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:setuponly"),
    *("-p", "no:debugging", "-p", "no:pastebin", "-p", "no:stepwise", "-p", "no:legacypath"),
    *("-c", os.devnull, "--assert=plain", "--capture=no", "--import-mode=importlib"),
    *("-o", "python_files=check_*.py", "-o", "python_functions=check_*"),
)


@dataclasses.dataclass
class Graded:
    """All outcomes of a run, by check id, and what the report says about the run itself.

    ``layers`` are the sandbox's; None if no line of the submission was run. ``device`` is where it
    ran. ``timed`` has, for functions whose time was taken, pairs of seconds a call: the
    submission's and the reference's. ``left_out`` has the exercises that were loaded in part, and
    ``files`` their files by the submission's names.
    """

    catalog: catalogs.Catalog
    wanted: list[str]
    outcomes: dict[str, Outcome]
    printed: dict[str, bytes]
    layers: list[str] | None
    device: str = CPU
    timed: dict[str, tuple[tuple[float, float], ...]] = dataclasses.field(default_factory=dict)
    left_out: dict[str, Partly] = dataclasses.field(default_factory=dict)
    files: dict[str, str] = dataclasses.field(default_factory=dict)

    def shown(self, exercise: str) -> str:
        """The file of an exercise, by the submission's name for it."""
        return self.files.get(exercise, f"{exercise}.py")


class Engine:
    """Grades submissions one after the other with one warm template.

    The template starts at once, in the background, unless one that was started earlier is given
    (this module's own imports take a while); ``close`` ends it.
    """

    def __init__(self, confine: bool = True, template: Template | None = None) -> None:
        torch.set_num_threads(1)  # tensors are small: more threads only get in each other's way
        self._confine = confine
        self._template = template or Template(confine)

    def close(self) -> None:
        """End the template."""
        self._template.close()

    @property
    def stop(self) -> threading.Event:
        """Set from another thread, it breaks a run off: ``grade`` raises KeyboardInterrupt."""
        return self._template.stop

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def grade(
        self,
        folder: Path,
        wanted: list[str] | None = None,
        seed: int = 0,
        progress: Progress = lambda check, outcome: None,
        catalog: catalogs.Catalog | None = None,
        functions: set[str] | None = None,
        shrink: bool = True,
        first: bool = False,
        isolated: bool = True,
        diagnosed: bool = False,
        device: str = CPU,
        timing: bool = False,
        session: Path | None = None,
        finished: Callable[[Submission, dict[str, Subject]], None] | None = None,
        early: frozenset[str] = frozenset(),
        deadline_s: float = math.inf,
    ) -> Graded:
        """Grade the exercises ``wanted`` (all if None) of the submission in ``folder``.

        Args:
            functions: keep to these (exercise.function) and leave the others without an outcome.
            shrink: look for the smallest failing case; verdicts are the same without.
            first: leave a function as soon as it has lost points, its other checks without outcome.
            isolated: a worker for each function; without, functions of a file share one while they
                answer, which is faster and good enough for code that one trusts.
            diagnosed: look for the known mistake behind what failed.
            device: where the submission computes; what is expected is computed on the CPU.
            timing: look at clocks, too; without, checks of kind "timing" are skipped.
            session: a running notebook, whose exercises take the place of the folder's.
            early: ids of checks that come first, as those that failed last time.
            deadline_s: seconds after which nothing is asked any more: what is left is "timeout".
            finished: called when all checks have run, while the submission can still be asked.
        """
        catalog = catalog or catalogs.load()
        wanted = wanted or catalog.names
        submission = self.open(folder, seed, catalog, shrink, isolated, device, session)
        submission.timing = timing
        submission.run_until(deadline_s)

        def restart() -> None:
            submission.forget_workers()
            self._template.close()
            self._template = submission.template = Template(self._confine)

        given = (progress, restart, functions, first, early)
        plugin = GradingPlugin(catalog, submission, wanted, *given)
        try:
            # without blame for others there is no need to look at them
            _run_pytest(plugin, wanted if functions else catalog.needed(wanted))
            for _ in range(MOST_ROUNDS):  # what was called may fail for what it called in turn
                unseen = [] if plugin.interrupted or plugin.broken else plugin.unseen()
                if not unseen:
                    break
                _run_pytest(plugin, unseen)
            if plugin.interrupted:
                raise KeyboardInterrupt
            outcomes = _complete(plugin, catalog)
            _spend(outcomes, submission)
            settle(catalog, outcomes)
            if finished:
                finished(submission, plugin.subjects)
            if diagnosed:
                _diagnose(catalog, outcomes, submission, plugin.subjects)
            advise(outcomes.values(), submission)
            _locate(outcomes, submission)
            printed = submission.printed()
            layers, timed = submission.layers, submission.timed
            left_out = submission.left_out()
            files = {name: submission.exercise(name).shown for name in left_out}
            graded = Graded(catalog, wanted, outcomes, printed, layers, device, timed)
            graded.left_out, graded.files = left_out, files
            return graded
        finally:
            submission.close()

    def open(
        self,
        folder: Path,
        seed: int,
        catalog: catalogs.Catalog,
        shrink: bool = False,
        isolated: bool = False,
        device: str = CPU,
        session: Path | None = None,
    ) -> Submission:
        """The submission in ``folder``, to be asked and then closed; nothing of it has run yet.

        The arguments are those of ``grade``.
        """
        names = {e.name: [f.name for f in e.functions] for e in catalog.exercises}
        by_hand = {e.name for e in catalog.exercises if e.by_hand}
        given = (folder, self._template, seed, shrink, names, by_hand, isolated, device, session)
        return Submission(*given)


def _run_pytest(plugin: GradingPlugin, exercises: list[str]) -> None:
    folder = catalogs.CHECKS
    files = [str(folder / f"check_{name}.py") for name in exercises]
    environment = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "PYTEST_PLUGINS": "",
    }
    saved = {name: os.environ.get(name) for name in (*environment, "PYTEST_CURRENT_TEST")}
    os.environ.update(environment)
    try:
        options = [*ENGINE_OPTIONS, f"--rootdir={folder}", *files]
        pytest.main(
            options, plugins=[plugin, fixtures_for(plugin.catalog.names, plugin.submission)]
        )
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _spend(outcomes: dict[str, Outcome], submission: Submission) -> None:
    """All of a function whose calls took too long together comes to the same.

    At which of its checks that was so depends on how fast the machine is at the moment.
    """
    for outcome in outcomes.values():
        asked = submission.exercise(outcome.check.exercise).function(outcome.check.function)
        if asked.spent is not None and outcome.status != "fault":
            outcome.finding = dataclasses.replace(asked.spent)


def _diagnose(
    catalog: catalogs.Catalog,
    outcomes: dict[str, Outcome],
    submission: Submission,
    subjects: dict[str, Subject],
) -> None:
    """Give each failed check the known mistake that explains its answers, or what is right."""
    from grader.checking.standing import standing

    if answers.book().recorded:
        from grader.checking.known import diagnose
    else:
        from grader.checking.diagnosis import diagnose  # it brings all solutions along

    for function in catalog.functions.values():
        own = [outcomes[c.id] for c in function.checks if c.id in outcomes]
        wrong = [o for o in own if o.finding and o.status in ("failed", "error")]
        if not wrong:
            continue
        asked = submission.exercise(function.exercise).function(function.name).exchanges
        judged = [*wrong, *(o for o in own if o.status == "passed")]
        rows = [Row(o.check.id, o.status != "passed", asked.of(o.check.id)) for o in judged]
        known = diagnose(function.exercise, function.name, rows)
        right = None
        if not known and function.key in subjects and any(o.status == "failed" for o in own):
            with contextlib.suppress(Exception):  # answers that can't be read have no right part
                right = standing(subjects[function.key].under(submission), own)
        for outcome in wrong:
            named = known.get(outcome.check.id)
            assert outcome.finding is not None
            # checks that a crash has stopped share its finding
            outcome.finding = dataclasses.replace(outcome.finding, diagnosis=named, standing=right)


def _locate(outcomes: dict[str, Outcome], submission: Submission) -> None:
    """Give each finding the line at which its function is defined, or at which its file breaks."""
    for outcome in outcomes.values():
        check, finding = outcome.check, outcome.finding
        if finding is not None:
            home = submission.snapshot.definition(f"{check.exercise}.py", check.function)
            place = finding.fields.get("place")
            if not home.line and isinstance(place, Place):  # it has another name or place
                home = place
            if finding.of_file and finding.places:
                home = finding.places[-1]
            outcome.finding = dataclasses.replace(finding, home=home)


def _complete(plugin: GradingPlugin, catalog: catalogs.Catalog) -> dict[str, Outcome]:
    """The outcomes, with a ``fault`` for every check that should have run and did not."""
    outcomes = dict(plugin.outcomes)
    for function in catalog.functions.values():
        for check in function.checks:
            if check.id not in outcomes and plugin.should_run(check):
                reason = plugin.broken[0][-400:] if plugin.broken else "the check did not run"
                finding = Finding("fault", {"type": "check", "text": reason}, status="fault")
                outcomes[check.id] = Outcome(check, finding)
    return outcomes
