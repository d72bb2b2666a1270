"""From notebooks to one Python source an exercise, in which every line knows its cell.

A cell belongs to the exercise that it is marked for. Of a cell without a mark only the imports at
its top level are taken, for every exercise whose last cell stands below it: that is where
``import torch`` stands in most notebooks, while plots and experiments stay out.
"""

import dataclasses
import difflib

from grader.notebook.cells import Cell, NotebookProblem, read
from grader.notebook.scanning import (
    is_untouched,
    lines_of,
    only_imports,
    without_future,
    without_magics,
)

NOT_SHARED = ("grader", "IPython", "google")  # of a notebook's own surroundings
CODE_CHARS = (
    1024 * 1024
)  # of all cells of all notebooks together; it takes a second to look through
HEAD = 2  # lines of ours at the top; Python looks for the file's encoding there


@dataclasses.dataclass(frozen=True)
class Origin:
    """A line of a notebook: of cell ``cell`` (from 1), or of ``In[prompt]``; 0 where there is none.

    ``line`` counts from 1 within the cell. ``file`` is named where it is not the notebook itself.
    """

    cell: int
    prompt: int
    line: int
    file: str = ""


@dataclasses.dataclass(frozen=True)
class Source:
    """An exercise's Python source, put together from cells of the notebook ``file``."""

    file: str
    text: str
    origins: tuple[Origin, ...]
    untouched: bool

    def origin(self, line: int) -> Origin:
        """Where a line of ``text``, from 1, comes from."""
        known = self.origins[line - 1] if 1 <= line <= len(self.origins) else None
        return known or Origin(0, 0, 0)


@dataclasses.dataclass
class Found:
    """What the notebooks of a submission hold.

    Attributes:
        sources: by exercise.
        problems: by exercise, where there is one; also those with which a whole notebook began.
        unclaimed: the first problem of a notebook that is not named after an exercise.
    """

    sources: dict[str, Source] = dataclasses.field(default_factory=dict)
    problems: dict[str, NotebookProblem] = dataclasses.field(default_factory=dict)
    unclaimed: NotebookProblem | None = None


def from_notebooks(notebooks: dict[str, bytes | NotebookProblem], names: list[str]) -> Found:
    """What notebooks, by file name, hold of the exercises ``names``.

    A problem in the place of the bytes is one that was met before.
    """
    found, room = Found(), CODE_CHARS
    for file, content in sorted(notebooks.items()):
        own = file.removesuffix(".ipynb")
        try:
            if isinstance(content, NotebookProblem):
                raise content
            cells = read(content)
            room -= sum(len(cell.source) for cell in cells)
            if room < 0:
                raise NotebookProblem("file_too_large")
            taken = _one(file, cells, names, found.problems)
        except NotebookProblem as problem:
            problem.fields["file"] = file
            if own in names:
                found.problems[own] = problem
            else:
                found.unclaimed = found.unclaimed or problem
            continue
        for exercise, source in taken.items():
            _add(found, exercise, source)
    return found


def _add(found: Found, exercise: str, source: Source) -> None:
    """Take a source, unless another notebook has one already on which somebody has worked."""
    other = found.sources.get(exercise)
    if other is None or other.untouched:
        found.sources[exercise] = source
    elif not source.untouched:
        found.problems[exercise] = twice(other.file, source.file)


def twice(file: str, other: str) -> NotebookProblem:
    """The problem of an exercise that stands in two files."""
    return NotebookProblem("file_twice", file=file, other=other)


def _one(
    file: str, cells: list[Cell], names: list[str], problems: dict[str, NotebookProblem]
) -> dict[str, Source]:
    """The sources in one notebook."""
    marks = [cell.exercise(names) for cell in cells]
    if not any(marks):
        own = file.removesuffix(".ipynb")
        raise NotebookProblem("notebook_unmarked", name=own if own in names else names[0])
    for cell, mark in zip(cells, marks, strict=True):
        close = difflib.get_close_matches(mark, names, 1, 0.5) if mark not in names else []
        if mark and close:
            fields = {"file": file, "cell": cell.number, "mark": mark, "match": close[0]}
            problems.setdefault(close[0], NotebookProblem("notebook_mark", **fields))
    parts = [(cell, mark, _lines(cell, mark)) for cell, mark in zip(cells, marks, strict=True)]
    present = [name for name in names if name in marks]
    return {name: _assembled(file, parts, name) for name in present}


def _lines(cell: Cell, mark: str) -> list[str]:
    """What of a cell can be taken, in as many lines as it has."""
    if not cell.python:
        return []
    own = without_magics(lines_of(cell.source))
    return own if mark else only_imports(own, NOT_SHARED)


def _assembled(file: str, parts: list[tuple[Cell, str, list[str]]], exercise: str) -> Source:
    """One exercise's source from the cells, with their marks and lines, of a notebook."""
    last = max(index for index, (_, mark, _) in enumerate(parts) if mark == exercise)
    lines: list[str] = []
    origins: list[Origin] = []
    for cell, mark, own in parts[: last + 1]:
        if mark in (exercise, ""):
            if not mark and f".{exercise}" in cell.source:  # it would import itself
                own = only_imports(own, own=exercise)
            lines += own
            place = (cell.number, cell.prompt)
            origins += [Origin(*place, line, cell.file) for line in range(1, len(own) + 1)]
    lines, future = without_future(lines)
    top = [f"# {exercise}", f"from __future__ import {', '.join(future)}" if future else "#"]
    nowhere = Origin(0, 0, 0)
    text = "\n".join([*top, *lines]) + "\n"
    return Source(file, text, (*[nowhere] * HEAD, *origins), is_untouched(lines))
