"""`grader similar`: disguised copies come first, honest work and the kit's code do not come."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from grader import catalog as catalogs
from grader import cli
from grader.similarity.comparing import base_of, compare, passages
from grader.similarity.reading import read_all
from grader.similarity.tokens import CODE_CHARS, tokens
from tests.kit import copies

ROOT = catalogs.ROOT
STYLES = ROOT / "tests" / "kit" / "styles"
HANDS = "classic_notes einsum functional plain_loops second_edition stacked tuples typed".split()
NO_BASE = base_of([])


@pytest.fixture
def class_folder(tmp_path):
    """Eight people who wrote the exercises on their own."""
    folder = tmp_path / "class"
    for name in HANDS:
        shutil.copytree(STYLES / name, folder / name)
    return folder


def _hand_in(folder, name, files):
    (folder / name).mkdir(parents=True)
    for file, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / name / file).write_bytes(raw)


def _similar(folder, tmp_path, *options, code=0):
    out, stored = tmp_path / "page.html", tmp_path / "pairs.json"
    words = ["similar", str(folder), "--out", str(out), "--json", str(stored), *options]
    assert cli.main(words) == code
    return json.loads(stored.read_bytes()), out.read_text(encoding="utf-8")


def _names(data):
    return [{pair["left"], pair["right"]} for pair in data["pairs"]]


@pytest.mark.parametrize("disguise", [copies.renamed, copies.reformatted, copies.reordered])
def test_a_disguised_copy_is_the_only_pair(class_folder, tmp_path, disguise):
    """A copy with other names, formatting or order is found, and no two honest people with it."""
    source = (STYLES / "einsum" / "lstm.py").read_text(encoding="utf-8")
    _hand_in(class_folder, "copier", {"lstm.py": disguise(source)})
    data, _ = _similar(class_folder, tmp_path)
    assert _names(data) == [{"copier", "einsum"}]
    assert [file["file"] for file in data["pairs"][0]["files"]] == ["lstm.py"]


def test_all_disguises_at_once_are_seen_through(class_folder, tmp_path):
    """Renamed, reordered and reformatted together is still a copy."""
    source = (STYLES / "typed" / "gru.py").read_text(encoding="utf-8")
    disguised = copies.reformatted(copies.reordered(copies.renamed(source)))
    _hand_in(class_folder, "copier", {"gru.py": disguised})
    data, _ = _similar(class_folder, tmp_path)
    assert _names(data) == [{"copier", "typed"}]


def test_names_and_formatting_leave_no_trace():
    """Two texts that differ in names, comments, blank space and brackets have the same tokens."""
    one = b"def f(a, b):\n    '''Doc.'''\n    return a @ b + 1  # why\n"
    two = "def 门(左,\n      右,):\n\n  return (左@右\n    + 2.5)".encode()
    assert tokens(one).code == tokens(two).code


def test_what_torch_calls_its_functions_stays():
    """tanh in the place of sigmoid is other code: nobody can rename torch."""
    assert tokens(b"torch.tanh(x)").code != tokens(b"torch.sigmoid(x)").code
    assert tokens(b"self.mine(x)").code == tokens(b"me.yours(z)").code


def test_stubs_and_the_kits_solutions_are_no_pair(class_folder, tmp_path):
    """Who hands in untouched stubs, or what the kit itself shows, copied from nobody."""
    for name in ("stubs_1", "stubs_2"):
        shutil.copytree(ROOT / "exercises", class_folder / name)
    for name in ("shown_1", "shown_2"):
        shutil.copytree(ROOT / "solutions", class_folder / name)
    data, page = _similar(class_folder, tmp_path)
    assert data["pairs"] == []
    assert "No pair is as alike as that." in page


def test_what_a_third_of_the_class_share_is_left_out(tmp_path):
    """Code from the lecture that six of eight hand in makes nobody suspicious."""
    source = (STYLES / "einsum" / "gru.py").read_text(encoding="utf-8")
    for number in range(6):
        _hand_in(tmp_path / "class", f"listener_{number}", {"gru.py": source})
    for name in ("typed", "tuples"):
        shutil.copytree(STYLES / name, tmp_path / "class" / name)
    data, _ = _similar(tmp_path / "class", tmp_path)
    assert data["pairs"] == []


def test_code_that_moved_to_another_file_is_seen(class_folder, tmp_path):
    """A copy spread over files of other names is found in all files together."""
    gru = (STYLES / "typed" / "gru.py").read_text(encoding="utf-8")
    _hand_in(class_folder, "giver", {"gru.py": gru})
    _hand_in(class_folder, "mover", {"helpers.py": copies.renamed(gru)})
    shutil.rmtree(class_folder / "typed")
    data, _ = _similar(class_folder, tmp_path)
    assert _names(data) == [{"giver", "mover"}]
    assert [file["file"] for file in data["pairs"][0]["files"]] == ["*"]


def test_single_files_and_notebooks_count(class_folder, tmp_path):
    """A file is of the exercise that its name holds; a notebook of those that it is marked for."""
    source = (STYLES / "stacked" / "rnn.py").read_text(encoding="utf-8")
    (class_folder / "rnn_王小明.py").write_text(copies.renamed(source), encoding="utf-8")
    cell = {"cell_type": "code", "metadata": {}, "source": f"# gatecheck: rnn\n{source}"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (class_folder / "hw.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    data, _ = _similar(class_folder, tmp_path)
    trio = ["rnn_王小明.py", "stacked", "hw.ipynb"]
    assert all(names <= set(trio) for names in _names(data)) and len(data["pairs"]) == 3


def test_passages_stand_where_the_code_stands():
    """A passage's place covers the shared function on both sides, and nothing before it."""
    shared = (STYLES / "typed" / "gru.py").read_text(encoding="utf-8").split("\n\n\n")[-1]
    left = tokens(("a = 1\nfor q in 2, 3: print(q)\n\n" + shared).encode())
    right = tokens(copies.renamed(shared).encode())
    from grader.similarity.comparing import fingerprints

    both = sorted(set(fingerprints(left)) & set(fingerprints(right)))
    (start, _, number), *_ = passages(left, right, both)[0]
    assert left.text[start:].startswith("def ") or "def " in left.text[start : start + 40]
    assert number == 1


