"""A batch: intake, what is still to be graded, and each result stored before the next begins."""

import contextlib
import dataclasses
import json
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.batch import pool, scratch, tasks
from grader.batch.intake import Entry, IntakeProblem, materialise
from grader.batch.store import FAULT, GRADED, PROBLEM, Gradebook, Result
from grader.batch.tasks import Options, Task, key_of
from grader.locale import Texts

CHANGED_CHECKS, CHANGED_SOURCE, FAULTS, ALL = "changed-checks", "changed-source", "fault", "all"
Tick = Callable[[list[tuple[str, float]]], None]
Spread = Callable[[Iterator[Task], Tick], pool.Results]
RETRIED = ("unwritable",)  # problems of this machine's, not of the submission's


@dataclasses.dataclass(frozen=True)
class Again:
    """Which results are made anew although they are there: words of ``--regrade``."""

    words: frozenset[str] = frozenset()
    students: frozenset[str] = frozenset()
    exercises: frozenset[str] = frozenset()

    def names(self, student: str, files: Iterable[str]) -> bool:
        """Whether a submission is named, by its student or by an exercise that it holds."""
        stems = {Path(file).stem for file in files}
        return ALL in self.words or student in self.students or bool(stems & self.exercises)

    def wants(self, known: Result, task: Task, checks: str) -> bool:
        """Whether a student with a result is graded again."""
        if known.source != task.source or self.names(task.student, task.files):
            return True
        if CHANGED_CHECKS in self.words and known.checks != checks:
            return True
        return FAULTS in self.words and known.state == FAULT


class GradersLost(Exception):
    """Nobody is left who grades; what was graded is stored."""


@dataclasses.dataclass
class Count:
    """How a run went."""

    total: int = 0
    kept: int = 0
    graded: int = 0
    reused: int = 0
    problems: int = 0
    faults: int = 0
    outdated: int = 0  # kept, and graded with other checks

    @property
    def done(self) -> int:
        """Submissions that have a result now."""
        return self.kept + self.graded + self.reused + self.problems + self.faults


class Batch:
    """One batch run.

    Args:
        changed: called with every new result, after it was stored.
        tick: called now and then with who is being graded, and for how long.
        make: what grades in each process; for tests.
        spread: who grades: takes tasks and ``tick``, gives what they came to. None is this machine.
    """

    def __init__(
        self,
        book: Gradebook,
        options: Options,
        texts: Texts,
        again: Again,
        jobs: int,
        changed: Callable[[Entry, Result], None],
        tick: Tick,
        make: Callable[[], pool.Grade] = pool.engine_grade,
        spread: Spread | None = None,
    ) -> None:
        self.book, self.options, self.texts, self.again = book, options, texts, again
        self.jobs, self.changed, self.tick, self.make = jobs, changed, tick, make
        self.spread = spread
        self.checks = tasks.checks_hash(options)
        self.count = Count()
        self._entries: dict[str, Entry] = {}
        self._twins: dict[str, list[Task]] = {}  # by key: the same source, being graded now

    def run(self, entries: list[Entry], commit: str | None = None) -> Count:
        """Grade what has no result yet, or is to be graded again."""
        self.count.total = len(entries)
        self._entries = {entry.student: entry for entry in entries}
        self.book.expect((entry.student, entry.name, entry.late) for entry in entries)
        with scratch.folder() as place:
            tasks = self._tasks(entries, commit, place)
            with contextlib.closing(self._graded(tasks, place)) as results:
                for done in results:
                    self._store(done)
        return self.count

    def _graded(self, tasks: Iterator[Task], place: Path) -> pool.Results:
        if self.spread is not None:
            return self.spread(tasks, self.tick)
        return pool.graded(tasks, self.jobs, place, self.make, self.tick)

    def _tasks(self, entries: Iterable[Entry], commit: str | None, place: Path) -> Iterator[Task]:
        """The submissions to grade; what needs no grading is stored on the way."""
        for entry in entries:
            try:
                files = _files(entry, commit, place)
            except IntakeProblem as problem:
                self._problem(entry, problem)
                continue
            task = Task(entry.student, files, self.options)
            key = key_of(task.source, self.checks)
            known = self.book.newest(entry.student)
            if known is not None and not self.again.wants(known, task, self.checks):
                self.count.kept += 1
                self.count.outdated += known.checks != self.checks
                continue
            # What is asked for by name is really graded: a stored result can't stand for it.
            afresh = self.again.names(task.student, files)
            twin = None if afresh else self.book.same(key)
            if twin is not None:
                self.count.reused += 1
                self._keep(dataclasses.replace(twin, student=entry.student, seconds=0.0, at=0.0))
            elif key in self._twins:
                self._twins[key].append(task)
            else:
                self._twins[key] = []
                yield task

    def _problem(self, entry: Entry, problem: IntakeProblem) -> None:
        sentence = self.texts.say(f"intake.{problem.code}", **problem.fields)
        source = json.dumps([problem.code, sorted(problem.fields.items())])
        known = self.book.newest(entry.student)
        same = known is not None and (known.state, known.source) == (PROBLEM, source)
        if same and not self.again.words & {ALL}:
            self.count.kept += 1
            return
        self.count.problems += 1
        state = FAULT if problem.code in RETRIED else PROBLEM
        self._keep(Result(entry.student, "", source, self.checks, state, sentence=sentence))

    def _store(self, done: pool.Done) -> None:
        source = done.task.source
        key = key_of(source, self.checks)
        result = Result(done.task.student, key, source, self.checks, FAULT, seconds=done.seconds)
        host = socket.gethostname() if done.host is None else done.host
        result = dataclasses.replace(result, host=host)
        if done.fault:
            result = dataclasses.replace(result, sentence=done.fault)
        else:
            from grader.report.model import from_json

            report = from_json(done.report)
            state = FAULT if "fault" in report.statuses else GRADED
            result = dataclasses.replace(result, state=state, report=done.report)
            result = dataclasses.replace(result, score=report.score, max_score=report.max_score)
        self.count.faults += result.state == FAULT
        self.count.graded += result.state != FAULT
        self._keep(result)
        for twin in self._twins.pop(key, []):
            self.count.reused += 1
            self._keep(dataclasses.replace(result, student=twin.student, seconds=0.0))

    def _keep(self, result: Result) -> None:
        self.book.add(result)
        self.changed(self._entries[result.student], result)


def _files(entry: Entry, commit: str | None, place: Path) -> dict[str, bytes]:
    if entry.problem is not None:
        raise IntakeProblem(entry.problem, entry.fields)
    with tempfile.TemporaryDirectory(prefix="intake-", dir=place) as name:
        materialise(entry, Path(name), commit)
        with contextlib.suppress(FileNotFoundError):
            return tasks.files_of(Path(name))
    return {}


__all__ = [
    "ALL",
    "CHANGED_CHECKS",
    "CHANGED_SOURCE",
    "FAULTS",
    "Again",
    "Batch",
    "Count",
    "GradersLost",
]
