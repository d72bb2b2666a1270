"""The worked example of CONTRIBUTING: laid over a copy of the kit, it is one more exercise.

The whole audit of it, mutants and all, takes a minute or two: LONG_TESTS=1 adds it.
"""

import importlib.util
import subprocess

import pytest

from grader import catalog as catalogs
from grader.misconceptions import misconceptions
from grader.stubs import stub_source
from tests.kit.submissions import long
from tests.kit.test_scaffold import copy_of_the_kit, run_in

EXAMPLE = catalogs.ROOT / "docs" / "examples" / "peephole"
OVERLAY = ("solutions", "exercises", "tests", "grader", "docs")
GRADED = """
from pathlib import Path
from grader.checking.session import Engine
from tests.kit.submissions import not_passed, score
with Engine() as engine:
    for path in [Path("solutions/x"), *sorted(Path("tests/kit/styles").glob("*/peephole.py"))[:1]]:
        graded = engine.grade(path.parent, ["peephole"], 5, isolated=False)
        print(path.parent.name, not_passed(graded))
    print("stub", score(engine.grade(Path("exercises"), ["peephole"], 5))[0])
"""


@pytest.fixture(scope="module")
def with_example(tmp_path_factory):
    """A copy of the kit with the worked example laid over it, as its README says."""
    folder = copy_of_the_kit(tmp_path_factory.mktemp("kit"))
    lines = (EXAMPLE / "README.md").read_text(encoding="utf-8").split("```")[1].split("\n")
    shell = "\n".join(line for line in lines if not line.startswith("make"))
    subprocess.run(["sh", "-ec", shell], cwd=folder, check=True)
    return folder


def test_the_example_replaces_no_file_of_the_kit():
    """Every file of the overlay is a new one, so it can be taken away again."""
    assert {p.name for p in EXAMPLE.glob("[!._]*/")} == set(OVERLAY)
    for part in OVERLAY:
        for path in (EXAMPLE / part).rglob("*"):
            there = catalogs.ROOT / path.relative_to(EXAMPLE)
            assert path.is_dir() or not there.exists(), path


def test_the_example_is_no_part_of_the_kit():
    """As long as it lies in docs/, nothing of it is graded, imported or collected."""
    assert "peephole" not in catalogs.load().names
    assert [known.id for known in misconceptions() if known.exercise == "peephole"] == []
    for module in ("solutions.peephole", "grader.misconceptions.peephole", "exercises.peephole"):
        assert importlib.util.find_spec(module) is None
    assert list(EXAMPLE.rglob("test_*.py")) == list(EXAMPLE.rglob("conftest.py")) == []
    assert not [p for p in (EXAMPLE, EXAMPLE.parent) if (p / "__init__.py").exists()]


def test_its_stub_is_made_from_its_solution():
    """The two have not drifted apart."""
    solution = (EXAMPLE / "solutions" / "peephole.py").read_text(encoding="utf-8")
    stub = (EXAMPLE / "exercises" / "peephole.py").read_text(encoding="utf-8")
    assert stub == stub_source(solution)


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_its_pages_name_all_its_files(page):
    """The walk through the six steps leaves no file out, in either language."""
    text = (EXAMPLE / page).read_text(encoding="utf-8")
    for part in (*OVERLAY, "ruff.toml"):
        for path in [EXAMPLE / part, *(EXAMPLE / part).rglob("*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.name in text, path


@long
def test_right_code_has_full_marks_and_its_stub_none(with_example):
    """The reference and another style lose no point, the untouched stub earns none."""
    done = run_in(with_example, "-c", GRADED)
    styles = [path.parent.name for path in EXAMPLE.rglob("styles/*/peephole.py")]
    assert len(styles) >= 3
    expected = [f"{name} {{}}" for name in ("solutions", min(styles))]
    assert sorted(done.stdout.splitlines()) == sorted([*expected, "stub 0"]), done.stderr


@long
def test_it_passes_the_audit(with_example, tmp_path):
    """Every wrong version and every mutant is caught, and every check catches one."""
    words = ("audit", "peephole", "--out", str(tmp_path), "--lang", "en")
    done = run_in(with_example, "-m", "grader", *words)
    assert done.returncode == 0, done.stdout + done.stderr


@long
def test_every_function_has_six_wrong_versions_in_both_languages(with_example):
    """What the example shows is what is asked of an exercise."""
    code = (
        "from grader import catalog, misconceptions\n"
        "for f in catalog.load().exercise('peephole').functions:\n"
        "    known = misconceptions.misconceptions('peephole', f.name)\n"
        "    print(f.name, len(known) >= 6, all(m.text['zh'] and m.hint['zh'] for m in known))\n"
    )
    lines = run_in(with_example, "-c", code).stdout.splitlines()
    assert len(lines) == 5
    assert all(line.endswith(" True True") for line in lines), lines
