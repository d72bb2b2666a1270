"""The kit's shape: imports go one way, catalog and checks fit, documents name what exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import catalog as catalogs

ROOT = catalogs.ROOT
# Lower ranks are imported by higher ones, never the other way round.
RANKS = {
    "grader.sandbox": 0,
    "grader.referee": 1,
    "grader.nested": 0,
    "grader.findings": 0,
    "grader.edition": 0,
    "grader.catalog": 0,
    "grader.notebook.cells": 0,
    "grader.notebook.scanning": 0,
    "grader.notebook.sources": 0,
    "grader.outline": 0,
    "grader.snapshot": 1,
    "grader.exchanges": 2,
    "grader.submission": 2,
    "grader.advice": 3,
    "grader.checking": 3,
    "grader.locale": 3,
    "grader.report": 4,
    "grader.formats": 5,
    "grader.ci": 6,
    "grader.delivery": 6,
    "grader.arguments": 5,
    "grader.device_lock": 6,
    "grader.notebook": 6,
    "grader.pictures": 4,
    "grader.webpage": 5,
    "grader.progress": 6,
    "grader.watching": 7,
    "grader.batch": 6,
    "grader.similarity": 6,
    "grader.doctor": 6,
    "grader.hinting": 6,
    "grader.audit": 6,
    "grader.scaffold": 6,
    "grader.commands": 7,
    "grader.release": 6,
    "grader.cli": 7,
}


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _rank(module: str) -> int | None:
    names = [name for name in RANKS if module == name or module.startswith(name + ".")]
    return RANKS[max(names, key=len)] if names else None


def _modules() -> list[Path]:
    return sorted((ROOT / "grader").rglob("*.py"))


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path):
    """A module imports only modules of its own rank or below."""
    own = _rank(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own is None:
        return
    for name in _imports(path):
        other = _rank(name)
        assert other is None or other <= own, f"{path.name} imports {name}"


def test_the_sandbox_stands_alone():
    """The sandbox imports nothing else of the kit, and nobody but checks imports the solutions."""
    for path in (ROOT / "grader" / "sandbox").glob("*.py"):
        outside = {n for n in _imports(path) if re.match(r"(grader(?!\.sandbox)|solutions)\b", n)}
        assert outside == set(), path.name
    allowed = ("misconceptions", "audit", "demo.py", "demo_nets.py", "stubs.py")
    for path in _modules():
        if not any(part in allowed for part in path.parts):
            assert not any(name.startswith("solutions") for name in _imports(path)), path


def test_the_worker_needs_neither_pytest_nor_hypothesis():
    """What a template imports holds no test framework, no report and no solution."""
    code = (
        "import sys; from grader.sandbox import template; template._warm_up();"
        "print(sorted({m.split('.')[0] for m in sys.modules}"
        " & {'pytest', '_pytest', 'hypothesis', 'rich', 'click', 'solutions'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_module_that_did_would_be_found():
    """The test before this one can fail: it sees a framework that was imported."""
    code = "import sys, pytest; print(sorted({m.split('.')[0] for m in sys.modules} & {'pytest'}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "['pytest']"


@pytest.mark.parametrize("exercise", catalogs.load().names)
def test_every_row_has_a_check_and_every_check_a_row(engine, catalog, exercise):
    """The TOML beside the checks and the check functions are the same set."""
    from grader.checking.plugin import GradingPlugin
    from grader.checking.session import _run_pytest
    from grader.submission import Submission

    class Collecting(GradingPlugin):
        def pytest_pyfunc_call(self, pyfuncitem):
            seen.append(pyfuncitem.stash[_check_key()].id)
            return True

    seen: list[str] = []
    submission = Submission(ROOT / "exercises", engine._template, 0)
    plugin = Collecting(catalog, submission, [exercise], lambda *_: None, lambda: None)
    _run_pytest(plugin, [exercise])
    rows = [c.id for f in catalog.exercise(exercise).functions for c in f.checks]
    assert sorted(i for i in seen if i.startswith(exercise + ".")) == sorted(rows)
    assert plugin.uncatalogued == []
    assert plugin.broken == []
    submission.close()


def _check_key():
    from grader.checking import plugin

    return plugin._CHECK


def test_rows_are_whole(catalog):
    """Titles and hints are there in both languages and short; points are whole numbers."""
    for function in catalog.functions.values():
        assert function.checks, f"{function.key} has no checks"
        for check in function.checks:
            assert isinstance(check.points, int) and check.points > 0
            assert len(check.title["en"]) <= 60, check.id
            for language in catalogs.LANGUAGES:
                assert check.title[language].strip() and check.hint[language].strip(), check.id


def test_needs_name_functions_that_exist(catalog):
    """The syllabus's needs point at functions of the syllabus."""
    for function in catalog.functions.values():
        assert set(function.needs) <= set(catalog.functions), function.key


def test_readmes_name_every_verb_and_every_verb_exists():
    """The Makefile's verbs stand in both READMEs, and `make help` lists them."""
    makefile = (ROOT / "Makefile").read_text()
    verbs = set(re.findall(r"^([a-z-]+):.*##", makefile, re.M))
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for verb in verbs - {"format", "help"}:
        assert verb in listed
        for name in ("README.md", "README.zh.md"):
            assert f"make {verb}" in (ROOT / name).read_text(encoding="utf-8"), (name, verb)
    mentioned = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text()))
    assert mentioned - verbs == set()


def test_exercise_readmes_name_every_exercise(catalog):
    """The syllabus's two pages name each exercise."""
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / "exercises" / name).read_text(encoding="utf-8")
        assert all(f"`{exercise}`" in text for exercise in catalog.names), name


def test_every_module_says_what_it_is_for():
    """Every module of the grader, the checks and the solutions opens with its purpose."""
    for folder in ("grader", "solutions", "tests/checks", "tests/kit"):
        for path in (ROOT / folder).glob("*.py"):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_every_test_states_its_promise():
    """Every test function has a docstring of its own."""
    for path in (ROOT / "tests" / "kit").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
