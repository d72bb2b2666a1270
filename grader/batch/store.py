"""The gradebook: one SQLite file. A result is on the disk before the next grading begins.

Results are added and never changed or removed: a student's newest counts, older ones are history.
The schema is explained in docs/batch.md; ``MIGRATIONS`` brings files of older versions forward.
"""

import contextlib
import dataclasses
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

GRADED, PROBLEM, FAULT = "graded", "problem", "fault"
PATIENCE_S = 30.0  # for another program that reads the file
MIGRATIONS = (
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        began REAL NOT NULL,
        ended REAL,
        options TEXT NOT NULL
    );
    CREATE TABLE students (
        student TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        late INTEGER NOT NULL,
        run INTEGER NOT NULL REFERENCES runs
    );
    CREATE TABLE results (
        number INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs,
        student TEXT NOT NULL REFERENCES students,
        key TEXT NOT NULL,
        source TEXT NOT NULL,
        checks TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('graded', 'problem', 'fault')),
        score REAL NOT NULL,
        max_score REAL NOT NULL,
        code TEXT NOT NULL,
        fields TEXT NOT NULL,
        seconds REAL NOT NULL,
        at REAL NOT NULL,
        host TEXT NOT NULL,
        report BLOB NOT NULL
    );
    CREATE INDEX results_of_student ON results (student, number);
    CREATE VIEW newest AS
        SELECT results.*, students.name, students.late FROM results JOIN students USING (student)
        WHERE results.number = (SELECT max(number) FROM results AS other
                                WHERE other.student = results.student)
    """,
)
_COLUMNS = (
    *("student", "key", "source", "checks", "state", "score", "max_score", "code", "fields"),
    *("seconds", "at", "host", "report"),
)


class GradebookProblem(Exception):
    """The file can't be read or written; what was stored before is as it was.

    ``code`` is "newer" (written by a newer version of the kit), "full" (the disk is), "other" (it
    is no gradebook) or "broken"; ``text`` is what SQLite says.
    """

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


@dataclasses.dataclass(frozen=True)
class Student:
    """Who handed in: a stable id, the name as it may be shown, whether it came late."""

    student: str
    name: str
    late: bool = False


@dataclasses.dataclass(frozen=True)
class Result:
    """What grading one submission came to.

    Attributes:
        key: a hash of all that the report depends on (``tasks.key_of``).
        source: a hash of the submission's files alone; "" where they could not be read.
        checks: a hash of the rest: checks, options, versions.
        state: "graded"; "problem" where there was nothing to grade; "fault" where the kit failed.
        code: of the sentence that says why it is not graded; ``fields`` fill it in.
        seconds: that the grading took.
        at: when it ended, in seconds since 1970.
        report: the JSON of ``grader.report.model``; empty where there is none.
    """

    student: str
    key: str
    source: str
    checks: str
    state: str
    score: float = 0.0
    max_score: float = 0.0
    code: str = ""
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    at: float = 0.0
    host: str = ""
    report: bytes = dataclasses.field(default=b"", repr=False)


class Gradebook:
    """One batch's results, in a file that is made if it is not there.

    Every method may raise ``GradebookProblem``. A context manager.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = 0
        with _guarded():
            self._base = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
        try:
            version = self._version()
            with _guarded():
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.execute("PRAGMA synchronous = FULL")  # durable when COMMIT returns
                self._base.execute("PRAGMA foreign_keys = ON")
            self._migrate(version)
        except BaseException:
            self._base.close()
            raise

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def begin(self, options: str, at: float, students: Iterable[Student]) -> None:
        """Begin a run: its options as JSON, and all students that it is about."""
        with self._changing() as base:
            row = base.execute("INSERT INTO runs (began, options) VALUES (?, ?)", (at, options))
            self.run = row.lastrowid or 0
            base.executemany(
                "INSERT INTO students VALUES (?, ?, ?, ?) ON CONFLICT (student) DO UPDATE"
                " SET name = excluded.name, late = excluded.late, run = excluded.run",
                [(each.student, each.name, int(each.late), self.run) for each in students],
            )

    def end(self, at: float) -> None:
        """Note that the run came to its end."""
        with self._changing() as base:
            base.execute("UPDATE runs SET ended = ? WHERE number = ?", (at, self.run))

    def last_options(self) -> str | None:
        """The options of the newest run, as JSON; None before the first."""
        rows = self._rows("SELECT options FROM runs ORDER BY number DESC LIMIT 1")
        return rows[0][0] if rows else None

    def add(self, result: Result) -> None:
        """Keep a result: when this returns, it outlives a crash and a loss of power."""
        values = [getattr(result, name) for name in _COLUMNS]
        values[_COLUMNS.index("fields")] = json.dumps(dict(result.fields), ensure_ascii=False)
        values[-1] = zlib.compress(result.report) if result.report else b""
        holes = ", ".join("?" for _ in _COLUMNS)
        with self._changing() as base:
            base.execute(
                f"INSERT INTO results (run, {', '.join(_COLUMNS)}) VALUES (?, {holes})",
                [self.run, *values],
            )

    def students(self) -> list[Student]:
        """The students of the newest run, by id."""
        rows = self._rows(
            "SELECT student, name, late FROM students WHERE run = (SELECT max(number) FROM runs)"
            " ORDER BY student"
        )
        return [Student(student, name, bool(late)) for student, name, late in rows]

    def newest(self, student: str) -> Result | None:
        """The result that counts for a student."""
        return next(iter(self._results(student, "DESC LIMIT 1")), None)

    def history(self, student: str) -> list[Result]:
        """All results of a student, the oldest first."""
        return self._results(student, "ASC")

    def current(self) -> Iterator[tuple[Student, Result]]:
        """What counts for each student of the newest run, by id; one at a time in memory."""
        for student in self.students():
            result = self.newest(student.student)
            if result is not None:
                yield student, result

    def _results(self, student: str, order: str) -> list[Result]:
        names = ", ".join(_COLUMNS)
        query = f"SELECT {names} FROM results WHERE student = ? ORDER BY number {order}"
        return [_result(row) for row in self._rows(query, student)]

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with _guarded():
            return self._base.execute(query, values).fetchall()

    def _version(self) -> int:
        """The schema's; found out before anything is written."""
        version = int(self._rows("PRAGMA user_version")[0][0])
        if version > len(MIGRATIONS):
            raise GradebookProblem("newer")
        if version == 0 and self._rows("SELECT 1 FROM sqlite_master LIMIT 1"):
            raise GradebookProblem("other")
        return version

    def _migrate(self, version: int) -> None:
        for number in range(version, len(MIGRATIONS)):
            with self._changing() as base:
                for statement in MIGRATIONS[number].split(";"):
                    base.execute(statement)
                base.execute(f"PRAGMA user_version = {number + 1}")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing."""
        with _guarded():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has undone it already
                    self._base.execute("ROLLBACK")
                raise


def _result(row: tuple[Any, ...]) -> Result:
    values = dict(zip(_COLUMNS, row, strict=True))
    try:
        values["fields"] = json.loads(values["fields"])
        values["report"] = zlib.decompress(values["report"]) if values["report"] else b""
    except (ValueError, TypeError, zlib.error) as error:
        raise GradebookProblem("broken", str(error)) from None
    return Result(**values)


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        text = str(error)
        code = "full" if "full" in text else "other" if "not a database" in text else "broken"
        raise GradebookProblem(code, text) from None
