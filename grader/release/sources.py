"""The kit's files: all that a course keeps, and those of them that students get.

Both are said by name, so that nothing that happens to lie in the folder is given away: of what is
not named here students get nothing.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

KIT = (
    *("exercises", "solutions", "grader", "tests", "data", "docs", ".ci", ".github"),
    *("README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile"),
    *("constraints.txt", "pyproject.toml", "release.toml", ".gitignore", ".gitlab-ci.yml"),
)
PASSING = ("__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", ".mypy_cache")
STUDENTS = (
    *("exercises", "grader", "tests/checks", "data", "docs"),
    *("README.md", "README.zh.md", "LICENSE", "Makefile", "constraints.txt", "pyproject.toml"),
    *(".gitignore", ".gitlab-ci.yml", ".github/workflows/grade.yml"),
)
KEPT = (  # by the course: right answers, wrong versions a line away from them, teachers' tools
    *("tests/checks/reference_", "tests/checks/audit.toml"),
    *("grader/misconceptions", "grader/audit", "grader/release", "grader/scaffold"),
    *("grader/checking/diagnosis.py", "grader/checking/pairs.py"),
    *("grader/commands/release.py", "grader/commands/gradescope.py"),
    *("grader/doctor", "grader/commands/doctor.py", "docs/operating", "docs/similar"),
    *("grader/demo", "grader/gradient_plot.py", "grader/corpus.py"),
    *("docs/examples", "docs/benchmarks", "docs/figures/benchmarks", "docs/release"),
)
COMMANDS = ("grade", "hint", "watch", "list", "reset", "report", "notebook", "notebooks", "export")
VERBS = (*COMMANDS, "help", "stubs", "clean")


def kit_files(root: Path) -> list[str]:
    """All files of the kit, as paths below ``root`` with slashes, in order."""
    return sorted(path for name in KIT for path in _below(root, root / name))


def _below(root: Path, path: Path) -> Iterator[str]:
    if path.is_dir():
        for inner in path.iterdir():
            if inner.name not in PASSING and inner.suffix not in (".pyc", ".part"):
                yield from _below(root, inner)
    elif path.is_file():
        yield path.relative_to(root).as_posix()


def students_files(files: list[str]) -> list[str]:
    """Those that students get."""
    return [path for path in files if _is(path, STUDENTS) and not _is_kept(path)]


def _is(path: str, names: tuple[str, ...]) -> bool:
    return any(path == name or path.startswith(f"{name}/") for name in names)


def _is_kept(path: str) -> bool:
    drawing = path.startswith("docs/figures/") and not path.endswith(".svg")
    return drawing or path.startswith(KEPT)


def identity(root: Path, files: list[str]) -> str:
    """The id of a release: the same for both editions that are made from the same kit.

    Students' files are left out (``exercises/*.py`` may hold a teacher's trial; stubs come from the
    solutions).
    """
    state = hashlib.sha256()
    for path in files:
        if path.startswith("exercises/") and path.endswith(".py"):
            continue
        content = hashlib.sha256((root / path).read_bytes()).hexdigest()
        state.update(f"{path}\n{content}\n".encode())
    return state.hexdigest()[:16]
