"""``from exercises.parameters import gate_params`` in a notebook's kernel: the student's own code.

It comes from the notebook of that exercise, where somebody has worked in it, or else from its file.
The kernel is the student's: nothing that happens here reaches a grading.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.notebook.scanning import lines_of, without_future, without_magics

PACKAGE = "exercises"
_Sources = Callable[[], tuple[Path, dict[str, Any]]]


class Exercises(importlib.abc.MetaPathFinder):
    """Finds ``exercises`` and its modules, after everybody else had a chance.

    Args:
        sources: gives the folder with the files, and cells by exercise that go before them.
    """

    def __init__(self, sources: _Sources) -> None:
        self.sources = sources

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module's spec, or None if it is none of ours."""
        if name == PACKAGE:
            spec = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
            spec.submodule_search_locations = []  # so that all its modules come to us
            return spec
        if not name.startswith(f"{PACKAGE}.") or name.count(".") > 1:
            return None
        exercise = name.removeprefix(f"{PACKAGE}.")
        folder, cells = self.sources()
        if exercise in cells:
            return importlib.util.spec_from_loader(name, _Cells(cells[exercise]))
        file = folder / f"{exercise}.py"
        return importlib.util.spec_from_file_location(name, file) if file.is_file() else None

    def forget(self) -> None:
        """Import the exercises anew the next time."""
        for name in [n for n in sys.modules if n == PACKAGE or n.startswith(f"{PACKAGE}.")]:
            del sys.modules[name]


class _Cells(importlib.abc.Loader):
    """Runs an exercise's cells as a module."""

    def __init__(self, cells: list[Any]) -> None:
        self.cells = cells

    def exec_module(self, module: Any) -> None:
        """Run them in order, in one namespace."""
        for cell in self.cells:
            lines, future = without_future(without_magics(lines_of(cell.source)))
            text = "\n".join(lines)
            if future:
                text = f"from __future__ import {', '.join(future)}\n{text}"
            exec(compile(text, cell.file or "<notebook>", "exec"), module.__dict__)
