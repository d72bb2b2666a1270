"""Where a fault is: ``path:line`` that an editor opens at a click, or the cell of a notebook."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from grader.findings import Finding, Place
from grader.locale import Texts
from grader.notebook.scanning import definitions, lines_of
from grader.report import wording
from grader.report.build import build_report
from grader.report.commands import FROM_NOTEBOOK, grade_command, path_of, place_of
from grader.report.layout import wrap
from grader.report.terminal import Terminal
from tests.kit import made
from tests.kit.messages import CASES
from tests.kit.notebooks import content

GRU = Place("gru.py", 42, "", "")
WRONG = """import torch


def helper():
    '''
def update_gate(X):
    '''
    return None.nothing


@torch.no_grad()
def update_gate(X, H, W_xz, W_hz, b_z):
    return helper()
"""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize(
    "folder", ["exercises", "a/rather/long/path/to/the/homework/of/week-07/mine"]
)
def test_a_place_stays_in_one_piece(folder: str, width: int, language: str) -> None:
    """However narrow the terminal is, path:line is never broken, nor glued to other letters."""
    for name in ("values", "raised", "neighbourhood"):
        finding = CASES[name]
        finding.home = GRU
        lines = wording.message(finding, made.check(), Texts(language), folder, width)
        assert any(re.search(rf"(^|[ ]){folder}/gru\.py:42($|[ 。，])", line) for line in lines), (
            lines
        )
        finding.home = None


def test_wrapping_moves_a_place_to_a_line_of_its_own() -> None:
    """It is longer than the line if it must be, but not beyond all reason."""
    place = "exercises/gru.py:42"
    assert wrap(f"Next: {place} and so on", 14) == ["Next:", place, "and so on"]
    assert max(map(len, wrap("x" * 500 + ":1", 80))) <= 165


def test_paths_are_seen_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An absolute path inside of it becomes relative; one outside stays; a notebook is the file."""
    monkeypatch.chdir(tmp_path)
    assert path_of(str(tmp_path / "work"), "gru.py") == "work/gru.py"
    assert path_of("/elsewhere", "gru.py") == "/elsewhere/gru.py"
    assert path_of("../exercises", "gru.py") == "../exercises/gru.py"
    assert path_of("week/hw.ipynb", "hw.ipynb") == "week/hw.ipynb"


def test_places_in_notebooks_name_the_cell() -> None:
    """From the terminal by file, cell and line; from within by the number in the margin."""
    saved, live = Place("hw.ipynb", 4, "", "", 3), Place("session.ipynb", 4, "", "", 3, 7)
    assert place_of("week", saved, Texts("en")) == "week/hw.ipynb cell 3 line 4"
    assert place_of("week", saved, Texts("zh")) == "week/hw.ipynb 单元格 3 第 4 行"
    assert place_of("week", live, Texts("en")) == "In[7], line 4"
    assert place_of("week", live, Texts("zh")) == "In[7] 第 4 行"


def test_commands_are_those_of_the_place_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook one calls grade()."""
    assert grade_command(["gru"], "exercises") == "make grade EX=gru"
    monkeypatch.setenv(FROM_NOTEBOOK, "1")
    assert grade_command(["gru"], "exercises") == 'grade("gru")'
    assert grade_command([], "exercises", 5) == "grade(seed=5)"


def test_the_line_of_a_function_is_found_without_running_anything() -> None:
    """The last definition at the top level counts; text in strings and methods don't."""
    lines = lines_of(
        WRONG + "\nf = g = 1\nclass A:\n    def b(self): ...\n\ndef f(): ...\nasync def h(): ...\n"
    )
    found = definitions(lines)
    assert found["helper"] == 4 and found["update_gate"] == 12
    assert found["f"] == 19 and found["h"] == 20 and found["A"] == 16 and "b" not in found
    broken = lines_of("def f(:\n  x = (\n")
    assert definitions(broken) == {"f": 1}


def _shown(engine, folder: Path, wanted: list[str], width: int = 80) -> str:
    graded = engine.grade(folder, wanted, 1, shrink=False)
    texts = Texts("en")
    console = Console(file=io.StringIO(), width=width, highlight=False)
    report = build_report(graded, "work", 1, "cpu", 1.0, texts)
    Terminal(console, texts, "work", wanted, 1).show(graded, report)
    return console.file.getvalue()


def test_a_report_names_the_line_of_the_function_and_of_the_exception(
    engine, tmp_path: Path
) -> None:
    """Both places of a failure stand in the report, and the next step names the first."""
    (tmp_path / "gru.py").write_text(WRONG)
    shown = _shown(engine, tmp_path, ["gru"])
    assert "work/gru.py:13  in update_gate:  return helper()" in shown
    assert "work/gru.py:8  in helper:  return None.nothing" in shown
    assert "your code: work/gru.py:12" in shown
    assert "Next: work/gru.py:12, function update_gate" in shown


def test_a_report_on_a_notebook_names_cell_and_line(engine, tmp_path: Path) -> None:
    """Tracebacks, functions and syntax errors are counted as the notebook counts."""
    (tmp_path / "hw.ipynb").write_bytes(
        content(
            "import torch",
            "# gatecheck: gru\n%matplotlib inline\n\ndef update_gate(X, H, W_xz, W_hz, b_z):\n"
            "    return X.nothing",
            "# gatecheck: rnn\nx = 1\ndef rnn_step(*arguments):\nreturn 1",
        )
    )
    shown = _shown(engine, tmp_path, ["rnn", "gru"], 100)
    assert "hw.ipynb can't be imported: IndentationError" in shown
    assert "after function definition on line 3" in " ".join(shown.split())
    assert "work/hw.ipynb cell 3 line 4" in shown
    assert "gru.update_gate  error" in shown and "work/hw.ipynb cell 2 line 4" in shown
    assert not re.search(r"/tmp|gru\.py|rnn\.py", shown)


def test_a_notebook_that_is_no_use_is_one_row(engine, tmp_path: Path) -> None:
    """What is wrong with it stands there once, not once an exercise."""
    (tmp_path / "hw.ipynb").write_bytes(content("x = 1"))
    shown = _shown(engine, tmp_path, ["rnn", "gru", "lstm"], 100)
    assert shown.count("No cell of hw.ipynb says which exercise it belongs to") == 1
    assert "ERROR  hw.ipynb" in shown


def test_the_next_step_of_a_notebook_is_in_the_notebook(engine, tmp_path: Path) -> None:
    """One that holds one exercise is not sent to write files; at its end a cell is named."""
    stub = "# gatecheck: rnn\ndef rnn_step(*_):\n    raise NotImplementedError"
    (tmp_path / "hw.ipynb").write_bytes(content(stub))
    shown = _shown(engine, tmp_path / "hw.ipynb", ["parameters", "rnn"], 100)
    assert "work/hw.ipynb, function get_params. Then run:\n  make grade EX=rnn" in shown
    shown = _shown(engine, tmp_path / "hw.ipynb", ["parameters"], 100)
    assert (
        "a cell that begins with `# gatecheck: parameters`, with the function normal_param" in shown
    )


def test_findings_without_a_home_still_name_the_file() -> None:
    """Where a function can't be seen, its file is named."""
    finding = Finding("values", {"part": ""}, call=made.gate_call())
    lines = wording.message(finding, made.check(), Texts("en"), "work", 80)
    assert lines[-1].endswith("your code: work/gru.py")
