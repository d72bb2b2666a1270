"""Stubs: in step with the solutions, teaching, and giving nothing away."""

import ast

import pytest

from grader import catalog as catalogs
from grader import stubs

CATALOG = catalogs.load()


@pytest.mark.parametrize("exercise", CATALOG.names)
def test_stubs_are_made_from_the_solutions(exercise):
    """exercises/<name>.py is what `make stubs` writes, to the letter."""
    solution = (catalogs.ROOT / "solutions" / f"{exercise}.py").read_text(encoding="utf-8")
    stub = (catalogs.ROOT / "exercises" / f"{exercise}.py").read_text(encoding="utf-8")
    assert stubs.stub_source(solution) == stub


@pytest.mark.parametrize("key", sorted(CATALOG.functions))
def test_a_stub_teaches_and_raises(key):
    """Each function has its docstring, with what to watch for, and nothing else."""
    exercise, name = key.split(".")
    path = catalogs.ROOT / "exercises" / f"{exercise}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    node = nodes[name]
    text = ast.get_docstring(node)
    assert ("Shapes:" in text or "Returns:" in text) and "Watch for" in text, key
    for part in node.body[1:] if isinstance(node, ast.ClassDef) else [node]:
        statements = [s for s in part.body if not isinstance(s, ast.Expr)]
        assert [ast.unparse(s) for s in statements] == ["raise NotImplementedError"]


@pytest.mark.parametrize("exercise", CATALOG.names)
def test_a_stub_has_no_private_helper(exercise):
    """What the solution keeps to itself does not show in the stub."""
    tree = ast.parse((catalogs.ROOT / "exercises" / f"{exercise}.py").read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert names == {function.name for function in CATALOG.exercise(exercise).functions}


def test_an_edited_exercise_is_kept(tmp_path):
    """`make stubs` does not overwrite work unless it is told to."""
    (tmp_path / "gru.py").write_text("mine\n")
    stubs.write_stubs(catalogs.ROOT / "solutions", tmp_path, ["gru"])
    assert (tmp_path / "gru.py").read_text() == "mine\n"
    stubs.write_stubs(catalogs.ROOT / "solutions", tmp_path, ["gru"], force=True)
    assert "NotImplementedError" in (tmp_path / "gru.py").read_text()
