"""A batch: every submission has a row, nothing is lost, and an interruption changes nothing."""

import csv
import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader import cli
from grader.batch import running, store
from grader.batch.intake import find
from grader.batch.running import Again, Batch
from grader.batch.store import FAULT, GRADED, PROBLEM, Gradebook
from grader.batch.tasks import Options, Task
from grader.locale import Texts
from tests.kit import batching

OPTIONS = Options(("gru",), 1, 2, "en")
DRIVER = """
import sys
from pathlib import Path
from tests.kit import batching
from tests.kit.test_batch_run import run
if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), make=batching.slow, jobs=2)
"""


def run(submissions: Path, out: Path, again: Again = Again(), make=batching.quick, jobs: int = 1):  # noqa: B008
    """A batch with a stand-in for grading; its count."""
    out.mkdir(exist_ok=True)
    with Gradebook(out / "gradebook.db") as book:
        changed, tick = (lambda entry, result: None), (lambda busy: None)
        batch = Batch(book, OPTIONS, Texts("en"), again, jobs, changed, tick, make)
        return batch.run(find(submissions))


def rows(out: Path) -> list[tuple]:
    """What counts for each student, without when and how fast."""
    with Gradebook(out / "gradebook.db") as book:
        found = [dataclasses.replace(result, seconds=0.0, at=0.0) for result in book.current()]
    return [dataclasses.astuple(result) for result in found]


@pytest.fixture
def submissions(tmp_path):
    """Some students, one of them with nothing."""
    folder = tmp_path / "class"
    for number in range(12):
        (folder / f"s{number:02}").mkdir(parents=True)
        (folder / f"s{number:02}" / "gru.py").write_text(f"x = {number}\n")
    (folder / "empty").mkdir()
    return folder


def test_everybody_has_a_row(submissions, tmp_path):
    """Graded, or with a sentence that says why not."""
    count = run(submissions, tmp_path / "out")
    assert (count.graded, count.problems, count.faults, count.total) == (12, 1, 0, 13)
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        states = {result.student: result for result in book.current()}
    assert len(states) == 13 and states["empty"].state == PROBLEM
    assert "empty" in states["empty"].sentence


def test_the_same_command_again_grades_nothing(submissions, tmp_path):
    """Only what has changed since, and who is new."""
    run(submissions, tmp_path / "out")
    assert run(submissions, tmp_path / "out").kept == 13
    (submissions / "s03" / "gru.py").write_text("x = 'new'\n")
    (submissions / "new").mkdir()
    (submissions / "new" / "gru.py").write_text("x = 99\n")
    count = run(submissions, tmp_path / "out")
    assert (count.graded, count.kept) == (2, 12)
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        assert len(book.history("s03")) == 2 and len(book.history("s04")) == 1


def test_equal_sources_are_graded_once(submissions, tmp_path):
    """Their results are the same bytes, in one run and in the next."""
    for name in ("twin1", "twin2"):
        shutil.copytree(submissions / "s05", submissions / name)
    count = run(submissions, tmp_path / "out")
    assert (count.graded, count.reused) == (12, 2)
    shutil.copytree(submissions / "s05", submissions / "late")
    assert run(submissions, tmp_path / "out").reused == 1
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        reports = {book.newest(name).report for name in ("s05", "twin1", "twin2", "late")}
    assert len(reports) == 1


@pytest.mark.parametrize(
    ("again", "graded"),
    [
        (Again(frozenset({running.ALL})), 12),
        (Again(frozenset({running.FAULTS})), 0),
        (Again(frozenset({running.CHANGED_CHECKS})), 0),
        (Again(students=frozenset({"s04"})), 1),
        (Again(exercises=frozenset({"gru"})), 12),
        (Again(exercises=frozenset({"rnn"})), 0),
    ],
    ids=["all", "fault", "changed-checks", "student", "exercise", "another exercise"],
)
def test_what_is_named_is_graded_again(submissions, tmp_path, again, graded):
    """And nothing else."""
    run(submissions, tmp_path / "out")
    before = rows(tmp_path / "out")
    assert run(submissions, tmp_path / "out", again).graded == graded
    assert rows(tmp_path / "out") == before


