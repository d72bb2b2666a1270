"""``list`` and ``reset``: how far one is, and the untouched file again."""

import json
import shutil
import time

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader import catalog as catalogs
from grader import cli
from grader.arguments import UsageProblem
from grader.commands import reset
from grader.locale import Texts
from grader.progress import standing, table
from grader.progress.history import source_of
from grader.progress.store import Result

CATALOG = catalogs.load()


@pytest.fixture
def project(tmp_path):
    """A project with untouched exercises."""
    shutil.copytree(catalogs.ROOT / "exercises", tmp_path / "exercises")
    return tmp_path


def graded(folder, name: str, score: float, status: str) -> Result:
    """A result for the file as it is now."""
    most = CATALOG.exercise(name).points
    return Result(name, time.time(), score, most, status, source_of(folder, name, CATALOG), {})


def test_each_exercise_is_in_the_state_it_is_in(project):
    """What was graded, what has changed since, what never was, what has no file."""
    folder = project / "exercises"
    (folder / "fast.py").unlink()
    known = {
        "rnn": graded(folder, "rnn", CATALOG.exercise("rnn").points, "passed"),
        "gru": graded(folder, "gru", 41, "failed"),
        "lstm": graded(folder, "lstm", 0, "not_started"),
        "deep": graded(folder, "deep", 3, "failed"),
    }
    with (folder / "deep.py").open("a") as file:
        file.write("# more\n")
    found = {s.exercise.name: s.state for s in standing.standings(folder, CATALOG, known)}
    expected = {"rnn": "full", "gru": "started", "lstm": "not_started", "deep": "changed"}
    expected |= {"fast": "missing", "training": "ungraded"}
    assert {name: found[name] for name in expected} == expected


def test_a_change_in_a_file_that_it_needs_makes_a_result_old(project):
    """gru rests on parameters."""
    folder = project / "exercises"
    known = {"gru": graded(folder, "gru", 41, "failed")}
    (folder / "parameters.py").write_text("# new\n")
    (found,) = [s for s in standing.standings(folder, CATALOG, known) if s.exercise.name == "gru"]
    assert found.state == "changed" and found.score == 41


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_aligns_and_fits(project, language, width):
    """Points stand in one column, whatever the script; no line is longer than the terminal."""
    folder = project / "exercises"
    known = {"gru": graded(folder, "gru", 41, "failed")}
    console = Console(width=width, record=True, file=open("/dev/null", "w"), color_system=None)  # noqa: SIM115
    table.show(standing.standings(folder, CATALOG, known), Texts(language), console)
    lines = console.export_text().splitlines()
    rows = [line for line in lines if line.split(" ")[0] in CATALOG.names]
    assert len(rows) == len(CATALOG.names)
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    ends = {cell_len(row[: row.index("/") + row[row.index("/") :].index(" ")]) for row in rows}
    assert len(ends) == 1
    assert "make grade EX=sequence_data" in lines[-1]


def test_the_list_for_programs_is_json(capsys):
    """Names, states, points, and what is next."""
    assert cli.main(["list", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in whole["exercises"]] == CATALOG.names
    assert whole["max_score"] == sum(e.points for e in CATALOG.exercises)
    assert whole["next"] in [*CATALOG.names, None]


@pytest.mark.parametrize("words", [["list", "gru"], ["list", "--lang", "fr"], ["reset", "gruu"]])
def test_wrong_usage_is_one_line(words, capsys):
    """Exit code 2, and what to do."""
    assert cli.main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1


def reset_in(project, name: str, capsys) -> str:
    """What reset says."""
    assert reset.run(name, Texts("en"), project) == 0
    return capsys.readouterr().out


def test_reset_puts_the_stub_back_and_keeps_the_work(project, capsys):
    """Each reset keeps a file of its own, also two within a second."""
    path = project / "exercises" / "gru.py"
    stub = path.read_bytes()
    for number in range(3):
        path.write_text(f"# work {number}\n")
        assert "your work is in .gatecheck/backups/gru-" in reset_in(project, "gru", capsys)
        assert path.read_bytes() == stub
    kept = {backup.read_text() for backup in (project / ".gatecheck" / "backups").iterdir()}
    assert kept == {"# work 0\n", "# work 1\n", "# work 2\n"}


def test_reset_of_an_untouched_file_says_so(project, capsys):
    """No backup of nothing."""
    assert "is untouched" in reset_in(project, "gru", capsys)
    assert list((project / ".gatecheck" / "backups").iterdir()) == []


def test_reset_writes_a_missing_file(project, capsys):
    """A file that was deleted comes back."""
    path = project / "exercises" / "gru.py"
    path.unlink()
    assert reset_in(project, "gru", capsys) == "wrote exercises/gru.py\n"
    assert path.is_file()


def test_reset_refuses_what_it_can_not_keep(project):
    """A link may lead anywhere, a folder is no file: nothing is touched."""
    path = project / "exercises" / "gru.py"
    path.rename(project / "elsewhere.py")
    path.symlink_to(project / "elsewhere.py")
    with pytest.raises(UsageProblem):
        reset.run("gru", Texts("en"), project)
    assert path.is_symlink()
    with pytest.raises(UsageProblem, match="reset_which"):
        reset.run(None, Texts("en"), project)
