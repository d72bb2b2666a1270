"""The gradebook keeps what it was given, also when its process is killed in the middle."""

import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from grader import catalog as catalogs
from grader.batch.store import MIGRATIONS, Gradebook, GradebookProblem, Result, Student

LI, WU = Student("li", "李雷"), Student("wu", "Wú, Ānnà", late=True)
POINTS = Result(
    *("li", "k1", "s1", "c1", "graded", 7.0, 10.0), seconds=1.5, at=5.0, report=b'{"a": 1}'
)
ENDLESS = """
import sys, pathlib
from grader.batch.store import Gradebook, Result, Student
book = Gradebook(pathlib.Path(sys.argv[1]))
book.begin("{}", 0.0, [Student(str(n), "x") for n in range(2_000)])
for n in range(2_000):
    book.add(Result(str(n), "k", "s", "c", "graded", report=b"r" * 5000))
    print(n, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    """Where a gradebook may be made."""
    return tmp_path / "gradebook.sqlite"


@pytest.fixture
def book(path):
    """A gradebook with two students and no result."""
    with Gradebook(path) as made:
        made.begin("{}", 1.0, [LI, WU])
        yield made


def test_a_result_comes_back_as_it_was(book, path):
    """Every field, in any script, also for another program that opens the file."""
    problem = Result("wu", "", "", "", "problem", code="empty", fields={"file": "吴.zip"}, at=6.0)
    for result in (POINTS, problem):
        book.add(result)
    with Gradebook(path) as again:
        assert list(again.current()) == [(LI, POINTS), (WU, problem)]


def test_the_newest_counts_and_the_others_stay(book):
    """A second grading replaces nothing."""
    better = dataclasses.replace(POINTS, score=9.0)
    book.add(POINTS)
    book.add(better)
    assert [result for _, result in book.current()] == [better]
    assert book.history("li") == [POINTS, better]
    assert book.newest("wu") is None


def test_who_is_not_in_the_newest_run_does_not_count_but_stays(book):
    """A student who left the folder leaves the gradebook's view, not the file."""
    book.add(POINTS)
    book.begin('{"seed": 2}', 2.0, [WU])
    assert book.students() == [WU]
    assert list(book.current()) == []
    assert book.history("li") == [POINTS]
    assert book.last_options() == '{"seed": 2}'


def test_what_is_not_finished_is_not_there(book, path):
    """A change that breaks off leaves no half."""
    with pytest.raises(GradebookProblem):
        book.add(dataclasses.replace(POINTS, state="unheard of"))
    with pytest.raises(GradebookProblem):
        book.add(dataclasses.replace(POINTS, student="nobody"))
    book.add(POINTS)
    assert book.history("li") == [POINTS]


def test_a_killed_process_loses_nothing_that_it_had_said(path):
    """What ``add`` returned from is in the file, and the file is sound."""
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, path], cwd=catalogs.ROOT, stdout=subprocess.PIPE, text=True
    )
    said = [int(next(writer.stdout)) for _ in range(30)]
    os.kill(writer.pid, signal.SIGKILL)
    said += [int(line) for line in writer.communicate()[0].splitlines()]
    with Gradebook(path) as book:
        assert all(book.newest(str(number)) for number in said)
        assert book.newest(str(said[-1] + 2)) is None
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_is_said_and_harms_nothing(book):
    """What was stored stays; when there is room again, the work goes on."""
    book.add(POINTS)
    pages = book._rows("PRAGMA page_count")[0][0]
    book._rows(f"PRAGMA max_page_count = {pages}")
    large = dataclasses.replace(POINTS, report=os.urandom(100_000))
    with pytest.raises(GradebookProblem) as caught:
        book.add(large)
    assert caught.value.code == "full"
    assert book.newest("li") == POINTS
    book._rows("PRAGMA max_page_count = 100000")
    book.add(large)
    assert book.newest("li") == large


@pytest.mark.parametrize("content", [b"no gradebook" * 100, None])
def test_another_file_is_refused_and_left_alone(path, content):
    """Neither a text nor somebody else's database becomes a gradebook."""
    if content is None:
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE theirs (a)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(GradebookProblem) as caught:
        Gradebook(path)
    assert caught.value.code == "other"
    assert path.read_bytes() == before


def test_versions_go_forward_only(path, monkeypatch):
    """An older file gets what is new and keeps its rows; a newer one is refused."""
    with Gradebook(path) as book:
        book.begin("{}", 1.0, [LI])
        book.add(POINTS)
    newer = (*MIGRATIONS, "ALTER TABLE students ADD COLUMN section TEXT NOT NULL DEFAULT ''")
    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.store.MIGRATIONS", newer)
        with Gradebook(path) as book:
            assert book.newest("li") == POINTS
            assert book._rows("SELECT section FROM students") == [("",)]
    with pytest.raises(GradebookProblem) as caught:
        Gradebook(path)
    assert caught.value.code == "newer"


def test_the_view_for_people_shows_what_counts(book, path):
    """``SELECT * FROM newest`` needs no knowledge of the tables."""
    book.add(POINTS)
    book.add(dataclasses.replace(POINTS, score=9.0))
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT name, score FROM newest").fetchall() == [("李雷", 9.0)]
