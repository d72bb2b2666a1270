"""``%load_ext grader`` in a real IPython, and once in a real Jupyter kernel."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from traitlets.config import Config

from grader import catalog as catalogs
from grader.locale import Texts
from grader.notebook import extension
from grader.notebook.page import Page
from grader.notebook.session import Session, to_notebook
from grader.notebook.sources import from_notebooks
from tests.kit.notebooks import cell, content, definitions

ROOT = catalogs.ROOT
NAMES = catalogs.load().names
MARK = "# gatecheck: gru\n"
REPORT = {
    "schema": 1,
    "submission": "exercises",
    "seed": 7,
    "device": "cpu",
    "sandbox": "landlock+seccomp+rlimits",
    "duration_s": 1.0,
    "score": 5.0,
    "max_score": 20.0,
    "exercises": [],
}


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An IPython of its own, in a folder of the project that is empty otherwise."""
    settings = Config()
    settings.HistoryManager.hist_file = ":memory:"
    settings.InteractiveShell.colors = "nocolor"
    fresh = InteractiveShell(config=settings)
    monkeypatch.setattr(extension, "ROOT", tmp_path)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    fresh.run_line_magic("load_ext", "grader")
    yield fresh
    extension.unload(fresh)


def _run(shell: Any, source: str, identity: str | None = None) -> Any:
    return shell.run_cell(source, store_history=True, cell_id=identity)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """The command lines that ``grade`` starts, each with gru's source as it hands it in."""
    seen: list[tuple[list[str], str]] = []

    def run(words: list[str]) -> tuple[bytes, str]:
        source = ""
        if "--session" in words:
            data = Path(words[words.index("--session") + 1]).read_bytes()
            found = from_notebooks({"session.ipynb": data}, NAMES)
            source = found.sources["gru"].text if "gru" in found.sources else ""
        seen.append((words, source))
        return json.dumps(REPORT).encode(), "as text"

    monkeypatch.setattr(extension, "_run", run)
    return seen


