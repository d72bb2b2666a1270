"""An exercise as a notebook: its page, one function a cell, and ``grade("gru")`` at the end.

The code is that of the stub, so notebook and file are the same task. A notebook that somebody has
worked in is kept; with ``force`` it is written anew beside a backup.
"""

import ast
import dataclasses
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from grader.arguments import write_json
from grader.catalog import ROOT, Exercise, Function
from grader.locale import Texts
from grader.regular import read_regular
from grader.stubs import stub_source

FAULTS = re.compile(r"^## (?:Usual mistakes|常见错误)", re.MULTILINE)  # left to the page itself
CHINESE_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclasses.dataclass(frozen=True)
class Written:
    """What became of a notebook: "wrote", "same", "kept" or "renewed", with its backup."""

    what: str
    path: Path
    backup: Path | None = None


def write(exercise: Exercise, folder: Path, force: bool, texts: Texts) -> Written:
    """Write ``folder/<exercise>.ipynb``.

    Raises:
        OSError: if that can't be done.
    """
    path = folder / f"{exercise.name}.ipynb"
    content = to_bytes(notebook(exercise, folder, texts))
    backup = None
    if os.path.lexists(path) and _changed(path):
        if not force:
            return Written("kept", path)
        backup = _free_name(path)
        os.replace(path, backup)
    elif path.exists() and read_regular(path) == content:
        return Written("same", path)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(str(path), content)
    return Written("renewed" if backup else "wrote", path, backup)


def notebook(exercise: Exercise, folder: Path, texts: Texts) -> Any:
    """The exercise's notebook, as one that stands in ``folder``."""
    name = exercise.name
    source = _stub(name)
    imports, definitions = _parts(source)
    cells = [
        _text(f"{name}-page", _page(exercise, folder, texts)),
        _text(f"{name}-how", texts.say("notebook.how", name=name)),
        _code(f"{name}-load", "%load_ext grader"),
        _code(f"{name}-imports", _marked(name, imports)),
    ]
    for function in exercise.functions:
        if function.name in definitions:
            cells.append(_text(f"{name}-about-{function.name}", _about(function, texts)))
            code = _marked(name, definitions[function.name])
            cells.append(_code(f"{name}-{function.name}", code))
    cells.append(_text(f"{name}-end", texts.say("notebook.end", name=name)))
    language = "" if texts.language == "en" else f', lang="{texts.language}"'
    cells.append(_code(f"{name}-grade", f'grade("{name}"{language})'))
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    made.metadata["language_info"] = {"name": "python"}
    made.metadata["gatecheck"] = {"digest": digest(made)}
    return made


def to_bytes(made: Any) -> bytes:
    """A notebook as it stands in a file; nbformat has found it valid."""
    nbformat.validate(made)
    return (nbformat.writes(made) + "\n").encode()


def digest(made: Any) -> str:
    """What tells whether the cells are as we wrote them; outputs don't count."""
    cells = [(cell["cell_type"], _joined(cell["source"])) for cell in made["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _changed(path: Path) -> bool:
    """Whether a file may hold somebody's work: it is not as we wrote it, or no notebook."""
    try:
        known = json.loads(read_regular(path))
        return digest(known) != known["metadata"]["gatecheck"]["digest"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return True


def _free_name(path: Path) -> Path:
    """gru.ipynb.1.bak, or the next number that is free; no grader takes it for a notebook."""
    number = 1
    while os.path.lexists(path.with_name(f"{path.name}.{number}.bak")):
        number += 1
    return path.with_name(f"{path.name}.{number}.bak")


def _stub(name: str) -> str:
    """The untouched exercise; in an edition without solutions, its file as it stands."""
    solution = ROOT / "solutions" / f"{name}.py"
    if solution.is_file():
        return stub_source(solution.read_text(encoding="utf-8"))
    return (ROOT / "exercises" / f"{name}.py").read_text(encoding="utf-8")


def _parts(source: str) -> tuple[str, dict[str, str]]:
    """The imports, and each function or class with its text, of a stub of ours.

    ``from .rnn import`` becomes ``from exercises.rnn import``, which works in a notebook, too.
    """
    lines = source.split("\n")
    imports, definitions = [], {}
    for node in ast.parse(source).body:
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(re.sub(r"^from \.(?=\w)", "from exercises.", text))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            definitions[node.name] = text
    return "\n".join(imports), definitions


def _marked(name: str, code: str) -> str:
    return f"# gatecheck: {name}\n{code}"


def _page(exercise: Exercise, folder: Path, texts: Texts) -> str:
    """The exercise's title and its page in docs/ up to the usual mistakes, with links that work."""
    suffix = ".zh.md" if texts.language == "zh" else ".md"
    page = ROOT / "docs" / f"{exercise.name}{suffix}"
    title = f"# {exercise.name}{'：' if texts.language == 'zh' else ': '}"
    title += exercise.title[texts.language]
    if not page.is_file():
        return title
    docs = os.path.relpath(page.parent, folder.resolve()).replace(os.sep, "/")
    text = FAULTS.split(page.read_text(encoding="utf-8"))[0]
    text = "\n".join(text.split("\n")[3:])  # without its own title and the links to other pages
    text = re.sub(r"\]\((?!https?:|#|/)([^)]+)\)", rf"]({docs}/\1)", text)
    link = texts.say("notebook.page", path=f"{docs}/{page.name}")
    return f"{title}\n\n{_unbroken(text).strip()}\n\n{link}"


def _unbroken(text: str) -> str:
    """Chinese lines of one paragraph joined: a break would show as a space."""
    parts = text.split("```")
    parts[::2] = [CHINESE_BREAK.sub("", part) for part in parts[::2]]
    return "```".join(parts)


def _about(function: Function, texts: Texts) -> str:
    between = "；" if texts.language == "zh" else "; "
    titles = between.join(check.title[texts.language] for check in function.checks)
    line = texts.say("notebook.about", points=function.points, titles=titles)
    return f"## `{function.name}`\n\n{line}"


def _text(identity: str, source: str) -> Any:
    return v4.new_markdown_cell(source, id=_id(identity))


def _code(identity: str, source: str) -> Any:
    return v4.new_code_cell(source, id=_id(identity))


def _id(identity: str) -> str:
    return identity[:64]
