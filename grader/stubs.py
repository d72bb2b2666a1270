"""Stubs: what a student starts from, made from the solutions so that the two cannot drift apart.

A stub keeps a solution's docstrings, imports and signatures, and raises NotImplementedError in
each public function and method. Private helpers, constants, comments, decorators and whatever a
line marks with ``# solution only`` stay behind.

    python -m grader.stubs [--force | --check] [EXERCISE ...]
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import libcst as cst

from grader.edition import stub_sources
from grader.regular import read_regular

ROOT = Path(__file__).resolve().parents[1]
MARKER = "# solution only"
RAISE = cst.parse_statement("raise NotImplementedError")


def stub_source(solution_source: str) -> str:
    """The stub of a solution.

    Raises:
        libcst.ParserSyntaxError: if the solution is no Python.
    """
    module = cst.parse_module(solution_source)
    kept = [stub for node in module.body if (stub := _statement(node)) is not None]
    if _is_docstring(module.body[:1]):
        kept.insert(0, module.body[0])
    module = module.with_changes(header=_blank(module.header), body=kept, footer=[])
    return module.code.rstrip() + "\n"


def write_stubs(
    solutions_dir: Path,
    exercises_dir: Path,
    names: Iterable[str] | None = None,
    force: bool = False,
) -> list[Path]:
    """Writes ``exercises_dir/<name>.py`` for each solution; returns the files that it wrote.

    A file that differs from its stub may hold somebody's work: it is overwritten only with
    ``force``. Each file is replaced in one step, never left half-written.

    Args:
        names: the exercises; all that have a solution if None.

    Raises:
        FileNotFoundError: if a named exercise has no solution.
    """
    written = []
    exercises_dir.mkdir(parents=True, exist_ok=True)
    for name in _names(solutions_dir, names):
        path = exercises_dir / f"{name}.py"
        stub = stub_source((solutions_dir / f"{name}.py").read_text(encoding="utf-8"))
        if not _same(path, stub) and (force or not os.path.lexists(path)):
            _replace(path, stub)
            written.append(path)
    return written


def stale_stubs(
    solutions_dir: Path, exercises_dir: Path, names: Iterable[str] | None = None
) -> list[str]:
    """The exercises whose file is missing or differs from its stub."""
    stale = []
    for name in _names(solutions_dir, names):
        stub = stub_source((solutions_dir / f"{name}.py").read_text(encoding="utf-8"))
        if not _same(exercises_dir / f"{name}.py", stub):
            stale.append(name)
    return stale


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code: 1 if something is stale or was refused."""
    options = _parser().parse_args(argv)
    names = options.names or None
    try:
        written = []
        if not options.check:
            written = write_stubs(options.solutions, options.exercises, names, options.force)
        stale = stale_stubs(options.solutions, options.exercises, names)
    except FileNotFoundError as error:
        print(f"no solution for {Path(error.filename).stem}", file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path.name}")
    for name in stale:
        print(f"{name}.py is not its stub: `python -m grader.stubs --force {name}` resets it")
    if not written and not stale:
        print("every stub is in step with its solution")
    return 1 if stale and (options.check or names) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m grader.stubs",
        description="Make the exercises' stubs from the solutions. Edited files are kept.",
    )
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help="all if none is named")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--force", action="store_true", help="overwrite edited files too")
    mode.add_argument("--check", action="store_true", help="write nothing, name what differs")
    for folder, place in (("solutions", stub_sources()), ("exercises", ROOT / "exercises")):
        parser.add_argument(
            f"--{folder}", type=Path, default=place, help=f"another {folder} folder"
        )
    return parser


def _names(solutions_dir: Path, names: Iterable[str] | None) -> list[str]:
    if names is not None:
        return list(names)
    return sorted(p.stem for p in solutions_dir.glob("*.py") if not p.stem.startswith("_"))


def _statement(node: cst.CSTNode) -> cst.CSTNode | None:
    """A module's statement as the stub shows it; None where it stays behind."""
    if _is_marked(node):
        return None
    if isinstance(node, cst.FunctionDef):
        return None if node.name.value.startswith("_") else _function(node)
    if isinstance(node, cst.ClassDef):
        return None if node.name.value.startswith("_") else _class(node)
    if isinstance(node, cst.SimpleStatementLine) and _is_import(node):
        return node.with_changes(leading_lines=_blank(node.leading_lines))
    return None


def _function(node: cst.FunctionDef) -> cst.FunctionDef:
    return _hollow(node, [RAISE])


def _class(node: cst.ClassDef) -> cst.ClassDef:
    """A class with its public methods; ``__init__`` and its like count as public."""
    methods = [
        _function(part)
        for part in node.body.body
        if isinstance(part, cst.FunctionDef) and not _is_marked(part) and _is_public(part)
    ]
    return _hollow(node, methods)


def _hollow(node, statements: list):
    """A function or class with its docstring and ``statements`` for a body."""
    body = list(node.body.body)
    docstring = body[:1] if _is_docstring(body) else []
    return node.with_changes(
        decorators=[],
        leading_lines=_blank(node.leading_lines),
        lines_after_decorators=[],
        body=cst.IndentedBlock(body=[*docstring, *statements]),
    )


def _is_import(node: cst.SimpleStatementLine) -> bool:
    return all(isinstance(part, cst.Import | cst.ImportFrom) for part in node.body)


def _is_public(node: cst.FunctionDef) -> bool:
    name = node.name.value
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _is_marked(node: cst.CSTNode) -> bool:
    """Whether the marker stands above a statement or at the end of its first line."""
    lines = [line.comment for line in getattr(node, "leading_lines", ())]
    lines.append(getattr(getattr(node, "trailing_whitespace", None), "comment", None))
    if isinstance(body := getattr(node, "body", None), cst.IndentedBlock):
        lines.append(body.header.comment)
    return any(comment is not None and comment.value.startswith(MARKER) for comment in lines)


def _is_docstring(statements: Sequence[cst.CSTNode]) -> bool:
    """Whether the first of a body's statements is its docstring."""
    if not statements or not isinstance(statements[0], cst.SimpleStatementLine):
        return False
    first = statements[0].body[0]
    strings = (cst.SimpleString, cst.ConcatenatedString)
    return isinstance(first, cst.Expr) and isinstance(first.value, strings)


def _blank(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Lines above a statement without their comments, which may tell too much."""
    return [line for line in lines if line.comment is None]


def _same(path: Path, stub: str) -> bool:
    """Whether a file is the stub, whatever its line ends."""
    try:
        return read_regular(path).replace(b"\r\n", b"\n") == stub.encode()
    except OSError:
        return False


def _replace(path: Path, text: str) -> None:
    """Writes a file in one step: whoever looks sees the old one or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)  # mkstemp's own mode would hide it from a course's other users
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


if __name__ == "__main__":
    sys.exit(main())
