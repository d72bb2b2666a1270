"""The terminal report as a whole: what it shows, in which order, in how much room."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.findings import Finding
from grader.locale import Texts
from grader.report.build import build_report
from grader.report.terminal import Terminal
from tests.kit import made

FULL = ["landlock", "seccomp", "rlimits"]
STUB = Finding("stub", {"function": "step", "file": "rnn.py"}, status="not_started")
MISSING = Finding("file_missing", {"file": "rnn.py"}, status="not_started")
BLOCKED = Finding("blocked", {"functions": "update_gate"}, status="blocked")
SYNTAX = Finding(
    "load_raised", {"type": "SyntaxError", "text": "oh", "file": "gru.py"}, status="error"
)
EVERYTHING = ("rnn.step", "rnn.rnn", "gru.update_gate", "gru.gru")


def shown(
    findings: dict[str, Finding | None],
    language: str = "en",
    width: int = 80,
    layers: list[str] | None = FULL,
    **options: bool | str,
) -> str:
    """The report of a run, as text."""
    graded, texts = made.graded(findings, layers), Texts(language)
    console = Console(file=io.StringIO(), width=width, highlight=False, **options)
    report = build_report(graded, "exercises", 2026, "cpu", 2.0, texts)
    Terminal(console, texts, "exercises", [], 2026).show(graded, report)
    text = console.file.getvalue()
    return "\n".join(line.rstrip() for line in text.splitlines())


FRESH = """\
exercise                         points
rnn       The RNN  ░░░░░░░░░░░░    0/10  0%  not started
gru       The GRU  ░░░░░░░░░░░░    0/10  0%  not started
total              ░░░░░░░░░░░░    0/20  0%

Start here: exercises/rnn.py, function step. Then run:
  make grade EX=rnn
Seed 2026, 2.0 s. The same run again: make grade"""
IN_ENGLISH = """\
exercise                                 points
rnn       The RNN  ██████████░░░░░░░░░░    5/10  50%  in progress
gru       The GRU  ░░░░░░░░░░░░░░░░░░░░    0/10   0%  failed
total              █████░░░░░░░░░░░░░░░    5/20  25%

FAILED  gru.update_gate / result equals the equation                                   0 of 5 points
  The result has the right shape, but not the right values.
  called    update_gate(X, H, W_xz, W_hz, b_z)   (the smallest failing input found)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  returned  [[0.25]]  f64[1,1]
  expected  [[0.75]]  f64[1,1]
  differs   at [0, 0]: 0.25 instead of 0.75   (allowed: 1e-09 · (1 + |expected|))
  hint      Compare term by term.
  again     make grade EX=gru   your code: exercises/gru.py

Elsewhere:
  gru.gru  waiting  Waits for update_gate: mend that first.

Not started yet: rnn.rnn
Next: exercises/gru.py, function update_gate. Then run:
  make grade EX=gru
Seed 2026, 2.0 s. The same run again: make grade"""
IN_CHINESE = """\
练习                          得分
rnn   RNN 网络  ██████░░░░░░  5/10  50%  进行中
gru   GRU 网络  ░░░░░░░░░░░░  0/10   0%  未通过
合计            ███░░░░░░░░░  5/20  25%

未通过  gru.update_gate / 结果与公式一致                      得 0 分，满分 5 分
  返回值形状正确，数值不对。
  调用  update_gate(X, H, W_xz, W_hz, b_z)   （这是找到的最小反例）
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]
        b_z = [0.125]
  返回  [[0.25]]  f64[1,1]
  应为  [[0.75]]  f64[1,1]
  差异  [0, 0] 处得到 0.25，应为 0.75   （允许误差 1e-09 · (1 + |应为值|)）
  提示  请逐项对照。
  再试  make grade EX=gru   你的代码在 exercises/gru.py

其余：
  gru.gru  等待    先要改好 update_gate，才能检查这里。

尚未开始：rnn.rnn
下一步：改好函数 update_gate，代码在 exercises/gru.py。然后运行：
  make grade EX=gru