def test_the_page_runs_nothing_and_escapes_everything(class_folder, tmp_path):
    """Markup in names and code is text; the policy lets neither script nor picture in."""
    source = (STYLES / "einsum" / "lstm.py").read_text(encoding="utf-8")
    evil = source.replace(
        "import torch", "import torch\nx = '<img src=x onerror=alert(1)>\u202e'", 1
    )
    _hand_in(class_folder, "<b onclick=alert(1)>", {"lstm.py": evil})
    _, page = _similar(class_folder, tmp_path)
    assert "<b onclick" not in page and "<img" not in page and "\u202e" not in page
    assert (
        "<script" not in page and "default-src &#39;none&#39;" in page and "script-src" not in page
    )
    assert set(re.findall(r"\shref=\"([^\"]*)\"", page)) <= {f"#pair-{n}" for n in range(1, 9)}
    assert "<mark" in page and "绝不是结论" in page and "never a verdict" in page


def test_hostile_submissions_cost_a_line(class_folder, tmp_path, capfd):
    """FIFOs, links, binaries, empty folders, archives: named, and the others are compared."""
    os.mkfifo(class_folder / "pipe.py")
    (class_folder / "out").symlink_to("/etc")
    (class_folder / "work.zip").write_bytes(b"PK\3\4")
    (class_folder / "empty").mkdir()
    _hand_in(class_folder, "binary", {"gru.py": bytes(range(256)) * 40, "rnn.py": b"\xff\xfe\0d\0"})
    _hand_in(class_folder, "linked", {})
    (class_folder / "linked" / "gru.py").symlink_to("/etc/passwd")
    _hand_in(class_folder, "many", {f"f{n}.py": b"x = 1" for n in range(300)})
    data, _ = _similar(class_folder, tmp_path)
    why = {row["name"]: row["why"] for row in data["unread"]}
    assert why == {"pipe.py": "special", "out": "link", "work.zip": "archive",
                   "empty": "no_code", "linked": "no_code"}  # fmt: skip
    assert data["submissions"] == len(HANDS) + 2
    assert "root:" not in json.dumps(data)


@pytest.mark.parametrize(
    "piece",
    [b"(", b'f"{', b'"""a', b"\\", b"\n   ", b"'" + b"\\a" * 9, b"a.", b"\0", b"@", b"1_", b"\xff"],
)
def test_tokens_take_linear_time(piece):
    """No text makes the reader slow: twice as much takes about twice the steps, not four times."""
    start = time.process_time()
    found = tokens(piece * (2 * CODE_CHARS // len(piece)))
    assert found.is_cut and len(found.text) <= CODE_CHARS
    assert time.process_time() - start < 20  # quadratic ones took minutes


def test_results_do_not_depend_on_the_hash_seed(class_folder, tmp_path):
    """Two processes that hash strings differently write the same JSON."""
    source = (STYLES / "einsum" / "lstm.py").read_text(encoding="utf-8")
    _hand_in(class_folder, "copier", {"lstm.py": copies.renamed(source)})
    outputs = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "grader", "similar", str(class_folder), "--json", "-"]
        command += ["--out", str(tmp_path / "page.html")]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1] and json.loads(outputs[0])["found"] == 1


def test_nothing_of_a_submission_is_run(tmp_path):
    """A file that would write when imported leaves nothing behind."""
    mark = tmp_path / "ran"
    for name in ("a", "b"):
        _hand_in(tmp_path / "class", name, {"gru.py": f"open({str(mark)!r}, 'w')"})
    _similar(tmp_path / "class", tmp_path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["similar", "nowhere"], "there is no folder nowhere"),
        (["similar", "exercises"], "looks like one submission"),
        (["similar", "docs", "--threshold", "half"], "whole number of percent"),
        (["similar", "docs", "--threshold", "0"], "whole number of percent"),
        (["similar", "docs", "--out", "docs"], "is a folder"),
        (["similar"], "DIR"),
    ],
)
def test_wrong_usage_is_one_line(words, said, capfd, monkeypatch):
    """What can't be done is said in a line, with exit code 2."""
    monkeypatch.chdir(ROOT)
    assert cli.main(words) == 2
    errors = capfd.readouterr().err
    assert said in errors and errors.count("\n") == 1


def test_two_people_alone_are_compared(tmp_path, catalog):
    """In the smallest class a copy is no common code."""
    source = (STYLES / "typed" / "gru.py").read_text(encoding="utf-8")
    for name in ("a", "b"):
        _hand_in(tmp_path, name, {"gru.py": source})
    pairs = compare(list(read_all(tmp_path, catalog)), NO_BASE, 0.5)
    assert len(pairs) == 1 and pairs[0].similarity == 1.0
