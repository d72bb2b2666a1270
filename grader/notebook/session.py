"""What a running notebook hands in: cells that were run, then those in files beside it.

This runs in the notebook's kernel, on the student's side: nothing here decides about points. It
writes one notebook with the code of each exercise, which the grader then reads like any other.
"""

import dataclasses
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grader.notebook import cells as notebooks
from grader.notebook.cells import Cell, NotebookProblem, mark_of
from grader.notebook.scanning import (
    definitions,
    is_untouched,
    lines_of,
    only_imports,
    without_magics,
)
from grader.notebook.sources import NOT_SHARED
from grader.regular import read_regular


class Session:
    """The cells of a kernel, in the order in which they were first run.

    Args:
        names: the exercises there are.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.cells: list[Cell] = []

    def ran(self, source: str, prompt: int, id: str = "") -> None:
        """Remember a cell that was run; one with the same id was the same cell, before an edit.

        Without an id it takes the place of those before it that define nothing else.
        """
        mark, python = mark_of(source)
        cell = Cell(0, source, mark, (), id, prompt, python)
        for index, old in enumerate(self.cells):
            if id and old.id == id:
                self.cells[index] = cell
                return
        self.cells = [old for old in self.cells if not _superseded(old, [cell])]
        self.cells.append(cell)

    def numbered(self, source: str, prompt: int) -> None:
        """Set the number of the last run of a cell."""
        for index, cell in enumerate(self.cells):
            if cell.source == source and prompt:
                self.cells[index] = dataclasses.replace(cell, prompt=prompt)

    def handed_in(self, folder: Path, base: Path) -> dict[str, list[Cell]]:
        """The code of each exercise that stands in this session or in a notebook of ``folder``.

        An exercise of which a session has only a part is filled up from the notebook that has
        the rest, or from its file in ``base``.
        """
        files = list(_read_all(folder))
        found = {}
        for name in self.names:
            ran = [cell for cell in self.cells if cell.exercise(self.names) == name]
            own = next((cells for cells in files if self._holds(cells, name)), None)
            file = base / f"{name}.py"
            if own is not None:
                merged = self._merged(own, ran, name)
                if ran or not file.is_file() or _worked_on(merged):
                    found[name] = merged
            elif ran:
                whole = [_whole_file(file)] if file.is_file() else []
                found[name] = self._merged(whole, ran, name)
        return {name: cells for name, cells in found.items() if cells}

    def _holds(self, cells: Iterable[Cell], name: str) -> bool:
        return any(cell.exercise(self.names) == name for cell in cells)

    def _merged(self, saved: list[Cell], ran: list[Cell], name: str) -> list[Cell]:
        """Saved cells with those that were run in their place, or after them."""
        shared = [cell for cell in self.cells if not cell.exercise(self.names)]
        now = {cell.id: cell for cell in self.cells if cell.id}
        known = {cell.id for cell in saved if cell.id in now}
        new = [cell for cell in ran if cell.id not in known]
        kept = [self._now(cell, now) for cell in saved]
        kept = [cell for cell in kept if not (cell.mark == name and _superseded(cell, new))]
        merged = [*(cell for cell in shared if cell.id not in known), *kept, *new]
        last = max([i for i, cell in enumerate(merged) if self._holds([cell], name)], default=-1)
        return [
            dataclasses.replace(cell, mark=name, source=source)
            for cell in merged[: last + 1]
            if (source := self._share(cell, name))
        ]

    def _now(self, cell: Cell, now: dict[str, Cell]) -> Cell:
        """A saved cell as it was last run; a mark outside of its text it keeps."""
        if cell.id not in now:
            return cell
        mark = "" if mark_of(cell.source)[0] else cell.exercise(self.names)
        return dataclasses.replace(now[cell.id], mark=now[cell.id].mark or mark)

    def _share(self, cell: Cell, name: str) -> str:
        """What of a cell belongs to an exercise: all, its imports, or nothing."""
        mark = cell.exercise(self.names)
        if mark == name:
            return cell.source
        lines: list[str] = []
        if not mark and cell.python:
            lines = only_imports(lines_of(cell.source), NOT_SHARED, own=name)
        return "\n".join(lines) if any(lines) else ""


def _worked_on(cells: list[Cell]) -> bool:
    lines = [line for cell in cells for line in without_magics(lines_of(cell.source))]
    return not is_untouched(lines)


def to_notebook(handed_in: dict[str, list[Cell]]) -> bytes:
    """The exercises' cells as one notebook file, each with where it really stands."""
    cells = [_entry(name, cell) for name, own in handed_in.items() for cell in own]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()


def _entry(name: str, cell: Cell) -> dict[str, Any]:
    ours = {"exercise": name, "prompt": cell.prompt, "file": cell.file, "cell": cell.number}
    return {
        "cell_type": "code",
        "source": cell.source,
        "metadata": {"gatecheck": ours},
        "outputs": [],
        "execution_count": None,
    }


def _superseded(cell: Cell, later: Sequence[Cell]) -> bool:
    """Whether later cells of its exercise define again all that a cell defines."""
    names = set(definitions(lines_of(cell.source), magics=True))
    again = {
        name
        for other in later
        if other.mark == cell.mark
        for name in definitions(lines_of(other.source), magics=True)
    }
    return bool(names) and names <= again


def _read_all(folder: Path) -> Iterable[list[Cell]]:
    """The code cells of the notebooks in a folder; those that can't be read hold nothing."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            size = path.stat().st_size
            content = read_regular(path) if size <= notebooks.NOTEBOOK_BYTES else b""
            found = notebooks.read(content)
        except (OSError, NotebookProblem):
            continue
        yield [dataclasses.replace(cell, file=str(path.resolve())) for cell in found]


def _whole_file(path: Path) -> Cell:
    """A Python file as one cell; its number is 0, so that places in it are path:line."""
    text = path.read_bytes().decode("utf-8", "replace")
    return Cell(0, text, "", file=os.path.abspath(path), tags=(path.stem,))


def has_files(folder: Path, names: list[str]) -> bool:
    """Whether a folder holds exercises as Python files."""
    return any((folder / f"{name}.py").is_file() for name in names)
