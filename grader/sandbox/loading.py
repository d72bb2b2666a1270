"""Loading a submission's file as far as it can be loaded, statement by statement.

A file that raises or hangs as a whole is loaded once more this way: its imports, definitions and
assignments are run one by one, what raises is left out, and what only does something (calls, loops,
``with``) is not run. A person who puts ``exit()`` or a training loop below the functions keeps
them. Other exercises of the submission that it imports are loaded likewise.
"""

import __future__

import ast
import contextlib
import importlib.machinery
import os
import signal
import sys
import threading
import types
from collections.abc import Iterator, Sequence
from typing import Any

from grader.sandbox import limits, wire

PACKAGE = "exercises"
LIMIT = "limit"  # in place of an exception's name
STATEMENT_S = 2.5  # of processor time for one statement: an import of a large package fits in
_PLAIN = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Pass, ast.Global, ast.Delete),
)
# what imports of other exercises would have bound, as {"encode": "sequence_data.to_onehot"}
missed: dict[str, str] = {}


class TooLong(BaseException):
    """One statement, or one known mistake, used up its time."""


class Careful(importlib.machinery.SourceFileLoader):
    """Runs the statements of one file that can be run, and keeps a list of the others."""

    def __init__(self, name: str, path: str, folder: str, left_out: list[wire.LeftOut]) -> None:
        super().__init__(name, path)
        self._folder = folder
        self._left_out = left_out

    def exec_module(self, module: types.ModuleType) -> None:
        """Load the module.

        Raises:
            SyntaxError: as Python does; there is no part of such a file that could be run.
        """
        content = self.get_data(self.path)
        tree = ast.parse(content, self.path)
        flags = _future_flags(tree)
        lines = content.decode("utf-8", "replace").split("\n")
        for node in tree.body:
            if _is_idle(node):
                continue
            if not _is_plain(node):
                self._leave_out(node, lines, "", "")
                continue
            code = compile(ast.Module([node], []), self.path, "exec", flags, dont_inherit=True)
            try:
                with time_limit(STATEMENT_S):
                    exec(code, module.__dict__)
            except (TooLong, MemoryError):  # which of them comes first is the machine's speed
                self._leave_out(node, lines, LIMIT, "")
            except BaseException as error:
                self._leave_out(node, lines, type(error).__name__, _text_of(error))
                _note_missed(node)

    def _leave_out(self, node: ast.stmt, lines: list[str], kind: str, text: str) -> None:
        if len(self._left_out) < limits.LEFT_OUT:
            file = os.path.relpath(self.path, self._folder)
            source = lines[node.lineno - 1].strip()[:200] if node.lineno <= len(lines) else ""
            last = node.end_lineno or node.lineno
            self._left_out.append(wire.LeftOut(file, node.lineno, last, source, kind[:80], text))


class Finder:
    """Finds the files of the submission's package, to be loaded carefully."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.left_out: list[wire.LeftOut] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The file of ``exercises.gru``; None for everything else."""
        package, _, own = name.partition(".")
        file = os.path.join(self._folder, f"{own}.py")
        if package != PACKAGE or not own.isidentifier() or not os.path.isfile(file):
            return None
        loader = Careful(name, file, self._folder, self.left_out)
        return importlib.machinery.ModuleSpec(name, loader, origin=file, is_package=False)


@contextlib.contextmanager
def carefully(folder: str) -> Iterator[list[wire.LeftOut]]:
    """While this holds, the files of the submission's package are loaded statement by statement.

    Yields what was left out of them.
    """
    finder = Finder(folder)
    sys.meta_path.insert(0, finder)
    yield finder.left_out  # it stays: what a function imports later is loaded likewise


def _is_plain(node: ast.stmt) -> bool:
    """Whether a statement imports, defines or assigns, or only chooses between such statements."""
    if isinstance(node, ast.If):
        return all(map(_is_plain, [*node.body, *node.orelse]))
    if isinstance(node, ast.Try):
        handled = [inner for handler in node.handlers for inner in handler.body]
        return all(map(_is_plain, [*node.body, *handled, *node.orelse, *node.finalbody]))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, _PLAIN) or type(node).__name__ == "TypeAlias"


def _is_idle(node: ast.stmt) -> bool:
    """A docstring, or what is meant for running the file itself: nothing is missed without it."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return isinstance(node, ast.Pass)
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def _future_flags(tree: ast.Module) -> int:
    """The compiler's flags for the file's ``from __future__`` imports."""
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                feature = getattr(__future__, alias.name, None)
                flags |= feature.compiler_flag if feature else 0
    return flags


def _note_missed(node: ast.stmt) -> None:
    """Remember which functions of other exercises an import would have brought."""
    if not isinstance(node, ast.ImportFrom):
        return
    module = node.module or ""
    home = module if node.level else module.removeprefix(f"{PACKAGE}.")
    if node.level or module.startswith(f"{PACKAGE}."):
        for alias in node.names[:50]:
            missed[alias.asname or alias.name] = f"{home}.{alias.name}"


def _text_of(error: BaseException) -> str:
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # a __str__ that raises
        return ""
    text = text.partition("\n")[0].partition(" (/")[0]  # the path of a package says nothing here
    return text[:200].encode("utf-8", "replace").decode()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Break off what computes for longer, in seconds of this process's time; else it goes on.

    Only the main thread can be interrupted, and only between two steps of Python.

    Raises:
        TooLong: in what was broken off.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TooLong("it did not end")

    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


__all__ = ["LIMIT", "TooLong", "carefully", "missed", "time_limit"]