def test_changed_checks_are_told_and_graded_when_asked(submissions, tmp_path, monkeypatch):
    """Grades don't move by themselves when the kit does."""
    run(submissions, tmp_path / "out")
    monkeypatch.setattr(running.tasks, "checks_hash", lambda options: "others")
    count = run(submissions, tmp_path / "out")
    assert (count.graded, count.outdated) == (0, 12)
    again = Again(frozenset({running.CHANGED_CHECKS}))
    assert run(submissions, tmp_path / "out", again).graded == 12
    assert run(submissions, tmp_path / "out").outdated == 0


def test_a_process_that_dies_costs_only_its_submission(submissions, tmp_path):
    """It is tried once more; then it is a fault, which --regrade fault tries again."""
    (submissions / "s01" / "gru.py").write_text(batching.KILLS)
    (submissions / "s02" / "gru.py").write_text(f"{batching.KILLS} {tmp_path / 'mark'}")
    (submissions / "s03" / "gru.py").write_text("raises")
    count = run(submissions, tmp_path / "out", make=batching.deadly, jobs=2)
    assert (count.graded, count.faults) == (10, 2)
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        found = {name: book.newest(name) for name in ("s01", "s02", "s03")}
    assert [found[name].state for name in sorted(found)] == [FAULT, GRADED, FAULT]
    assert "died twice" in found["s01"].sentence and "ValueError" in found["s03"].sentence
    faults = Again(frozenset({running.FAULTS}))
    count = run(submissions, tmp_path / "out", faults)
    assert (count.graded, count.kept) == (2, 11)


def test_killed_at_random_moments_it_ends_as_if_it_had_not_been(submissions, tmp_path):
    """Thirty times kill -9, at any moment; the last run has the rows of an undisturbed one."""
    run(submissions, tmp_path / "whole")
    environment = {**os.environ, "PYTHONPATH": str(catalogs.ROOT)}
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER)
    draws = random.Random(7)
    out = tmp_path / "out"
    seen = set()
    for _ in range(30):
        words = [sys.executable, str(driver), str(submissions), str(out)]
        with subprocess.Popen(words, env=environment, start_new_session=True) as process:
            end = time.monotonic() + 300
            while not (out / "gradebook.db").exists() and time.monotonic() < end:
                time.sleep(0.01)
            time.sleep(draws.uniform(0.0, 1.2))
            os.killpg(process.pid, signal.SIGKILL)
        with Gradebook(out / "gradebook.db") as book:
            seen.add(len(list(book.current())))
        if len(list(seen)) > 1 and max(seen) == 13:
            shutil.rmtree(out)  # it was through: again from the beginning
            seen = {0}
    run(submissions, out)
    assert rows(out) == rows(tmp_path / "whole")


FULL = """
import resource, sys
from pathlib import Path
from grader.batch.store import GradebookProblem
from tests.kit import batching
from tests.kit.test_batch_run import run
if __name__ == "__main__":
    size = int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        run(Path(sys.argv[1]), Path(sys.argv[2]), make=batching.quick)
    except GradebookProblem:
        sys.exit(9)
"""


def test_a_disk_that_fills_up_loses_nothing(submissions, tmp_path):
    """Wherever in the files it happens: what was stored is there, and the same command goes on."""
    run(submissions, tmp_path / "whole")
    environment = {**os.environ, "PYTHONPATH": str(catalogs.ROOT)}
    driver, out = tmp_path / "driver.py", tmp_path / "out"
    driver.write_text(FULL)
    stored, ends = [0], []
    for kib in (4, 60, 110):
        words = [sys.executable, str(driver), str(submissions), str(out), str(kib << 10)]
        ends.append(subprocess.run(words, env=environment, check=False, timeout=300).returncode)
        with Gradebook(out / "gradebook.db") as book:
            stored.append(len(list(book.current())))
    assert ends[0] == 9 and stored == sorted(stored)
    assert 0 < stored[-2] < 13  # it was full in the middle, too
    run(submissions, out)
    assert rows(out) == rows(tmp_path / "whole")


