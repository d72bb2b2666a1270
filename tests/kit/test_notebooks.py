"""Notebooks as submissions, and the exercises as notebooks."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader import catalog as catalogs
from grader import cli
from grader.locale import Texts
from grader.notebook import cells as reading
from grader.notebook.cells import NotebookProblem, read
from grader.notebook.scanning import (
    definitions,
    is_untouched,
    lines_of,
    only_imports,
    statements,
    without_magics,
)
from grader.notebook.sources import from_notebooks
from grader.notebook.writing import digest, notebook, to_bytes, write
from grader.snapshot import Snapshot
from grader.stubs import stub_source
from tests.kit.notebooks import cell, content, save, solved
from tests.kit.submissions import SOLUTIONS, not_passed, score

NAMES = catalogs.load().names
EXPECTED = {f"{name}.py": ["f"] for name in NAMES}
MARKED = "# gatecheck: gru\n"


def _source(*cells, name: str = "gru", file: str = "hw.ipynb"):
    return from_notebooks({file: content(*cells)}, NAMES).sources[name]


def _problem(data: bytes, file: str = "gru.ipynb") -> NotebookProblem:
    return from_notebooks({file: data}, NAMES).problems["gru"]


@pytest.mark.parametrize(
    "first",
    [
        cell("# gatecheck: gru\nx = 1"),
        cell("#gatecheck：gru\nx = 1"),
        cell("\n# my cell\n# GateCheck: gru\nx = 1"),
        cell("%%exercise gru\nx = 1"),
        cell("%%time\n# gatecheck: gru\nx = 1"),
        cell("x = 1", gatecheck={"exercise": "gru"}),
        cell("x = 1", tags=["gru"]),
        cell("x = 1", tags=["hide", "gatecheck:gru"]),
    ],
    ids=lambda c: repr(c["source"]),
)
def test_a_cell_is_marked_by_its_first_lines_its_metadata_or_a_tag(first) -> None:
    """Every way to say which exercise a cell belongs to is understood."""
    source = _source("y = 2", first)
    assert "x = 1" in source.text and "y = 2" not in source.text


def test_cells_of_other_exercises_and_text_stay_out() -> None:
    """A notebook may hold several exercises; each gets its own cells only."""
    found = from_notebooks(
        {
            "hw.ipynb": content(
                cell("# gatecheck: gru", "markdown"),
                MARKED + "a = 1",
                "# gatecheck: lstm\nb = 2",
                "%%bash\n# gatecheck: gru\nrm -rf /",
            )
        },
        NAMES,
    )
    assert set(found.sources) == {"gru", "lstm"}
    assert "a = 1" in found.sources["gru"].text and "b = 2" not in found.sources["gru"].text
    assert "rm -rf" not in found.sources["gru"].text


def test_imports_of_unmarked_cells_above_are_shared() -> None:
    """``import torch`` at the top counts; what else stands there, or below, does not."""
    text = _source(
        "import torch; torch.tanh = None\nfrom torch import (\n    nn,\n)\nplot()\nimport grader",
        MARKED + "def gru(): ...",
        "import seaborn",
    ).text
    itself = ("from exercises.gru import gru", "from exercises.parameters import gate_params")
    assert [line in _source(*itself, MARKED).text for line in itself] == [False, True]
    assert "import torch\nfrom torch import (\n    nn,\n)\n" in text
    assert not any(word in text for word in ("None", "plot", "grader", "seaborn"))


def test_magics_are_dropped_line_for_line() -> None:
    """What only IPython understands leaves a line behind that does nothing."""
    given = [
        *("%matplotlib inline", "!pip install \\", "    torch", "gru?", "?gru", "%%time"),
        *("files = !ls", "t = %timeit -o f()", "if x:", "    %time f()", 'grade("gru")'),
    ]
    wanted = [
        *("pass", "pass", "", "pass", "pass", "pass"),
        *("files = None", "t = None", "if x:", "    pass", "pass"),
    ]
    assert without_magics(given) == wanted


def test_python_that_looks_like_magic_stays() -> None:
    """A remainder in brackets, text in strings and comparisons are no magics."""
    given = [
        *("x = (a", "     % b)", "y = a \\", "  % b", '"""', "!ls", "%time", "? # '", '"""'),
        *("z = a != b", "print('x = !y')", "f(a, k=1) # ?", 's = "\\"" ; t = 1', "# '''", "u = 1"),
    ]
    assert without_magics(given) == given
    assert len(statements(given)) == 8


