"""What earlier runs leave behind: kept whole or not at all, and never in a grading's way."""

import datetime
import multiprocessing
import os
import sqlite3
import time
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader.arguments import order
from grader.locale import Texts
from grader.progress import history
from grader.progress.store import Result, Store, StoreProblem
from grader.report.model import CheckReport, ExerciseReport, FunctionReport, Report

NOON = datetime.datetime(2026, 11, 12, 12).timestamp()
DAY = 86_400


def result(exercise: str = "gru", score: float = 41, at: float = NOON, **changes) -> Result:
    """A result, complete."""
    given = {"max_score": 119.0, "status": "failed", "source": "a" * 64, "checks": {"c": "failed"}}
    return Result(exercise, at, score, **{**given, **changes})


def report(score: float, status: str = "failed") -> Report:
    """A report on gru alone."""
    check = CheckReport("gru.gru.values", "values", "values", 119, score, status)
    function = FunctionReport("gru", score, 119, status, [check])
    exercise = ExerciseReport("gru", score, 119, status, [function])
    return Report(1, "exercises", 2026, "cpu", "landlock", 1.0, score, 119, [exercise])


@pytest.fixture
def path(tmp_path) -> Path:
    """Where a store may be."""
    return tmp_path / ".gatecheck" / "progress.db"


def test_the_newest_result_of_each_exercise_is_found(path):
    """Also as of a moment in the past."""
    with Store(path) as store:
        store.add([result(score=41), result("rnn", 70)])
        store.add([result(score=57, at=NOON + DAY)])
        assert {r.score for r in store.latest().values()} == {57, 70}
        assert store.latest(before=NOON + 1)["gru"].score == 41
        assert store.latest(before=NOON) == {}
    with Store(path) as again:
        assert again.latest()["gru"] == result(score=57, at=NOON + DAY)


def test_what_says_nothing_new_is_not_kept_twice(path):
    """A hundred runs of the same file are one row."""
    with Store(path) as store:
        for later in range(100):
            store.add([result(at=NOON + later)])
    rows = sqlite3.connect(path).execute("SELECT count(*), min(at) FROM results").fetchone()
    assert rows == (1, NOON)


def _add_until_killed(path: Path) -> None:
    with Store(path) as store:
        for number in range(100_000):
            store.add([result(score=number), result("rnn", number)])


def test_a_killed_run_leaves_a_whole_store(path):
    """Whenever it dies, both results of a run are there or neither is."""
    context = multiprocessing.get_context("spawn")
    for moment in (0.0, 0.01, 0.05):
        process = context.Process(target=_add_until_killed, args=(path,))
        process.start()
        while not path.exists():
            time.sleep(0.01)
        time.sleep(moment)
        process.kill()
        process.join()
        with Store(path) as store:
            known = store.latest()
            assert {r.score for r in known.values()} in (set(), {known.get("gru", result()).score})
            store.add([result(score=-1 - moment)])
        path.unlink()


def test_a_damaged_file_is_set_aside_and_said(path):
    """The run goes on with a new file; the old one is still there to be looked at."""
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1000)
    said = []
    assert history.remember(report(41), "exercises", Texts("en"), said.append, path=path) is None
    assert len(said) == 1 and "progress.db.broken-1" in said[0]
    assert (path.parent / "progress.db.broken-1").read_bytes().startswith(b"no database")
    assert history.remember(report(41), "exercises", Texts("en"), said.append, path=path) is None
    assert len(said) == 1
    with Store(path) as store:
        assert store.latest()["gru"].score == 41


def test_a_store_that_can_not_be_written_costs_one_line(tmp_path):
    """The folder is a file: the report is complete all the same."""
    (tmp_path / ".gatecheck").write_text("mine")
    said = []
    path = tmp_path / ".gatecheck" / "progress.db"
    assert history.remember(report(41), "exercises", Texts("en"), said.append, path=path) is None
    assert len(said) == 1 and "could not be remembered" in said[0]
    assert (tmp_path / ".gatecheck").read_text() == "mine"


def test_a_newer_versions_file_is_left_alone(path):
    """An older kit neither reads it nor sets it aside."""
    with Store(path):
        pass
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreProblem) as problem:
        Store(path)
    assert problem.value.aside is None and path.exists()


@pytest.mark.parametrize(
    ("language", "days", "line"),
    [
        ("en", 0, "Earlier today 41, now 57 points."),
        ("zh", 0, "今天早些时候 41 分，现在 57 分。"),
        ("en", 1, "Yesterday 41, now 57 points."),
        ("zh", 1, "昨天 41 分，现在 57 分。"),
        ("en", 12, "On {day} {month} 41, now 57 points."),
        ("zh", 12, "{number} 月 {day} 日 41 分，现在 57 分。"),
    ],
)
def test_a_line_says_how_far_one_has_come(path, language, days, line):
    """Compared with the last day's end; on the first day with the run before."""
    then = time.time() - days * DAY
    with Store(path) as store:
        store.add([result(score=41, at=then - 1 if days else time.time() - 0.001)])
    date = datetime.date.fromtimestamp(then - 1)
    fields = {"day": date.day, "number": date.month, "month": date.strftime("%B")}
    said = history.remember(report(57), "exercises", Texts(language), print, path=path)
    assert said == line.format(**fields)


def test_the_first_run_has_nothing_to_compare_with(path):
    """No line; the next run has one."""
    assert history.remember(report(41), "exercises", Texts("en"), print, path=path) is None
    assert history.remember(report(57), "exercises", Texts("en"), print, path=path)


def test_a_fault_of_the_kit_is_nobodys_progress(path):
    """A run that broke down is not remembered."""
    assert history.remember(report(0, "fault"), "exercises", Texts("en"), print, path=path) is None
    assert not path.exists()


def test_only_the_projects_own_exercises_have_a_history(monkeypatch, tmp_path):
    """Not another folder, not CI, not where it is switched off."""
    monkeypatch.delenv("GRADER_HISTORY")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(catalogs.ROOT)

    def sources(submission: str) -> object:
        options = {"json": None, "seed": None, "device": "cpu", "timing": False}
        wish = order(catalogs.load(), exercises=("gru",), submission=submission, **options)
        return history.sources_of(wish)

    assert set(sources("exercises")) == {"gru"}
    assert sources(str(tmp_path)) is None
    monkeypatch.setenv("CI", "true")
    assert sources("exercises") is None
    monkeypatch.delenv("CI")
    monkeypatch.setenv("GRADER_HISTORY", "0")
    assert sources("exercises") is None


def test_a_source_is_what_an_exercise_rests_on(tmp_path):
    """Its own file and those that it needs; a notebook in the place of a file counts as well."""
    catalog = catalogs.load()
    seen = [history.source_of(tmp_path, "gru", catalog)]
    for name in ("gru.py", "parameters.py", "gru.ipynb", "lstm.py"):
        (tmp_path / name).write_text("x = 1\n")
        seen.append(history.source_of(tmp_path, "gru", catalog))
    assert len(set(seen[:4])) == 4 and seen[4] == seen[3]
    os.mkfifo(tmp_path / "rnn.py")
    assert history.source_of(tmp_path, "rnn", catalog)  # it waits for nobody
