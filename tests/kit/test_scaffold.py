"""A new exercise: what `python -m grader new` writes is proved as it stands; all of it or none."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader.scaffold import ScaffoldProblem, scaffold
from tests.kit.submissions import long

PARTS = ("exercises", "solutions", "grader", "tests", "docs")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "attacks", "situations", ".*")
BAD = {
    "": "new_name",
    "Toy": "new_name",
    "1toy": "new_name",
    "to-y": "new_name",
    "../toy": "new_name",
    "_toy": "new_name",
    "玩具": "new_name",
    "t" * 40: "new_name",
    "lambda": "new_keyword",
    "match": "new_keyword",
    "gru": "new_known",
    "next_state": "new_function",
    "torch": "new_module",
    "optim": "new_module",
    "random": "new_module",
    "solutions": "new_module",
    "submission": "new_module",
    "standing": "new_exists",
}


def copy_of_the_kit(folder: Path) -> Path:
    """The kit in another folder, where its files may be changed."""
    for part in PARTS:
        shutil.copytree(catalogs.ROOT / part, folder / part, ignore=LEFT_OUT)
    shutil.copytree(catalogs.ROOT / ".github", folder / ".github")
    for name in ("pyproject.toml", ".gitlab-ci.yml"):
        shutil.copy(catalogs.ROOT / name, folder)
    (folder / "data").symlink_to(catalogs.ROOT / "data")
    return folder


def run_in(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """``python WORDS`` in a copy of the kit."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"PYTHONPATH": str(folder), "GRADER_SEED": "11"}
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        environment.pop(name, None)
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def graded(folder: Path, exercise: str, submission: str) -> tuple[int, dict]:
    """The exit code of a grading in a copy of the kit, and its report."""
    options = ("--submission", submission, "--json", "-", "--no-timing")
    done = run_in(folder, "-m", "grader", "grade", exercise, *options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if "__pycache__" not in name}


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """A copy of the kit in which nothing succeeds to change anything."""
    folder = copy_of_the_kit(tmp_path_factory.mktemp("kit"))
    (folder / "docs" / "standing.md").write_text("mine\n")
    return folder


@pytest.fixture(scope="module")
def with_toy(tmp_path_factory):
    """A copy of the kit with a new exercise, toy."""
    folder = copy_of_the_kit(tmp_path_factory.mktemp("kit"))
    scaffold("toy", folder)
    return folder


@long
def test_a_new_exercise_passes_the_audit(with_toy, tmp_path):
    """The solution and another style pass, the stub earns nothing, all that is wrong is caught.

    Every check catches something, too.
    """
    done = run_in(with_toy, "-m", "grader", "audit", "toy", "--out", str(tmp_path), "--lang", "en")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_exercise_has_its_pages_and_is_listed(with_toy):
    """The kit's tests of documents and stubs hold for it, and the checks fit their rows."""
    files = ("test_docs", "test_stubs", "test_architecture")
    names = "toy or exercise_readmes or go_one_way or no_link"
    options = ("-q", "-p", "no:xdist", "-k", names)
    done = run_in(with_toy, "-m", "pytest", *options, *(f"tests/kit/{f}.py" for f in files))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_exercise_is_in_the_house_style(with_toy):
    """Ruff has nothing to say about what was written."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("ruff is not installed")
    written = [str(path) for path in with_toy.rglob("*toy.py")]
    assert len(written) >= 4
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *verb, *written], cwd=with_toy, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_the_syllabus_keeps_its_comments(with_toy):
    """The entry is added as text: what stood there stays as it was."""
    before = (catalogs.ROOT / "exercises" / "syllabus.toml").read_text(encoding="utf-8")
    after = (with_toy / "exercises" / "syllabus.toml").read_text(encoding="utf-8")
    assert after.startswith(before.rstrip("\n") + "\n\n[[exercise]]")
    assert catalogs.load(with_toy).names == [*catalogs.load().names, "toy"]


def test_the_same_name_again_is_refused_and_changes_nothing(with_toy):
    """What may have been worked on already is not written over."""
    before = contents(with_toy)
    with pytest.raises(ScaffoldProblem) as refused:
        scaffold("toy", with_toy)
    assert refused.value.sentence == "new_known"
    assert contents(with_toy) == before


@pytest.mark.parametrize(("name", "sentence"), BAD.items())
def test_a_bad_name_is_refused_and_nothing_is_written(kit, name, sentence):
    """A name that is none, or means something already, is refused with a sentence of its own."""
    before = contents(kit)
    with pytest.raises(ScaffoldProblem) as refused:
        scaffold(name, kit)
    assert refused.value.sentence == sentence
    assert contents(kit) == before


def test_a_folder_that_is_no_kit_is_refused(tmp_path):
    """Outside the kit's own folder there is nothing to add to."""
    with pytest.raises(ScaffoldProblem) as refused:
        scaffold("toy", tmp_path)
    assert refused.value.sentence == "new_no_kit"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("moved", [0, 3, 12])
def test_a_full_disk_leaves_nothing_half_written(kit, monkeypatch, moved):
    """If a file can't be moved to its place, those before it are taken back."""
    before, calls = contents(kit), []

    def replace(source, target, really=os.replace):
        calls.append(target)
        if len(calls) > moved:
            raise OSError("no space left")
        really(source, target)

    monkeypatch.setattr("grader.scaffold.os.replace", replace)
    with pytest.raises(OSError, match="no space"):
        scaffold("toy", kit)
    assert contents(kit) == before
