"""A notebook's cells, read from the bytes of a file that nobody has looked at before.

Only a handful of fields are decoded (msgspec, typed): outputs, widgets and whatever else makes
notebooks large is passed over without being built. Nothing is executed. Formats older than 4 are
converted by nbformat, where it is installed.
"""

import dataclasses
import re
from typing import Any

import msgspec

NOTEBOOK_BYTES = 8 * 1024 * 1024  # pictures in outputs count; the code has its own limit
NOTEBOOK_CELLS = 2_000
FORMAT = 4
PYTHON_BODIES = frozenset({"exercise", "time", "capture", "prun"})  # their cells define names

_COMMENT = re.compile(r"#\s*gatecheck\s*[:：]\s*([\w-]+)", re.IGNORECASE)
_CELL_MAGIC = re.compile(r"%%(\w+)(?:\s+([\w-]+))?")
_TAG = re.compile(r"(?:(?:gatecheck|exercise)[:：-])?([\w]+)")


class NotebookProblem(Exception):
    """A notebook that can't be read: the id of the sentence that says what to do, its fields."""

    def __init__(self, code: str, /, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


@dataclasses.dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: its place in the notebook, from 1, text cells counted.
        mark: the exercise that its first lines or its metadata name; "" if they name none.
        tags: its tags, of which one may name an exercise.
        id: its identity, which it keeps when it is edited; "" in older notebooks.
        prompt: the number of its last run in the session that asks, ``In[3]``; 0 if none.
        file: the file that the session found it in, if it was not run there.
        python: whether its body is Python: not so in ``%%bash``.
    """

    number: int
    source: str
    mark: str = ""
    tags: tuple[str, ...] = ()
    id: str = ""
    prompt: int = 0
    python: bool = True
    file: str = ""

    def exercise(self, names: list[str]) -> str:
        """The exercise that it is marked for, known or not; "" if for none."""
        if self.mark:
            return self.mark
        return next((tag for tag in self.tags if tag in names), "")


class _Ours(msgspec.Struct):
    exercise: str = ""
    prompt: int = 0
    file: str = ""
    cell: int = -1


class _Metadata(msgspec.Struct):
    tags: list[str] = []
    gatecheck: _Ours = msgspec.field(default_factory=_Ours)


class _Raw(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] = ""  # what format 3 calls the source of code
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    id: str = ""


class _Worksheet(msgspec.Struct):
    cells: list[_Raw] = []


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Raw] | None = None
    worksheets: list[_Worksheet] = []  # of format 3


def read(content: bytes) -> list[Cell]:
    """The code cells of a notebook.

    Raises:
        NotebookProblem: if it is too large, broken, or of a format that can't be read.
    """
    if len(content) > NOTEBOOK_BYTES:
        raise NotebookProblem("notebook_too_large", most=NOTEBOOK_BYTES // 1024 // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotebookProblem("notebook_encoding") from None
    try:
        notebook = msgspec.json.decode(text, type=_Notebook)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise NotebookProblem("notebook_broken", detail=str(error)[:200]) from None
    if not 1 <= notebook.nbformat <= FORMAT:
        raise NotebookProblem("notebook_format", version=notebook.nbformat, known=FORMAT)
    raw = notebook.cells if notebook.nbformat == FORMAT else _converted(notebook)
    if raw is None:
        raise NotebookProblem("notebook_broken", detail="no cells")
    if len(raw) > NOTEBOOK_CELLS:
        raise NotebookProblem("notebook_too_many_cells", count=len(raw), most=NOTEBOOK_CELLS)
    return [_cell(number, cell) for number, cell in enumerate(raw, 1) if cell.cell_type == "code"]


def _converted(notebook: _Notebook) -> list[_Raw]:
    """The cells of an old notebook as those of format 4, made by nbformat."""
    try:
        import nbformat
    except ImportError:
        raise NotebookProblem("notebook_old", version=notebook.nbformat) from None
    sheets = notebook.worksheets or [_Worksheet(notebook.cells or [])]
    count = sum(len(sheet.cells) for sheet in sheets)
    if count > NOTEBOOK_CELLS:  # before they are converted one by one
        raise NotebookProblem("notebook_too_many_cells", count=count, most=NOTEBOOK_CELLS)
    cells: list[dict[str, Any]] = [
        {"cell_type": cell.cell_type, "metadata": {}, "outputs": [], "prompt_number": None}
        | {name: "".join(getattr(cell, name)) for name in ("input", "source")}
        for sheet in sheets
        for cell in sheet.cells
    ]
    old = {"nbformat": notebook.nbformat, "nbformat_minor": 0, "metadata": {}}
    try:
        new = nbformat.convert(
            nbformat.from_dict({**old, "worksheets": [{"cells": cells, "metadata": {}}]}), FORMAT
        )
        return msgspec.convert(new["cells"], list[_Raw])
    except Exception as error:  # whatever a library says about a broken old notebook
        raise NotebookProblem("notebook_broken", detail=str(error)[:200]) from None


def _cell(number: int, raw: _Raw) -> Cell:
    source = raw.source if isinstance(raw.source, str) else "".join(raw.source)
    ours = raw.metadata.gatecheck
    mark, python = mark_of(source)
    tags = tuple(m.group(1) for tag in raw.metadata.tags if (m := _TAG.fullmatch(tag)))
    mark = mark or ours.exercise
    number = ours.cell if ours.cell >= 0 else number
    return Cell(number, source, mark, tags, raw.id, ours.prompt, python, ours.file)


def mark_of(source: str) -> tuple[str, bool]:
    """The exercise that a cell's first lines name ("" for none), and whether its body is Python."""
    mark, python = "", True
    for line in source.split("\n"):
        line = line.strip()
        if magic := _CELL_MAGIC.match(line):
            python = python and magic.group(1) in PYTHON_BODIES
            if magic.group(1) == "exercise":
                mark = mark or magic.group(2) or ""
        elif comment := _COMMENT.match(line):
            mark = mark or comment.group(1)
        elif line and not line.startswith(("#", "%", "!")):
            break
    return mark, python
