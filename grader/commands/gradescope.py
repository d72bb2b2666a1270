"""``python -m grader gradescope``: the zip file that Gradescope takes as an autograder.

The same kit gives the same bytes: files in order, no times, nothing compressed.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import click

from grader import catalog as catalogs
from grader.arguments import UsageProblem, file_problem, unknown, write_json
from grader.catalog import ROOT, Catalog
from grader.locale import LANGUAGES, Texts, default_language

FILE = "autograder.zip"
SECONDS = 540  # Gradescope ends a run after ten minutes unless it is told otherwise
TEMPLATES = Path(__file__).resolve().parents[1] / "autograder"
KIT = (
    *("grader", "solutions", "tests/checks", "data", "exercises/syllabus.toml"),
    *("pyproject.toml", "LICENSE", "edition.json", "release.toml"),  # the last two in an edition
)
PASSING = ("__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".ruff_cache")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows


def command(texts: Texts) -> click.Command:
    """The command, with its help in one language."""

    def say(name: str) -> str:
        return texts.say(f"gradescope.{name}")

    @click.command(name="gradescope", help=say("help"))
    @click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
    @click.option("--out", metavar="FILE", default=FILE, show_default=True, help=say("help_out"))
    @click.option("--seed", metavar="N", help=say("help_seed"))
    @click.option("--lang", metavar="LANG", help=say("help_lang"))
    @click.option("--no-timing", is_flag=True, help=texts.say("help.no_timing"))
    @click.option("--unsafe", is_flag=True, help=texts.say("help.unsafe"))
    def gradescope(
        exercises: tuple[str, ...],
        out: str,
        seed: str | None,
        lang: str | None,
        no_timing: bool,
        unsafe: bool,
    ) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        options = ["--lang", lang or default_language()]
        options += _seed(seed) + (["--no-timing"] if no_timing else [])
        options += ["--unsafe"] if unsafe else []
        return run(exercises, out, options, texts)

    return gradescope


def _seed(typed: str | None) -> list[str]:
    from grader.arguments import seed_of

    return [] if typed is None else ["--seed", str(seed_of(typed))]


def run(exercises: tuple[str, ...], out: str, options: list[str], texts: Texts) -> int:
    """Write the zip file; the exit code is 0."""
    catalog = catalogs.load()
    for name in exercises:
        if name not in catalog.names:
            raise unknown("exercise", name, catalog.names)
    problem = file_problem(Path(out))
    if problem:
        raise UsageProblem(f"zip_{problem}", path=Path(out).parent if problem == "parent" else out)
    chosen = [name for name in catalog.names if name in exercises]
    points = sum(catalog.exercise(name).points for name in chosen or catalog.names)
    content = archive(settings(catalog, chosen, options, points, texts))
    write_json(out, content)
    from grader.report.cleaning import clean_line

    size = round(len(content) / 1000)
    print(texts.say("gradescope.done", path=clean_line(out, 400), points=points, size=size))
    return 0


def settings(
    catalog: Catalog, chosen: list[str], options: list[str], points: int, texts: Texts
) -> dict[str, Any]:
    """What the zip's ``run_autograder`` goes by."""
    names = ("unfinished", "late", "failed")
    return {
        "exercises": chosen,
        "files": [f"{name}.py" for name in catalog.names],
        "options": options,
        "points": points,
        "seconds": SECONDS,
        "texts": {name: texts.say(f"gradescope.{name}") for name in names},
    }


def archive(chosen: dict[str, Any], root: Path = ROOT) -> bytes:
    """The zip file's bytes."""
    made = json.dumps(chosen, ensure_ascii=False, indent=1, sort_keys=True).encode()
    files = {
        "setup.sh": (TEMPLATES / "setup.sh").read_bytes(),
        "run_autograder": (TEMPLATES / "run_autograder").read_bytes(),
        "requirements.txt": "".join(f"{line}\n" for line in requirements(root)).encode(),
        "constraints.txt": (root / "constraints.txt").read_bytes(),
        "settings.json": made,
    }
    files |= {f"kit/{path}": (root / path).read_bytes() for path in kit_files(root)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, so that the mode counts
            executable = name in ("setup.sh", "run_autograder")
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            target.writestr(entry, files[name])
    return out.getvalue()


def requirements(root: Path = ROOT) -> list[str]:
    """What grading needs, as pip reads it."""
    return list(catalogs.read_toml(root / "pyproject.toml")["project"]["dependencies"])


def kit_files(root: Path = ROOT) -> list[str]:
    """The kit's files that grade, below ``root``."""
    found = []
    for name in KIT:
        path = root / name
        inner = [path] if path.is_file() else path.rglob("*")
        found += [
            file.relative_to(root).as_posix()
            for file in inner
            if file.is_file() and file.suffix != ".pyc" and not set(file.parts) & set(PASSING)
        ]
    return sorted(found)