def test_loading_is_quick_and_imports_nothing_heavy() -> None:
    """The extension brings neither torch nor pytest, rich or nbformat into the kernel."""
    code = (
        "import sys; import IPython; from grader.notebook import extension;"
        "print(sorted({m.split('.')[0] for m in sys.modules}"
        " & {'torch', 'pytest', 'hypothesis', 'rich', 'nbformat', 'libcst', 'jinja2'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_marked_cells_are_what_is_graded(shell, asked) -> None:
    """Cells with the mark, or run by %%exercise, count; the last version of each, and imports."""
    _run(shell, "import math\nsecret = 1")
    _run(shell, MARK + "def reset_gate(): return 1")
    _run(shell, "%%exercise gru\ndef update_gate(): return 2")
    _run(shell, MARK + "def reset_gate(): return 3")
    assert shell.user_ns["update_gate"]() == 2, "a marked cell runs as any other does"
    shell.user_ns["grade"]("gru")
    words, source = asked[0]
    assert words[0] == "gru" and words[1:3] == ["--submission", "../exercises"]
    assert "import math" in source and "secret" not in source
    assert "return 2" in source and "return 3" in source and "return 1" not in source


def test_a_cell_that_was_edited_replaces_itself(shell, asked) -> None:
    """Jupyter names cells: an edited one takes its own place, even if it does not run any more."""
    _run(shell, MARK + "def reset_gate(): return 1", "a")
    _run(shell, MARK + "def update_gate(): return 2", "b")
    _run(shell, MARK + "def reset_gate(: return 3", "a")
    shell.user_ns["grade"]("gru")
    assert "return 1" not in asked[0][1]
    assert asked[0][1].index("return 3") < asked[0][1].index("return 2")


def test_what_failed_in_a_terminal_is_forgotten(shell, asked) -> None:
    """Without names of cells, one that raised counts as not typed."""
    _run(shell, MARK + "def reset_gate(): return 1")
    _run(shell, MARK + "def reset_gate(): return 2\nraise ValueError")
    _run(shell, "%%exercise gru\ndef reset_gate(): return 3\nraise ValueError")
    shell.user_ns["grade"]("gru")
    assert "return 1" in asked[0][1] and not re.search("return [23]", asked[0][1])


def test_a_cell_may_call_grade_itself(shell, asked) -> None:
    """Its own code counts already, and its call of grade() is no part of the exercise."""
    result = _run(shell, MARK + "def reset_gate(): return 1\ngrade('gru')")
    assert result.success and "return 1" in asked[0][1] and "grade(" not in asked[0][1]


def test_what_was_run_before_loading_counts(shell, asked) -> None:
    """The In history is looked through."""
    shell.run_line_magic("unload_ext", "grader")
    assert "grade" not in shell.user_ns
    _run(shell, MARK + "def reset_gate(): return 4")
    _run(shell, MARK + "def update_gate(: return 5")
    shell.run_line_magic("load_ext", "grader")
    shell.user_ns["grade"]("gru")
    assert "return 4" in asked[0][1] and "return 5" not in asked[0][1]


def test_an_editors_hidden_cells_are_not_the_students(shell, asked) -> None:
    """What is run without a place in the history is not remembered."""
    shell.run_cell(MARK + "def reset_gate(): return 6", store_history=False)
    shell.user_ns["grade"]("gru")
    assert asked[0][1] == ""


def test_saved_cells_fill_up_what_was_not_run(shell, asked) -> None:
    """After a restart the notebook's file counts, with the cells that were run in its place."""
    saved = [
        {**cell(MARK + "def reset_gate(): return 1"), "id": "a"},
        {**cell(MARK + "def update_gate(): return 2"), "id": "b"},
        {**cell("def next_state(): return 3", tags=["gru"]), "id": "c"},
    ]
    Path("gru.ipynb").write_bytes(content(*saved))
    _run(shell, MARK + "def reset_gate(): return 4", "a")
    _run(shell, MARK + "def update_gate(): return 5", "x")
    _run(shell, "def next_state(): return 6", "c")
    shell.user_ns["grade"]("gru")
    assert re.findall(r"return (\d)", asked[0][1]) == ["4", "6", "5"]


def test_a_file_is_filled_up_with_what_was_run(shell, asked) -> None:
    """In a terminal beside exercises/gru.py, a definition that was typed goes before the file's."""
    Path("../exercises/gru.py").write_text("def reset_gate(): return 1\nhelper = 2\n")
    shell.user_ns["grade"]("gru")
    assert asked[0][1] == "", "nothing was typed: the folder is graded as it is"
    _run(shell, MARK + "def reset_gate(): return 3")
    shell.user_ns["grade"]("gru")
    assert asked[1][1].index("return 1") < asked[1][1].index("return 3")


def test_an_untouched_notebook_gives_way_to_a_file(shell, asked) -> None:
    """Somebody who works in exercises/gru.py is not graded by an empty gru.ipynb."""
    Path("../exercises/gru.py").write_text("def f(): return 1\n")
    Path("gru.ipynb").write_bytes(content(MARK + "def f():\n    raise NotImplementedError"))
    shell.user_ns["grade"]("gru")
    assert asked[0][1] == ""
    Path("gru.ipynb").write_bytes(content(MARK + "def f(): return 2"))
    shell.user_ns["grade"]()
    assert "return 2" in asked[1][1]


def test_places_are_those_that_the_student_sees() -> None:
    """A cell that was run is In[3]; a saved one is a cell of its file; a file's line is a line."""
    session = Session(NAMES)
    session.ran(MARK + "def f(): return 1", 3)
    found = from_notebooks({"session.ipynb": to_notebook({"gru": session.cells})}, NAMES)
    source = found.sources["gru"]
    line = source.text.split("\n").index("def f(): return 1") + 1
    assert (source.origin(line).prompt, source.origin(line).line) == (3, 2)


def test_exercises_can_be_imported_in_the_kernel(shell) -> None:
    """``from exercises.rnn import`` is the student's own, from notebook or file, and up to date."""
    Path("rnn.ipynb").write_bytes(content("# gatecheck: rnn\n%time\nrnn_step = 1"))
    Path("../exercises/lstm.py").write_text("lstm = 2\n")
    ours = {
        name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("exercises")
    }
    path, sys.path = sys.path, [p for p in sys.path if not (Path(p) / "exercises").is_dir()]
    try:
        assert _run(shell, "from exercises.rnn import rnn_step").success
        assert _run(shell, "from exercises.lstm import lstm").success
        Path("rnn.ipynb").write_bytes(content("# gatecheck: rnn\nrnn_step = 3"))
        assert _run(shell, MARK + "from exercises.rnn import rnn_step").success
        assert (shell.user_ns["rnn_step"], shell.user_ns["lstm"]) == (3, 2)
    finally:
        sys.path = path
        sys.modules.update(ours)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_elsewhere_is_one_line(shell, monkeypatch, tmp_path, capsys, language: str) -> None:
    """Outside of the project, and for what the command line refuses: one line, no traceback."""
    elsewhere = tmp_path.parent
    monkeypatch.chdir(elsewhere)
    _run(shell, f"grade('gru', lang={language!r})")
    shown = "".join(capsys.readouterr())
    assert "UsageError" in shown and str(elsewhere) in shown and "Traceback" not in shown
    with pytest.raises(UsageError, match="sequence_data"):
        shell.run_cell_magic("exercise", "gur", "x = 1")


def test_usage_is_that_of_the_command_line(shell, capfd) -> None:
    """An unknown exercise is complained about in the command line's words."""
    with pytest.raises(UsageError, match="Did you mean gru"):
        shell.user_ns["grade"]("gur", lang="en")


def test_an_interrupt_is_one_line(shell, monkeypatch) -> None:
    """Ctrl-C, or the square button, ends the grading without pages of traceback."""

    def interrupted(words: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(extension, "_run", interrupted)
    with pytest.raises(UsageError, match="no report was written"):
        shell.user_ns["grade"]("gru", lang="en")


def test_options_are_handed_on(shell, asked) -> None:
    """Language, help, seed, device and clock are those of the command line."""
    shell.user_ns["grade"](
        "gru", lang="zh", hints=0, seed=3, device="cpu", timing=False, submission="x"
    )
    expected = "gru --lang zh --hints 0 --seed 3 --device cpu --no-timing --submission x"
    assert asked[0][0] == expected.split()


def _hostile_page(language: str = "en") -> Page:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
    check = {
        "id": "gru.f.value",
        "kind": "value",
        "title": nasty,
        "points": 5.0,
        "score": 0.0,
        "status": "failed",
        "message": nasty,
        "counterexample": None,
        "diagnosis": None,
        "blocked_by": [],
        "duration_s": 0.1,
    }
    waiting = {**check, "status": "blocked", "message": f"waits {nasty}"}
    part = {"score": 0.0, "max_score": 5.0}
    functions = [
        {"name": nasty, **part, "status": nasty, "checks": [check]},
        {"name": "g", **part, "status": "blocked", "checks": [waiting]},
    ]
    exercise = {"name": nasty, **part, "status": "failed", "functions": functions}
    return Page({**REPORT, "sandbox": nasty, "exercises": [exercise]}, "text", Texts(language))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_escaped_and_loads_nothing(language: str) -> None:
    """Whatever the report says is text; the page has no script, no link and no request."""
    shown = _hostile_page(language)._repr_html_()
    assert not re.search(
        r"<(?!/?(div|style|h3|table|thead|tbody|tr|th|td|p|span|i|pre|code|details|summary)\b)",
        shown,
    )
    assert not re.search(
        r"<[^>]*\son\w+=|src=|href=|url\(|@import", shown.replace("&lt;img src=x onerror", "")
    )
    assert "&lt;script&gt;" in shown and f'lang="{"zh-CN" if language == "zh" else "en"}"' in shown
    style = shown[shown.index("<style>") : shown.index("</style>")]
    assert all(rule.startswith(".gatecheck") for rule in style[7:].split("\n") if rule)


def test_a_terminal_shows_the_text() -> None:
    """IPython without a browser prints the report as ``make grade`` does."""
    page = _hostile_page()
    assert repr(page) == "text" and page._repr_mimebundle_()["text/plain"] == "text"
    assert (page.score, page.max_score) == (5.0, 20.0)


def test_a_kernel_that_patched_torch_can_not_touch_the_grading(tmp_path: Path, monkeypatch) -> None:
    """In a real kernel: %load_ext, the reference's cells, broken torch, and the report as HTML."""
    known = definitions("parameters")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    wrong = "def zero_param(size, device=None):\n    return nn.Parameter(torch.ones(size))"
    sources = [
        "%load_ext grader",
        "import torch\nfrom torch import nn",
        "# gatecheck: parameters\nfrom collections.abc import Sequence\n"
        + "\n".join(known.values()),
        "# gatecheck: parameters\n" + wrong,
        "torch.zeros = torch.equal = torch.Tensor.std = lambda *a, **k: True",
        'page = grade("parameters", lang="en")\npage',
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(
        made,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "docs")}},
    ).execute()
    shown = made.cells[-1].outputs[0].data
    assert "FAILED  parameters.zero_param" in shown["text/plain"]
    assert made.cells[3].execution_count == 4, "the cell with the wrong function"
    assert 'grade("parameters")   your code: In[4], line 2' in shown["text/plain"]
    assert '<div class="gatecheck" lang="en">' in shown["text/html"]
    assert "\x1b" not in shown["text/plain"]
    assert os.fspath(tmp_path) not in shown["text/plain"]