种子 2026，用时 2.0 秒。重现这次评分：make grade"""


def test_a_fresh_student_sees_where_to_start() -> None:
    """Nothing but stubs: the table and where to start, no list of failures."""
    assert shown(dict.fromkeys(EVERYTHING, STUB)) == FRESH


def test_the_first_fault_comes_in_full_and_the_rest_in_a_line() -> None:
    """Table, the first failing function with its message, the others, what to do next."""
    findings = {"rnn.rnn": STUB, "gru.update_gate": made.wrong_value(), "gru.gru": BLOCKED}
    assert shown(findings, width=100) == IN_ENGLISH


def test_the_same_in_chinese() -> None:
    """Chinese reports have the same parts, aligned by the characters' real width."""
    findings = {"rnn.rnn": STUB, "gru.update_gate": made.wrong_value(), "gru.gru": BLOCKED}
    assert shown(findings, "zh") == IN_CHINESE


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(language: str, width: int) -> None:
    """No line is wider than the terminal, nor than a hundred columns."""
    findings = {"gru.update_gate": made.wrong_value(b"x" * 5000), "gru.gru": SYNTAX}
    text = shown({**findings, "rnn.rnn": BLOCKED}, language, width)
    assert max(map(cell_len, text.splitlines())) <= min(width, 100)


def test_what_the_student_printed_is_shown_cleaned_and_capped() -> None:
    """A failing function's output is shown as the student's, a few lines of it, without escapes."""
    printed = b"\x1b[31mH is zero\x1b[0m\n::error::x\n" + b"again\n" * 100
    text = shown({"gru.update_gate": made.wrong_value(printed)})
    assert "  printed  | H is zero\n           | : :error::x\n           | again\n" in text
    assert text.count("| again") == 6 and "more lines" in text


def test_a_file_that_cannot_be_imported_is_one_entry() -> None:
    """A syntax error is told once, for the file, not once for each function."""
    text = shown({"gru.update_gate": SYNTAX, "gru.gru": BLOCKED})
    assert text.count("SyntaxError") == 1
    assert "ERROR  gru.py" in text and "Next: exercises/gru.py. Then run:" in text


def test_full_marks_are_said() -> None:
    """When everything passed the report says so, and asks for nothing."""
    text = shown({})
    assert "Full marks." in text and "20/20" in text and "100%" in text
    assert "Next" not in text and "FAILED" not in text


def test_the_kit_s_own_failure_is_not_the_student_s() -> None:
    """A fault is counted and named as ours."""
    fault = Finding("fault", {"type": "KeyError", "text": "q"}, status="fault")
    text = shown({"gru.gru": fault})
    assert "The grader itself failed (checks: 1)" in text and "grader fault" in text


def test_a_weak_sandbox_is_said() -> None:
    """Where a layer is missing the report warns; where nothing was run it does not."""
    assert "partial: no landlock" in shown({}, layers=["seccomp", "rlimits"])
    assert "Sandbox" not in shown({}, layers=None)


def test_a_wrong_folder_is_noticed() -> None:
    """Where no exercise file is found the report asks whether the folder is right."""
    text = shown(dict.fromkeys(EVERYTHING, MISSING))
    assert "Is that the right folder?" in text
    assert "Next: write exercises/rnn.py, which is missing" in text


def test_colour_only_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are the same with colours, without a terminal, and under NO_COLOR."""
    findings = {"gru.update_gate": made.wrong_value()}
    plain = shown(findings)
    assert "\x1b" not in plain
    assert "\x1b[" in shown(findings, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    dull = shown(findings, force_terminal=True, color_system="standard")
    assert "\x1b[3" not in dull


def test_output_without_unicode_has_a_bar_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that knows ASCII only gets an ASCII bar."""
    monkeypatch.setattr(Console, "encoding", property(lambda self: "ascii"))
    text = shown({"gru.gru": STUB})
    assert "######......" in text and "█" not in text
