"""The gradebook: durable, with its history, and readable by whoever needs the numbers."""

import contextlib
import multiprocessing
import sqlite3
import time
from pathlib import Path

import pytest

from grader.batch import store
from grader.batch.store import FAULT, GRADED, Gradebook, GradebookProblem, Result


def result(student: str = "ann", **changes) -> Result:
    """A graded result."""
    given = {"key": "k", "source": "s", "checks": "c", "state": GRADED, "at": 5.0}
    return Result(student, **{**given, "score": 41.0, "max_score": 119.0, **changes})


@pytest.fixture
def path(tmp_path) -> Path:
    """Where a gradebook may be."""
    return tmp_path / "gradebook.db"


def test_the_newest_result_counts_and_the_others_stay(path):
    """A second grading takes the first one's place, which is still there to be read."""
    with Gradebook(path) as book:
        book.expect([("ann", "Ann", False), ("bob", "Bob", True)])
        for score in (41.0, 57.0):
            book.add(result(score=score, report=b'{"score": 1}' * 100))
        assert book.newest("ann").score == 57 and book.newest("bob") is None
        assert [r.score for r in book.history("ann")] == [41, 57]
    with Gradebook(path) as again:
        (only,) = again.current()
        assert only == result(score=57.0, report=b'{"score": 1}' * 100)
        assert again.names() == {"ann": ("Ann", False), "bob": ("Bob", True)}


def test_who_is_gone_is_no_longer_in_the_tables(path):
    """A renamed folder is another student; the old rows stay as history."""
    with Gradebook(path) as book:
        book.expect([("ann", "Ann", False)])
        book.add(result())
        book.expect([("anna", "安娜", False)])
        assert list(book.current()) == [] and list(book.names()) == ["anna"]
        assert len(book.history("ann")) == 1


def test_only_what_was_graded_stands_for_the_same_source(path):
    """A fault of ours is never handed on."""
    with Gradebook(path) as book:
        book.add(result(state=FAULT))
        assert book.same("k") is None
        book.add(result("bob"))
        assert book.same("k").student == "bob" and book.same("other") is None


def _add_for_ever(path: Path) -> None:
    with Gradebook(path) as book:
        for number in range(10**6):
            book.add(result(str(number)))
            (path.parent / "stored").write_text(str(number))


def test_what_was_stored_outlives_a_kill(path):
    """Every result that was reported as stored is there afterwards."""
    context = multiprocessing.get_context("spawn")
    stored = path.parent / "stored"
    for _ in range(3):
        process = context.Process(target=_add_for_ever, args=(path,))
        process.start()
        while not stored.exists():
            time.sleep(0.01)
        time.sleep(0.05)
        process.kill()
        process.join()
        with Gradebook(path) as book:
            last = int(stored.read_text() or 0)
            assert all(book.newest(str(number)) for number in range(last + 1))
        stored.unlink()


def test_a_gradebook_of_an_older_version_is_brought_up_to_date(path):
    """Its results stay; what the newer version knows more is empty there."""
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.executescript(store.MIGRATIONS[0] + "; PRAGMA user_version = 1")
        base.execute("INSERT INTO students VALUES ('ann', 'Ann', 0, 1)")
        base.execute(
            "INSERT INTO results VALUES (1, 'ann', 'k', 's', 'c', 'graded', 41, 119, '', 0, 5, x'')"
        )
        base.commit()
    with Gradebook(path) as book:
        assert list(book.current()) == [result()]
        book.add(result(score=57.0, host="node7"))
    with Gradebook(path) as book:
        assert [r.host for r in book.history("ann")] == ["", "node7"]
        assert book._base.execute("PRAGMA user_version").fetchone() == (store.VERSION,)
    assert len(store.MIGRATIONS) == store.VERSION


@pytest.mark.parametrize("content", [b"no database " * 500, None])
def test_a_file_that_is_none_of_ours_is_refused(path, content):
    """A damaged file, or one of a newer kit, is left as it is and told."""
    if content is None:
        with Gradebook(path):
            pass
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA user_version = 99")
    else:
        path.write_bytes(content)
    with pytest.raises(GradebookProblem):
        Gradebook(path)
    assert content is None or path.read_bytes() == content
