"""Making notebooks for tests: cells with marks, the reference's code in the cells of a stub."""

import ast
import json
from pathlib import Path
from typing import Any

from tests.kit.submissions import SOLUTIONS


def cell(source: str, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    """One cell, as it stands in a file."""
    return {"cell_type": kind, "source": source, "metadata": metadata, "outputs": []}


def content(*cells: dict[str, Any] | str, **fields: Any) -> bytes:
    """A notebook's bytes; a string is a code cell."""
    made = [cell(c) if isinstance(c, str) else c for c in cells]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made} | fields
    ).encode()


def definitions(exercise: str) -> dict[str, str]:
    """The reference's functions and whatever else it defines, by name."""
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    found = {}
    for node in ast.parse(source).body:
        name = getattr(node, "name", None) or ast.unparse(getattr(node, "target", node))
        if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr)):
            found[name] = ast.get_source_segment(source, node) or ""
    return found


def solved(notebook: Any, exercise: str) -> Any:
    """The same notebook with the reference's code in its cells; helpers in the imports' cell."""
    known = definitions(exercise)
    for each in notebook["cells"]:
        name = each["id"].removeprefix(f"{exercise}-")
        if each["cell_type"] == "code" and name in known:
            each["source"] = f"# gatecheck: {exercise}\n{known.pop(name)}"
    imports = next(c for c in notebook["cells"] if c["id"] == f"{exercise}-imports")
    imports["source"] += "\n" + "\n".join(known.values())
    return notebook


def save(path: Path, notebook: Any) -> Path:
    """Write a notebook to a file."""
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
