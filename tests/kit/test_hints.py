"""Help that comes step by step: the levels of a report, `hint`, and `solution`."""

import copy
import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from grader import cli
from grader.checking.session import Engine, Graded
from grader.findings import Standing
from grader.hinting import MEMORY, show_hint, show_solution
from grader.locale import Texts
from grader.misconceptions import misconceptions
from grader.report.build import build_report
from grader.report.hints import help_at
from grader.report.terminal import Terminal
from grader.report.wording import standing_text
from tests.kit.submissions import SOLUTIONS, with_mistakes, with_source

BIAS = next(m for m in misconceptions("gru", "update_gate") if m.name == "bias_missing")
TANH = next(m for m in misconceptions("gru", "update_gate") if m.name == "tanh_instead")


STRANGE = """
import torch


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    given = (X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h)
    return tuple(3 * grad_next.sum() * torch.ones_like(each) for each in given)
"""


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place to work in: what is remembered stays there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").mkdir()


@pytest.fixture(scope="module")
def no_bias(engine, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A submission whose update gate lacks its bias, graded."""
    return _graded(engine, with_mistakes(tmp_path_factory.mktemp("bias"), "gru", [BIAS]))


def _graded(engine: Engine, folder: Path) -> Graded:
    return engine.grade(folder, ["gru"], 3, diagnosed=True)


def _console() -> Console:
    return Console(file=io.StringIO(), width=100)


def _words(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def _hint(
    graded: Graded, function: str | None = None, level: int | None = None, language: str = "en"
) -> str:
    console = _console()
    show_hint(graded, "work", function, level, Texts(language), console)
    return _words(console)


def _report(graded: Graded, level: int, exercise: str = "gru") -> tuple[str, set[str]]:
    """What the terminal says at a level of help, and the ids of all diagnoses in the JSON."""
    graded = copy.deepcopy(graded)
    help_at(graded.outcomes.values(), level)
    report = build_report(graded, "work", 3, "cpu", 1.0, Texts("en"))
    console = _console()
    Terminal(console, Texts("en"), "work", [exercise], 3).show(graded, report)
    checks = [check for f in report.exercises[0].functions for check in f.checks]
    return _words(console), {check.diagnosis.id for check in checks if check.diagnosis}


def test_each_level_says_more(no_bias):
    """0 gives no help, 1 the check's hint, 2 the mistake's name, 3 what to change."""
    said, named = zip(*(_report(no_bias, level) for level in range(4)), strict=True)
    nudge = "Compare term by term."
    assert [nudge in text for text in said] == [False, True, True, False]
    assert [BIAS.text["en"] in text for text in said] == [False, False, True, True]
    assert [BIAS.hint["en"] in text for text in said] == [False, False, False, True]
    assert list(named) == [set(), set(), {BIAS.id}, {BIAS.id}]


def test_a_hint_says_a_little_more_each_time(no_bias):
    """Nudge, name, change; then no more; another language is another reading of the same."""
    first, second, third, fourth = (_hint(no_bias) for _ in range(4))
    assert "nudge" in first and BIAS.text["en"] not in first
    assert BIAS.text["en"] in second and BIAS.hint["en"] not in second
    assert BIAS.hint["en"] in third and fourth == third
    assert BIAS.text["zh"] in _hint(no_bias, language="zh")


def test_another_fault_begins_at_the_beginning(engine, no_bias, tmp_path):
    """What was said of one mistake says nothing of the next."""
    assert BIAS.text["en"] in [_hint(no_bias, "update_gate") for _ in range(2)][1]
    other = _graded(engine, with_mistakes(tmp_path, "gru", [TANH]))
    assert TANH.text["en"] not in _hint(other, "update_gate")
    assert TANH.text["en"] in _hint(other, "update_gate")


def test_hints_never_hold_the_solution(no_bias):
    """However often one asks, no line of the reference's code appears."""
    code = "return torch.sigmoid(X @ W_xz"
    assert code in (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    assert code not in _hint(no_bias, level=3)


def test_a_memory_that_cannot_be_kept_costs_no_hint(no_bias):
    """A broken or unwritable file of remembered hints starts at the first."""
    MEMORY.parent.mkdir()
    MEMORY.write_text("not json")
    assert "nudge" in _hint(no_bias)
    MEMORY.unlink()
    MEMORY.parent.rmdir()
    MEMORY.parent.write_text("a file")
    assert "nudge" in _hint(no_bias)


def test_the_solution_is_shown_for_full_marks_only(no_bias):
    """The reference of what is solved, and what is missing for the rest."""
    console = _console()
    assert not show_solution(no_bias, "work", None, Texts("en"), console)
    said = _words(console)
    assert "torch.sigmoid(X @ W_xr + H @ W_hr + b_r)" in said
    assert "W_xz + H" not in said
    assert re.search(r"update_gate: \d+ of 15 points", said)
    assert show_solution(no_bias, "work", "reset_gate", Texts("en"), _console())
    assert not show_solution(no_bias, "work", "update_gate", Texts("en"), _console())


def test_two_mistakes_at_once_are_named_together(engine, tmp_path):
    """A gate without its bias that goes through tanh has both names."""
    gate = "def update_gate(X, H, W, U, b):\n    return (H @ U + X @ W).tanh()\n"
    said, named = _report(_graded(engine, _with_gate(tmp_path, gate)), 2)
    assert "Two mistakes at once." in said
    assert BIAS.text["en"] in said and TANH.text["en"] in said
    assert named == {f"{BIAS.id}+{TANH.name}"}


def test_where_no_mistake_is_known_the_report_says_what_is_right(engine, tmp_path):
    """A weight that counts three times: right where H or its weight is zero."""
    gate = "def update_gate(X, H, W, U, b):\n    return torch.sigmoid(X @ W + 3 * H @ U + b)\n"
    graded = _graded(engine, _with_gate(tmp_path, gate))
    said, named = _report(graded, 2)
    assert "right The values, if H = 0 or W_hz = 0" in said
    assert "the gate opens and shuts fully" in said
    assert named == set()
    assert "right The values" not in _report(graded, 0)[0]


def test_what_holds_for_nothing_is_not_called_right(engine, tmp_path):
    """A gradient is zero where that from outside is: no reason to look there."""
    folder = tmp_path / "bptt"
    folder.mkdir()
    (folder / "bptt.py").write_text(STRANGE, encoding="utf-8")
    graded = engine.grade(folder, ["bptt"], 3, diagnosed=True)
    finding = graded.outcomes["bptt.gru_step_backward.values"].finding
    assert finding.standing is not None and finding.standing.where == []
    assert "grad_next = 0" not in _report(graded, 2, "bptt")[0]


def test_nothing_is_said_where_nothing_is_right():
    """No empty list of what was passed, however much else there is to say."""
    for language in ("en", "zh"):
        said = standing_text(Standing([], ["H = 0"]), Texts(language))
        assert said and "Passed" not in said and "已通过" not in said
        assert standing_text(Standing([]), Texts(language)) == ""


def test_a_function_by_another_name_has_hints_of_its_own(engine, tmp_path):
    """`hint` speaks of a function that is written and can't be found, as the report does."""
    (tmp_path / "gru.py").write_text("def update_gat(X):\n    return X\n", encoding="utf-8")
    said = _hint(_graded(engine, tmp_path), level=3)
    assert "gru.py has no function update_gate; is update_gat (line 1) meant?" in said
    assert "rename update_gat." in said
    assert "update_gat（第 1 行）" in _hint(_graded(engine, tmp_path), level=3, language="zh")


def _with_gate(folder: Path, gate: str) -> Path:
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    return with_source(folder, "gru", f"{source}\n\n{gate}")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hint"], "say which exercise"),
        (["hint", "gur"], "Did you mean gru?"),
        (["hint", "gru", "update_gat"], "Did you mean update_gate?"),
        (["hint", "gru", "--level", "4"], "there is no hint number 4"),
        (["solution"], "say which exercise"),
        (["grade", "--hints", "4"], "there is no level of help 4"),
    ],
)
def test_a_wrong_wish_is_one_line(capsys, words, sentence):
    """What can't be followed says what to do, with exit code 2."""
    assert cli.main(words) == 2
    assert sentence in capsys.readouterr().err
