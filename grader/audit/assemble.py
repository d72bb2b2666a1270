"""Submissions for the audit: the solutions with some of one exercise's functions replaced."""

import ast
import shutil
from collections.abc import Iterable
from pathlib import Path

from grader import catalog as catalogs
from grader import misconceptions
from grader.audit.mutants import Mutant

SOLUTIONS = catalogs.ROOT / "solutions"
EXERCISES = catalogs.ROOT / "exercises"
STYLES = catalogs.ROOT / "tests" / "kit" / "styles"


def reference(exercise: str) -> str:
    """The text of an exercise's solution."""
    return (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")


def styles_of(exercise: str) -> list[Path]:
    """The folders of correct code in other styles that have this exercise."""
    return sorted(path.parent for path in STYLES.glob(f"*/{exercise}.py"))


def wrong_source(mistake: misconceptions.Misconception) -> str:
    """The solution with one known mistake."""
    return misconceptions.submission_source(mistake, reference(mistake.exercise))


def with_mistakes(exercise: str, mistakes: Iterable[misconceptions.Misconception]) -> str:
    """The solution with several functions wrong, each in its way."""
    source = reference(exercise)
    for mistake in mistakes:
        source = misconceptions.submission_source(mistake, source)
    return source


def with_mutants(exercise: str, chosen: list[Mutant]) -> str:
    """The solution with the changes of mutants of different functions.

    Raises:
        ValueError: if two of them change the same function.
    """
    if len(chosen) == 1:
        return chosen[0].source
    if len({mutant.function for mutant in chosen}) < len(chosen):
        raise ValueError("two mutants of one function can't be put together")
    lines = reference(exercise).split("\n")
    spans = {mutant.function: mutant for mutant in chosen}
    for name, first, last in sorted(_spans("\n".join(lines)), key=lambda span: -span[1]):
        if name in spans:
            lines[first:last] = definition(spans[name].source, name).split("\n")
    return "\n".join(lines)


def definition(source: str, name: str) -> str:
    """The lines of a function or class of a module."""
    first, last = next((a, b) for other, a, b in _spans(source) if other == name)
    return "\n".join(source.split("\n")[first:last])


def _spans(source: str) -> list[tuple[str, int, int]]:
    """The names of the functions and classes of a module, and the lines that they take."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
            found.append((node.name, first, node.end_lineno or node.lineno))
    return found


def write(folder: Path, exercise: str, source: str) -> Path:
    """The solutions in ``folder``, with one exercise's file replaced."""
    for path in SOLUTIONS.glob("*.py"):
        shutil.copy(path, folder / path.name)
    (folder / f"{exercise}.py").write_text(source, encoding="utf-8")
    return folder