def test_a_full_disk_is_one_line_and_the_same_command_goes_on(tmp_path, monkeypatch, capfd):
    """Exit code 2; with room again it ends as if nothing had been."""
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    for name in ("ann", "bob"):
        (folder / f"{name}.zip").write_bytes(b"no archive")
    connect, full = store.sqlite3.connect, [True]

    def small(*arguments, **named):
        base = connect(*arguments, **named)
        if full[0]:
            base.execute("PRAGMA max_page_count = 1")
        return base

    monkeypatch.setattr(store.sqlite3, "connect", small)
    words = ["batch", str(folder), "parameters", "--out", str(out), "--jobs", "1", "--lang", "en"]
    assert cli.main(words) == 2
    line = capfd.readouterr().err
    assert line.count("\n") == 1 and "full" in line and "goes on" in line
    full[0] = False
    assert cli.main(words) == 0
    assert "2 without anything to grade" in capfd.readouterr().out


def files(folder: Path) -> dict[str, bytes]:
    """What a batch has written beside its gradebook."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".db" not in path.name]
    return {str(path): path.read_bytes() for path in found}


def test_a_class_from_the_command_line(tmp_path, capfd):
    """Real gradings: reports, tables and the overview, whatever the names are."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for name in ("ann", "小明", "=cmd()"):
        (folder / name).mkdir(parents=True)
        source = (catalogs.ROOT / "solutions" / "parameters.py").read_text(encoding="utf-8")
        extra = "" if name == "ann" else "\ndef zero_param(size, device=None):\n    0/0\n"
        (folder / name / "parameters.py").write_text(source + extra, encoding="utf-8")
    words = ["batch", str(folder), "parameters", "--out", str(out), "--jobs", "1", "--lang", "en"]
    assert cli.main(words) == 0
    capfd.readouterr()
    table = list(csv.DictReader((out / "gradebook.csv").read_text(encoding="utf-8").splitlines()))
    scores = {row["name"]: float(row["score"]) for row in table}
    assert scores["ann"] == 51 and 0 < scores["小明"] == scores["'=cmd()"] < 51
    students = [row["student"] for row in table]
    for student in students:
        report = json.loads((out / "reports" / f"{student}.json").read_text(encoding="utf-8"))
        assert report["max_score"] == 51
    assert "<script" not in (out / "overview.html").read_text(encoding="utf-8").replace(" ", "")
    before = files(out)
    (out / "reports" / f"{students[0]}.json").unlink()
    assert cli.main(words) == 0
    assert "0 graded" in capfd.readouterr().out
    assert files(out) == before


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nowhere", "--out", "x"],
        ["{class}"],
        ["{class}", "--out", "{class}/out"],
        ["{class}", "--out", "{file}"],
        ["{class}", "gruu", "--out", "x"],
        ["{class}", "--out", "x", "--jobs", "0"],
        ["{class}", "--out", "x", "--regrade", "everything"],
        ["{class}", "--out", "x", "--regrade", "student=nobody"],
    ],
)
def test_wrong_usage_is_one_line(submissions, tmp_path, words, capsys):
    """Exit code 2, what to do, and nothing written."""
    (tmp_path / "file").write_text("mine")
    places = {"class": submissions, "file": tmp_path / "file"}
    assert cli.main(["batch", *(word.format(**places) for word in words)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert not (submissions / "out").exists() and not Path("x").exists()


def test_a_task_is_the_same_wherever_its_files_came_from():
    """The order of files says nothing; every byte and every name does."""
    one = Task("ann", {"gru.py": b"1", "rnn.py": b"2"}, OPTIONS)
    assert one.source == Task("bob", {"rnn.py": b"2", "gru.py": b"1"}, OPTIONS).source
    others = [{"gru.py": b"2", "rnn.py": b"1"}, {"gru.py": b"1"}, {"gru.py": b"1", "rnn.py2": b""}]
    assert len({one.source, *(Task("ann", files, OPTIONS).source for files in others)}) == 4
