"""The gradebook: one SQLite file, each result durable before the next begins; old ones stay.

Schema and states stand in docs/batch.md. A result is found by its student and its key, a hash of
everything that it depends on, so what has not changed need not be graded again.
"""

import contextlib
import dataclasses
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

VERSION = 2  # as many as there are MIGRATIONS
PATIENCE_S = 30.0
GRADED, PROBLEM, FAULT = "graded", "problem", "fault"
SCHEMA = """
CREATE TABLE students (
    student TEXT PRIMARY KEY,   -- id, unique in the folder of submissions
    name TEXT NOT NULL,
    late INTEGER NOT NULL,
    present INTEGER NOT NULL    -- 0: was in an earlier run of this batch, is not in the last one
) WITHOUT ROWID;
CREATE TABLE results (
    number INTEGER PRIMARY KEY, -- the newest of a student counts
    student TEXT NOT NULL,
    key TEXT NOT NULL,          -- SHA-256 of source, checks, options and versions
    source TEXT NOT NULL,       -- SHA-256 of the source alone
    checks TEXT NOT NULL,       -- SHA-256 of the checks, options and versions
    state TEXT NOT NULL,        -- graded, problem (nothing to grade), fault (the grader's own)
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    sentence TEXT NOT NULL,     -- why there is nothing to grade
    seconds REAL NOT NULL,
    at REAL NOT NULL,           -- seconds since 1970
    report BLOB NOT NULL        -- zlib of the JSON report; empty without one
);
CREATE INDEX by_student ON results (student, number);
CREATE INDEX by_key ON results (key, number);
"""
MIGRATIONS = (  # the first makes version 1, the next version 2 of it, ...
    SCHEMA,
    "ALTER TABLE results ADD COLUMN host TEXT NOT NULL DEFAULT ''",  # the machine that graded
)
COLUMNS = (
    "student, key, source, checks, state, score, max_score, sentence, seconds, at, host, report"
)


class GradebookProblem(Exception):
    """The gradebook can't be read or written; what was stored before is untouched."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What grading one submission came to."""

    student: str
    key: str
    source: str
    checks: str
    state: str
    score: float = 0.0
    max_score: float = 0.0
    sentence: str = ""
    seconds: float = 0.0
    at: float = 0.0
    host: str = ""
    report: bytes = dataclasses.field(default=b"", repr=False)


class Gradebook:
    """One batch's results. A context manager; every method may raise ``GradebookProblem``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._guarded():
            self._base = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
            with contextlib.ExitStack() as undo:
                undo.callback(self._base.close)
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.execute("PRAGMA synchronous = FULL")  # durable when COMMIT returns
                self._migrate()
                undo.pop_all()

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def expect(self, students: Iterable[tuple[str, str, bool]]) -> None:
        """The students of this run: id, name, and whether they were late."""
        with self._guarded(), self._transaction():
            self._base.execute("UPDATE students SET present = 0")
            self._base.executemany(
                "INSERT INTO students (student, name, late, present) VALUES (?, ?, ?, 1)"
                " ON CONFLICT (student) DO UPDATE SET name = excluded.name,"
                " late = excluded.late, present = 1",
                [(student, name, int(late)) for student, name, late in students],
            )

    def names(self) -> dict[str, tuple[str, bool]]:
        """Name and lateness of the students of the last run, by id, in order."""
        with self._guarded():
            rows = self._base.execute(
                "SELECT student, name, late FROM students WHERE present ORDER BY student"
            )
            return {student: (name, bool(late)) for student, name, late in rows}

    def add(self, result: Result) -> None:
        """Keep a result; when this returns it will outlive a crash."""
        values = dataclasses.asdict(result)
        values["report"] = zlib.compress(result.report) if result.report else b""
        values["at"] = result.at or time.time()
        names = COLUMNS.split(", ")
        holes = ", ".join("?" for _ in names)
        with self._guarded(), self._transaction():
            self._base.execute(
                f"INSERT INTO results ({COLUMNS}) VALUES ({holes})", [values[n] for n in names]
            )

    def newest(self, student: str) -> Result | None:
        """What counts for a student."""
        return self._one("student = ?", student)

    def same(self, key: str) -> Result | None:
        """A result of anybody's, that this key would come to again."""
        return self._one(f"key = ? AND state = '{GRADED}'", key)

    def current(self) -> Iterator[Result]:
        """What counts for every student of the last run, in order of their ids; one at a time."""
        for student in self.names():
            found = self.newest(student)
            if found is not None:
                yield found

    def history(self, student: str) -> list[Result]:
        """All results of a student, the oldest first."""
        with self._guarded():
            rows = self._base.execute(
                f"SELECT {COLUMNS} FROM results WHERE student = ? ORDER BY number", (student,)
            )
            return [_result(row) for row in rows]

    def _one(self, condition: str, value: str) -> Result | None:
        with self._guarded():
            row = self._base.execute(
                f"SELECT {COLUMNS} FROM results WHERE {condition} ORDER BY number DESC LIMIT 1",
                (value,),
            ).fetchone()
        return None if row is None else _result(row)

    def _migrate(self) -> None:
        with self._transaction():
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise GradebookProblem(f"schema {version}")
            for step in MIGRATIONS[version:]:
                for statement in step.split(";\n"):
                    self._base.execute(statement)
            if version < VERSION:
                self._base.execute(f"PRAGMA user_version = {VERSION}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise GradebookProblem(str(error)) from None


def _result(row: tuple) -> Result:
    report = zlib.decompress(row[-1]) if row[-1] else b""
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    return Result(**{**values, "report": report})


__all__ = ["FAULT", "GRADED", "PROBLEM", "Gradebook", "GradebookProblem", "Result"]
