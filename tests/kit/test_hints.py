"""Help that comes step by step: the levels of a report, `hint`, and `solution`."""

import json
from pathlib import Path

import pytest

from grader import cli
from grader.misconceptions import misconceptions
from tests.kit.submissions import SOLUTIONS, with_mistakes, with_source

BIAS = next(m for m in misconceptions("gru", "update_gate") if m.name == "bias_missing")
TANH = next(m for m in misconceptions("gru", "update_gate") if m.name == "tanh_instead")


@pytest.fixture
def wrong_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A submission whose update gate lacks its bias, and an empty folder to work in."""
    folder = tmp_path / "work"
    folder.mkdir()
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return str(with_mistakes(folder, "gru", [BIAS]))


def _said(capsys: pytest.CaptureFixture, *words: str) -> str:
    capsys.readouterr()
    cli.main(words)
    return " ".join(capsys.readouterr().out.split())


def test_each_level_says_more(wrong_gate, capsys, tmp_path):
    """0 gives no help, 1 the check's hint, 2 the mistake's name, 3 what to change."""
    target = tmp_path / "report.json"
    said, named = [], []
    for level in "0123":
        words = ("grade", "gru", "--submission", wrong_gate, "--json", str(target))
        said.append(_said(capsys, *words, "--hints", level))
        (function,) = [
            f
            for f in json.loads(target.read_text())["exercises"][0]["functions"]
            if f["name"] == "update_gate"
        ]
        named.append({c["diagnosis"]["id"] for c in function["checks"] if c["diagnosis"]})
    nudge, change = "Compare term by term.", BIAS.hint["en"]
    assert [nudge in text for text in said] == [False, True, True, False]
    assert [BIAS.text["en"] in text for text in said] == [False, False, True, True]
    assert [change in text for text in said] == [False, False, False, True]
    assert named == [set(), set(), {BIAS.id}, {BIAS.id}]


def test_a_hint_says_a_little_more_each_time(wrong_gate, capsys):
    """Nudge, name, change; then no more; another language is another reading of the same."""
    words = ("hint", "gru", "--submission", wrong_gate)
    first, second, third, fourth = (_said(capsys, *words) for _ in range(4))
    assert "nudge" in first and BIAS.text["en"] not in first
    assert BIAS.text["en"] in second and BIAS.hint["en"] not in second
    assert BIAS.hint["en"] in third and fourth == third
    assert BIAS.text["zh"] in _said(capsys, *words, "--lang", "zh").replace(" ", "")


def test_another_fault_begins_at_the_beginning(wrong_gate, capsys):
    """What was said of one mistake says nothing of the next."""
    words = ("hint", "gru", "update_gate", "--submission", wrong_gate)
    assert BIAS.text["en"] in [_said(capsys, *words) for _ in range(2)][1]
    with_mistakes(Path(wrong_gate), "gru", [TANH])
    assert TANH.text["en"] not in _said(capsys, *words)
    assert TANH.text["en"] in _said(capsys, *words)


def test_hints_never_hold_the_solution(wrong_gate, capsys):
    """However often one asks, no line of the reference's code appears."""
    code = "return torch.sigmoid(X @ W_xz"
    assert code in (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    assert code not in _said(capsys, "hint", "gru", "--level", "3", "--submission", wrong_gate)


def test_a_memory_that_cannot_be_kept_costs_no_hint(wrong_gate, capsys):
    """A broken or unwritable file of remembered hints starts at the first."""
    folder = Path(".gatecheck")
    folder.mkdir()
    (folder / "hints.json").write_text("not json")
    assert "nudge" in _said(capsys, "hint", "gru", "--submission", wrong_gate)
    (folder / "hints.json").unlink()
    folder.rmdir()
    folder.write_text("a file")
    assert "nudge" in _said(capsys, "hint", "gru", "--submission", wrong_gate)


def test_the_solution_is_shown_for_full_marks_only(wrong_gate, capsys):
    """The reference of what is solved, and what is missing for the rest."""
    said = _said(capsys, "solution", "gru", "--submission", wrong_gate)
    assert "torch.sigmoid(X @ W_xr + H @ W_hr + b_r)" in said
    assert "W_xz + H" not in said
    assert "update_gate: 6 of 15 points" in said
    assert cli.main(["solution", "gru", "reset_gate", "--submission", wrong_gate]) == 0
    assert cli.main(["solution", "gru", "update_gate", "--submission", wrong_gate]) == 1


def test_two_mistakes_at_once_are_named_together(tmp_path, capsys):
    """A gate without its bias that goes through tanh has both names."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += "\n\ndef update_gate(X, H, W, U, b):\n    return (H @ U + X @ W).tanh()\n"
    folder = str(with_source(tmp_path, "gru", source))
    said = _said(capsys, "grade", "gru", "--submission", folder)
    assert "Two mistakes at once." in said
    assert BIAS.text["en"] in said and TANH.text["en"] in said


def test_where_no_mistake_is_known_the_report_says_what_is_right(tmp_path, capsys):
    """A weight that counts three times: right where H or its weight is zero."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    gate = "def update_gate(X, H, W, U, b):\n    return torch.sigmoid(X @ W + 3 * H @ U + b)\n"
    folder = str(with_source(tmp_path, "gru", f"{source}\n\n{gate}"))
    said = _said(capsys, "grade", "gru", "--submission", folder)
    assert "right The values, if H = 0 or W_hz = 0" in said
    assert "the gate opens and shuts fully" in said
    bare = _said(capsys, "grade", "gru", "--submission", folder, "--hints", "0")
    assert "right The values" not in bare


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
