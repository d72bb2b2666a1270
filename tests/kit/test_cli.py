"""The command line: wrong usage is one line that says what to do, and exit codes can be trusted."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from grader import catalog as catalogs
from grader import cli
from grader.arguments import DEFAULT_SEED, write_json
from grader.locale import Texts

ROOT = Path(__file__).resolve().parents[2]
WRONG = {
    "no command": ([], "say what to do"),
    "command": (["grad"], "Did you mean grade?"),
    "exercise": (["grade", "gur"], "Did you mean gru?"),
    "exercise as file": (["grade", "exercises/lstm.py"], "Did you mean lstm?"),
    "far exercise": (["grade", "zzzz"], "The exercises: sequence_data, parameters"),
    "option": (["grade", "--sumbission", "x"], "Did you mean --submission?"),
    "option without value": (["grade", "--seed"], "--seed needs a value"),
    "seed": (["grade", "--seed", "1.5"], "--seed N"),
    "negative seed": (["grade", "--seed=-1"], "--seed N"),
    "huge seed": (["grade", "--seed", "9" * 30], "--seed N"),
    "language": (["grade", "--lang", "fr"], "--lang en or --lang zh"),
    "device": (["grade", "--device", "gpu"], "--device auto"),
    "no such device": (["grade", "--device", "xpu"], "--device cpu"),
    "escaped device": (["grade", "--device", "c\x1bpu"], "--device auto"),
    "folder": (["grade", "--submission", "no/such"], "--submission DIR"),
    "empty folder name": (["grade", "--submission", ""], "--submission DIR"),
    "file as folder": (["grade", "--submission", "exercises/gru.py"], "--submission exercises gru"),
    "json in no folder": (["grade", "--json", "no/such/x.json"], "--json FILE"),
    "json is a folder": (["grade", "--json", "exercises"], "--json the name of a file"),
    "escapes": (["grade", "\x1b[31mx\n::error::y"], "there is no exercise"),
}


def _main(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("GRADER_SEED", raising=False)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing on standard output, one line on standard error that says what to do."""
    words, expected = WRONG[name]
    code, out, err = _main(capsys, *words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and err.startswith("gatecheck: ") and expected in err
    assert "\x1b" not in err


def test_wrong_usage_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """--lang counts for complaints too, wherever it stands."""
    for words in (["grade", "gur", "--lang", "zh"], ["grade", "--lang=zh", "gur"]):
        assert _main(capsys, *words) == (2, "", "gatecheck：没有名为 gur 的练习。是不是 gru？\n")


def test_a_bad_seed_in_the_environment_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GRADER_SEED is checked like --seed, and the complaint says where it came from."""
    monkeypatch.setenv("GRADER_SEED", "today")
    code, _, err = _main(capsys, "grade")
    assert code == 2 and "today" in err and "GRADER_SEED" in err


def test_a_folder_that_cannot_be_written_is_found_before_grading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A JSON file that can't be written costs no grading run."""
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    code, _, err = _main(capsys, "grade", "--json", str(tmp_path / "x.json"))
    assert code == 2 and "can't be written" in err


def test_a_failure_of_our_own_is_one_line_and_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exception that nobody expected is the grader's fault and says so; a switch shows more."""

    def broken(*_: object) -> int:
        raise ZeroDivisionError("two\nlines \x1b[31m")

    monkeypatch.setattr(cli, "grade", broken)
    monkeypatch.delenv("GRADER_DEBUG", raising=False)
    code, out, err = _main(capsys, "grade")
    assert (code, out) == (3, "") and err.count("\n") == 1 and "\x1b" not in err
    assert "not your code: ZeroDivisionError: two lines" in err
    monkeypatch.setenv("GRADER_DEBUG", "1")
    assert "Traceback" in _main(capsys, "grade")[2]


def test_ctrl_c_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends a run with one line."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "grade", interrupted)
    code, _, err = _main(capsys, "grade")
    assert code == 130 and "stopped" in err and "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_cleans_up(tmp_path: Path, number: int) -> None:
    """Interrupted or cancelled in the middle, the grader leaves no folder and no process behind."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", "--submission", "solutions"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob("gatecheck-source-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130 and "stopped" in err and "Traceback" not in err
    assert list(tmp_path.glob("gatecheck*")) == []


def test_options_reach_the_grading_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is what is graded; exercises come in the syllabus's order."""
    orders = []
    monkeypatch.setattr(cli, "grade", lambda order, texts: orders.append((order, texts)) or 1)
    words = "grade lstm rnn --submission solutions --seed 5 --device auto --lang zh --no-timing"
    assert cli.main(words.split()) == 1
    order, texts = orders[0]
    assert (order.exercises, order.submission, order.seed) == (["rnn", "lstm"], "solutions", 5)
    assert (order.device, order.timing, order.json) == ("auto", False, None)
    assert texts.language == "zh"
    assert cli.main(["grade"]) == 1 and orders[1][0].timing is True


def test_the_seed_has_a_default_and_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a seed every run asks the same; GRADER_SEED sets it, --seed overrules that."""
    orders = []
    monkeypatch.setattr(cli, "grade", lambda order, texts: orders.append(order.seed) or 0)
    cli.main(["grade"])
    cli.main(["grade"])
    monkeypatch.setenv("GRADER_SEED", "11")
    cli.main(["grade"])
    cli.main(["grade", "--seed", "12"])
    assert orders == [DEFAULT_SEED, DEFAULT_SEED, 11, 12]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_names_every_option_in_both_languages(language: str) -> None:
    """Every command and option has a help text."""
    group = cli.command(Texts(language))
    for command in group.commands.values():
        assert command.help
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert options and all(option.help for option in options)


def test_json_is_replaced_whole(tmp_path: Path) -> None:
    """A report is written beside the old one and takes its place; links and modes are kept."""
    target, link = tmp_path / "report.json", tmp_path / "link.json"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_json(str(link), b"new")
    assert target.read_bytes() == b"new" and link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "report.json"]


def test_a_device_is_written_to_and_not_replaced() -> None:
    """--json /dev/null leaves /dev/null alone."""
    write_json("/dev/null", b"x")
    assert not Path("/dev/null").is_file()


def test_a_draft_does_not_stay_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the report can't take its place nothing half-written is left."""

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_json(str(tmp_path / "report.json"), b"new")
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_imported_before_the_sandbox_starts() -> None:
    """Command line and sandbox client leave torch, pytest, hypothesis and rich alone."""
    code = (
        "import sys, grader.cli, grader.sandbox.client;"
        "sys.exit(', '.join({'torch', 'pytest', 'hypothesis', 'rich'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stderr.strip() == ""


def test_files_of_the_current_folder_shadow_nothing(tmp_path: Path) -> None:
    """Started in a submission's folder, the grader does not take its click.py or json.py."""
    for name in ("click", "json", "tomllib", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "grader", "grade", "gur"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2 and "Did you mean gru?" in result.stderr


def test_a_kit_that_was_installed_without_its_folder_says_so(tmp_path, monkeypatch, capsys):
    """As after a plain pip install: one line that says what to do."""
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    assert cli.main(["list", "--lang", "en"]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and "-e ." in line