def test_lines_know_their_cell() -> None:
    """A line of the source names the cell, counted from the top, and the line within it."""
    source = _source(
        cell("text", "markdown"), "import torch", MARKED + "!ls\n\ndef f():\n    return 1"
    )
    line = source.text.split("\n").index("    return 1") + 1
    assert (source.origin(line).cell, source.origin(line).line) == (3, 5)
    assert source.origin(1).line == source.origin(10**6).line == 0


def test_a_future_import_in_any_cell_comes_first() -> None:
    """As in a notebook, it may stand in a later cell; and a strange encoding line does nothing."""
    text = _source(
        MARKED + "# coding: utf-16\nx = 1", MARKED + "from __future__ import annotations\ny = '∂'"
    ).text
    compile(text.encode(), "gru.py", "exec")


DEEP = (
    b'{"nbformat": 4, "metadata": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b', "cells":[]}'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "notebook_broken"),
        (b"{", "notebook_broken"),
        (b"[]", "notebook_broken"),
        (b'{"nbformat": "4"}', "notebook_broken"),
        (b'{"nbformat": 4}', "notebook_broken"),
        (content(cells=[{"source": "no type"}]), "notebook_broken"),
        (content(cell("x", tags="gru")), "notebook_broken"),
        (DEEP, "notebook_broken"),
        (content("x").decode().encode("utf-16"), "notebook_encoding"),
        (content("x", nbformat=99), "notebook_format"),
        (content(*["x"] * 2001), "notebook_too_many_cells"),
        (b" " * (reading.NOTEBOOK_BYTES + 1), "notebook_too_large"),
        (content("x = 1"), "notebook_unmarked"),
        (content(), "notebook_unmarked"),
        (content(MARKED + "x" * 2**20), "file_too_large"),
        (content("# gatecheck: gur\nx = 1", MARKED), "notebook_mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_not_be_read_is_one_sentence_that_says_what_to_do(data, code) -> None:
    """Broken, foreign, huge and unmarked notebooks each have their sentence, in both languages."""
    problem = _problem(data)
    assert problem.code == code and problem.fields["file"] == "gru.ipynb"
    for language in ("en", "zh"):
        sentence = Texts(language).say(f"finding.{code}", **problem.fields)
        assert "?" not in sentence.replace("Did you mean gru?", "") and len(sentence) < 400


def test_an_old_notebook_is_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Format 3 is read where nbformat is installed; elsewhere a sentence names it."""
    old = {"cell_type": "code", "input": [MARKED, "x = 1"], "outputs": [], "language": "python"}
    data = content(nbformat=3, worksheets=[{"cells": [old]}])
    assert read(data)[0].mark == "gru"
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert _problem(data).code == "notebook_old"


def test_notebooks_are_read_without_any_library_of_jupyter() -> None:
    """A grader without nbformat and IPython grades notebooks of today's format."""
    code = (
        "import sys; sys.modules['nbformat'] = sys.modules['IPython'] = None\n"
        "from grader.notebook.sources import from_notebooks\n"
        f"found = from_notebooks({{'a.ipynb': {content(MARKED + 'x = 1')!r}}}, ['gru'])\n"
        "print(list(found.sources))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=catalogs.ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "['gru']", done.stderr


def test_hostile_code_can_not_hurt_the_reader() -> None:
    """Nothing is executed or parsed: nested brackets, endless strings and NULs are lines."""
    for hostile in (
        "(" * 20_000,
        "'''" * 100_001,
        "-" * 300_000 + "1",
        "\0" * 1000,
        "a=" * 9_000,
    ):
        lines = lines_of(hostile + "\ndef f(): ...\n!ls")
        without_magics(lines), only_imports(lines), definitions(lines), is_untouched(lines)
    ran = "import os\nos.environ['GATECHECK_RAN'] = '1'\nraise SystemExit"
    assert "SystemExit" in _source(MARKED + ran).text
    assert "GATECHECK_RAN" not in __import__("os").environ


def _snapshot(folder: Path) -> Snapshot:
    return Snapshot(folder, EXPECTED)


def test_a_notebook_beside_a_file_counts_if_only_one_was_worked_on(tmp_path: Path) -> None:
    """The stub of the two gives way; two pieces of work are a question to the student."""
    stub = "def f():\n    '''Doc.'''\n    raise NotImplementedError\n"
    for in_file, in_notebook, expected in (
        ("def f(): return 1\n", stub, "gru.py"),
        (stub, "def f(): return 1\n", "gru.ipynb"),
        (stub, stub, "gru.py"),
    ):
        (tmp_path / "gru.py").write_text(in_file)
        (tmp_path / "gru.ipynb").write_bytes(content(MARKED + in_notebook))
        snapshot = _snapshot(tmp_path)
        assert snapshot.shown("gru.py") == expected and not snapshot.rejected
        snapshot.close()
    (tmp_path / "gru.py").write_text("def f(): return 2\n")
    (tmp_path / "gru.ipynb").write_bytes(content(MARKED + "def f(): return 1\n"))
    snapshot = _snapshot(tmp_path)
    assert snapshot.rejected["gru.py"].code == "file_twice"
    snapshot.close()


def test_a_scratch_notebook_costs_nothing(tmp_path: Path) -> None:
    """Beside exercises, a notebook without marks, or a broken one, is nobody's business."""
    (tmp_path / "rnn.py").write_text("x = 1")
    (tmp_path / "scratch.ipynb").write_bytes(content("import numpy"))
    (tmp_path / "broken.ipynb").write_bytes(b"{")
    snapshot = _snapshot(tmp_path)
    assert snapshot.rejected == {} and snapshot.has("rnn.py")
    snapshot.close()
    (tmp_path / "rnn.py").unlink()
    snapshot = _snapshot(tmp_path)
    assert set(snapshot.rejected) == set(EXPECTED), "alone, it is what was handed in"
    snapshot.close()


def test_links_and_large_code_are_refused(tmp_path: Path) -> None:
    """A notebook is taken like any file: not through a link, and its code within the limit."""
    (tmp_path / "real").write_bytes(content(MARKED + "x = 1"))
    (tmp_path / "gru.ipynb").symlink_to(tmp_path / "real")
    (tmp_path / "rnn.ipynb").write_bytes(
        content("# gatecheck: rnn\nx = '" + "∂" * (2**20 // 2) + "'")
    )
    snapshot = _snapshot(tmp_path)
    assert snapshot.rejected["gru.py"].code == "file_link"
    assert snapshot.rejected["rnn.py"].code == "file_too_large"
    snapshot.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_a_written_notebook_is_valid_and_holds_the_stub(
    name: str, language: str, tmp_path: Path
) -> None:
    """nbformat finds nothing wrong; its code is the stub's, and with the reference's it is that."""
    made = notebook(catalogs.load().exercise(name), tmp_path, Texts(language))
    data = to_bytes(made)
    assert data == to_bytes(notebook(catalogs.load().exercise(name), tmp_path, Texts(language)))
    text = from_notebooks({f"{name}.ipynb": data}, NAMES).sources[name]
    reference = (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")
    assert text.untouched
    assert _code(text.text) == _code(stub_source(reference))
    assert nbformat.reads(data.decode(), 4).cells[-1].source.startswith(f'grade("{name}"')
    page = made["cells"][0]["source"]
    assert ("公式" in page or "的" in page) == (language == "zh")
    done = from_notebooks({f"{name}.ipynb": json.dumps(solved(made, name)).encode()}, NAMES)
    assert not done.sources[name].untouched
    assert _code(done.sources[name].text) == _code(reference)


def _code(source: str) -> list[str]:
    """A module's definitions and imports, in no order, relative imports by their full name."""
    nodes = [n for n in ast.parse(source).body if not isinstance(n, (ast.Expr, ast.Pass))]
    return sorted(ast.unparse(n).replace("from .", "from exercises.") for n in nodes)


def test_links_of_a_page_lead_somewhere(tmp_path: Path) -> None:
    """Figures and pages are found from the notebook's folder."""
    import re

    made = notebook(catalogs.load().exercise("gru"), tmp_path / "a", Texts("zh"))
    links = re.findall(r"\]\(([^)]+)\)", made["cells"][0]["source"])
    assert links and all((tmp_path / "a" / link).resolve().exists() for link in links)


def test_work_in_a_notebook_is_never_lost(tmp_path: Path) -> None:
    """A changed notebook is kept; with force a backup is; outputs alone are no change."""
    exercise, texts = catalogs.load().exercise("rnn"), Texts("en")
    assert write(exercise, tmp_path, False, texts).what == "wrote"
    assert write(exercise, tmp_path, False, texts).what == "same"
    path = tmp_path / "rnn.ipynb"
    made = json.loads(path.read_text(encoding="utf-8"))
    made["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hi"}]
    save(path, made)
    assert write(exercise, tmp_path, False, texts).what == "wrote"
    made["cells"][-1]["source"] = "my work"
    save(path, made)
    assert write(exercise, tmp_path, False, texts).what == "kept"
    for number in (1, 2):
        save(path, made)
        done = write(exercise, tmp_path, True, texts)
        assert done.what == "renewed" and done.backup.name == f"rnn.ipynb.{number}.bak"
        assert "my work" in done.backup.read_text(encoding="utf-8")
    assert digest(json.loads(path.read_text(encoding="utf-8"))) != digest(made)
    path.write_text("no notebook, but somebody's")
    assert write(exercise, tmp_path, False, texts).what == "kept"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gur"], "Did you mean gru?"),
        (["--out", "README.md"], "--out the name of a folder"),
        (["--lang", "fr"], "--lang en or --lang zh"),
        (["--froce"], "Did you mean --force?"),
    ],
)
def test_wrong_usage_is_one_line(words, expected, monkeypatch, capsys) -> None:
    """The command's complaints are those of the command line: one line, exit code 2."""
    monkeypatch.chdir(catalogs.ROOT)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert cli.main(["notebooks", *words]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and expected in captured.err and not captured.out


def test_without_nbformat_the_command_says_what_to_install(monkeypatch, capsys, tmp_path) -> None:
    """Writing needs nbformat; without it there is a line, and no traceback."""
    monkeypatch.setitem(sys.modules, "nbformat", None)
    monkeypatch.delitem(sys.modules, "grader.notebook.writing", raising=False)
    assert cli.main(["notebooks", "--out", str(tmp_path / "n"), "--lang", "en"]) == 2
    assert "pip install nbformat" in capsys.readouterr().err


def test_a_notebook_with_the_references_code_has_full_marks(engine, tmp_path: Path) -> None:
    """A single notebook, and a folder of them, are graded like files."""
    texts = Texts("en")
    for name in ("parameters", "rnn"):
        made = notebook(catalogs.load().exercise(name), tmp_path, texts)
        save(tmp_path / f"{name}.ipynb", solved(made, name))
    graded = engine.grade(tmp_path, ["rnn"], 7)
    assert not_passed(graded) == {}


def test_an_untouched_notebook_earns_nothing(engine, tmp_path: Path) -> None:
    """It is not started, like the stub."""
    write(catalogs.load().exercise("parameters"), tmp_path, False, Texts("en"))
    graded = engine.grade(tmp_path / "parameters.ipynb", ["parameters", "rnn"], 7)
    assert score(graded)[0] == 0
    codes = {o.check.exercise: o.finding.code for o in graded.outcomes.values()}
    assert codes == {"parameters": "stub", "rnn": "notebook_lacks"}
