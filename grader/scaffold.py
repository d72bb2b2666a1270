"""A new exercise, ready to be changed: what ``python -m grader new NAME`` writes.

One tanh cell called NAME_step, with its solution, stub, syllabus entry, checks, rows, wrong
versions, one other style and pages. What is written passes the audit as it stands, so whoever adds
an exercise starts from a proof and keeps it while changing one thing after the other.
"""

import importlib.util
import keyword
import os
import pkgutil
import re
import shutil
import tempfile
from pathlib import Path
from string import Template

from grader import catalog as catalogs
from grader.arguments import UsageProblem
from grader.scaffold_texts import (
    CHECK_ROWS,
    CHECKS,
    ENTRY,
    FIGURE,
    MISTAKES,
    OTHER,
    PAGE,
    PAGE_ZH,
    ROWS,
    SOLUTION,
    STYLE,
    WRONG,
)
from grader.stubs import stub_source

NAME = re.compile(r"[a-z][a-z0-9_]{1,23}")
RESERVED = {"submission", "subject", "case", "request", "syllabus"}  # names in checks, or of files


class ScaffoldProblem(UsageProblem):
    """The exercise can't be made; the sentence says why and what to do, nothing was written."""


def scaffold(name: str, root: Path = catalogs.ROOT) -> list[Path]:
    """Writes a new exercise called ``name``; all of its files, or none.

    Args:
        root: the kit's folder.

    Returns:
        The files written and those with a line added, in the order in which to read them.

    Raises:
        ScaffoldProblem: if the name is no good, or something of that name exists.
    """
    syllabus = root / "exercises" / "syllabus.toml"
    if not syllabus.is_file():
        raise ScaffoldProblem("new_no_kit", path=root)
    _check_name(name, root)
    new = {root / path: text for path, text in _new_files(name).items()}
    for path in (*new, root / "grader" / "misconceptions" / name):
        if os.path.lexists(path):
            raise ScaffoldProblem("new_exists", name=name, path=path.relative_to(root))
    changed = {
        root / path: _with_row(root / path, _filled(row, name))
        for path, row in ROWS.items()
        if (root / path).is_file()
    }
    entry = syllabus.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + _filled(ENTRY, name)
    _write_all({**new, syllabus: entry, **changed}, root)
    catalogs.load.cache_clear()
    return [*new, syllabus, *changed]


def _check_name(name: str, root: Path) -> None:
    if not NAME.fullmatch(name):
        raise ScaffoldProblem("new_name", name=name or "''")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ScaffoldProblem("new_keyword", name=name)
    catalog = catalogs.load(root)
    if name in catalog.names:
        raise ScaffoldProblem("new_known", name=name)
    for function in catalog.functions.values():
        if function.name in (name, f"{name}_step"):
            raise ScaffoldProblem("new_function", name=function.name, exercise=function.exercise)
    if name in RESERVED or _is_module(name):
        raise ScaffoldProblem("new_module", name=name)


def _is_module(name: str) -> bool:
    """Whether a module of that name can be imported, by itself or from torch (torch.nn)."""
    torch = importlib.util.find_spec("torch")
    folders = list(torch.submodule_search_locations or []) if torch else []
    inside = {module.name for module in pkgutil.iter_modules(folders)}
    return name in inside or importlib.util.find_spec(name) is not None


def _new_files(name: str) -> dict[str, str]:
    """The new files' texts, by their paths in the kit."""
    solution = _filled(SOLUTION, name)
    return {
        f"solutions/{name}.py": solution,
        f"exercises/{name}.py": stub_source(solution),
        f"tests/checks/check_{name}.py": _filled(CHECKS, name),
        f"tests/checks/check_{name}.toml": _filled(CHECK_ROWS, name),
        f"grader/misconceptions/{name}.py": _filled(WRONG, name) + _wrong_versions(),
        f"tests/kit/styles/{STYLE}/{name}.py": _filled(OTHER, name),
        f"docs/{name}.md": _filled(PAGE, name),
        f"docs/{name}.zh.md": _filled(PAGE_ZH, name),
        f"docs/figures/{name}.svg": FIGURE,
    }


def _filled(template: str, name: str) -> str:
    return Template(template.lstrip("\n")).substitute(name=name, title=name.replace("_", " "))


def _wrong_versions() -> str:
    return "".join(
        f'\n\n@step(\n    en="{en}",\n    zh="{zh}",\n    hint_en="{hint_en}",\n'
        f'    hint_zh="{hint_zh}",\n)\ndef {mistake}(X, H, W_x, W_h, b):\n    {body}\n'
        for mistake, body, en, zh, hint_en, hint_zh in MISTAKES
    )


def _with_row(path: Path, row: str) -> str:
    """A page with a row at the end of its last table."""
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [number for number, line in enumerate(lines) if line.startswith("|")]
    lines.insert(rows[-1] + 1 if rows else len(lines), row.rstrip("\n"))
    return "\n".join(lines)


def _write_all(texts: dict[Path, str], root: Path) -> None:
    """Writes all files or, if that fails, none: first to one side, then each moved to its place."""
    draft = Path(tempfile.mkdtemp(dir=root, prefix=".new-"))
    old = {path: path.read_bytes() for path in texts if path.exists()}
    folders = [path.parent for path in texts if not path.parent.exists()]
    try:
        for number, text in enumerate(texts.values()):
            (draft / str(number)).write_text(text, encoding="utf-8", newline="\n")
        for number, path in enumerate(texts):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(draft / str(number), path)
    except BaseException:
        for path in texts:
            if path in old:
                path.write_bytes(old[path])
            else:
                path.unlink(missing_ok=True)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
