"""Results of earlier runs in a SQLite file; a crash, or a second run, can't corrupt it.

One row an exercise whenever its points, its states or its source change. The file is a
convenience: where it can't be read it is set aside, where it can't be written the run goes on.
"""

import contextlib
import dataclasses
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

VERSION = 1
PATIENCE_S = 2.0  # for another run that is just writing
MOST_ROWS = 20_000  # about ten years of one student; older ones go
SCHEMA = """
CREATE TABLE results (
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,          -- seconds since 1970
    exercise TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    status TEXT NOT NULL,      -- as in the report
    source TEXT NOT NULL,      -- SHA-256 of the files it rests on
    checks TEXT NOT NULL       -- JSON: check id -> status
);
CREATE INDEX by_exercise ON results (exercise, number);
"""


class StoreProblem(Exception):
    """The file can't be used now. ``aside`` is where a broken one was put, if it was."""

    def __init__(self, reason: str, aside: Path | None = None) -> None:
        super().__init__(reason)
        self.aside = aside


@dataclasses.dataclass(frozen=True)
class Result:
    """What an exercise came to in one run."""

    exercise: str
    at: float
    score: float
    max_score: float
    status: str
    source: str
    checks: dict[str, str]

    def says_the_same(self, other: "Result | None") -> bool:
        """Whether another run came to the same with the same source."""
        return other is not None and dataclasses.replace(other, at=self.at) == self


class Store:
    """The results in one file. A context manager; every method may raise ``StoreProblem``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._guarded():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
            with contextlib.ExitStack() as undo:
                undo.callback(self._base.close)
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.execute("PRAGMA synchronous = NORMAL")
                self._migrate()
                undo.pop_all()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def add(self, results: Iterable[Result]) -> None:
        """Keep results, all or none; one that says nothing new is left out."""
        with self._guarded(), self._transaction():
            known = self._newest("1")
            for result in results:
                if not result.says_the_same(known.get(result.exercise)):
                    row = dataclasses.astuple(result)[:-1]
                    checks = json.dumps(result.checks)
                    self._base.execute(
                        "INSERT INTO results (exercise, at, score, max_score, status, source,"
                        " checks) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (*row, checks),
                    )
            self._base.execute(
                "DELETE FROM results WHERE number <= (SELECT max(number) FROM results) - ?",
                (MOST_ROWS,),
            )

    def latest(self, before: float | None = None) -> dict[str, Result]:
        """The newest result of each exercise, or the newest one from before a moment."""
        with self._guarded():
            return self._newest("1") if before is None else self._newest("at < ?", before)

    def _newest(self, condition: str, *values: float) -> dict[str, Result]:
        rows = self._base.execute(
            "SELECT exercise, at, score, max_score, status, source, checks FROM results"
            f" WHERE number IN (SELECT max(number) FROM results WHERE {condition}"
            " GROUP BY exercise)",
            values,
        )
        return {
            name: Result(name, at, score, most, status, source, json.loads(checks))
            for name, at, score, most, status, source, checks in rows
        }

    def _migrate(self) -> None:
        with self._transaction():
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise StoreProblem(f"schema {version}")
            if version < 1:
                for statement in SCHEMA.split(";"):
                    self._base.execute(statement)
                self._base.execute(f"PRAGMA user_version = {VERSION}")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """SQLite's errors as ``StoreProblem``; a file that is no database is set aside."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:  # locked, full, read-only
            raise StoreProblem(str(error)) from None
        except (sqlite3.Error, ValueError) as error:
            raise StoreProblem(str(error), self._set_aside()) from None

    def _set_aside(self) -> Path | None:
        for number in range(1, 100):
            aside = self.path.with_name(f"{self.path.name}.broken-{number}")
            if not aside.exists():
                with contextlib.suppress(OSError):
                    os.replace(self.path, aside)
                    for rest in ("-wal", "-shm"):
                        self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
                    return aside
        return None


__all__ = ["Result", "Store", "StoreProblem"]
