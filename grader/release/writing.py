"""Writing an edition: into a folder beside the one asked for, which takes its place when whole."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader import catalog as catalogs
from grader import edition as editions
from grader.arguments import UsageProblem
from grader.catalog import Catalog
from grader.edition import Edition
from grader.locale import Texts
from grader.release import manifest, pages
from grader.release.settings import Settings, settings
from grader.release.sources import identity, kit_files, students_files
from grader.stubs import stub_source

README = {"README.md": "en", "README.zh.md": "zh"}


def check_target(target: Path, root: Path) -> None:
    """Whether an edition can be written there.

    Raises:
        UsageProblem: if not, with what to do.
    """
    place = Path(os.path.realpath(target))
    kit = Path(os.path.realpath(root))
    if place == kit or kit in place.parents:
        raise UsageProblem("release_inside", path=target)
    if target.is_dir() and not os.access(target, os.R_OK | os.X_OK):
        raise UsageProblem("release_unwritable", path=target)
    if os.path.lexists(target) and not target.is_dir():
        raise UsageProblem("release_file", path=target)
    if target.is_symlink() or (target.is_dir() and any(target.iterdir())):
        raise UsageProblem("release_not_empty", path=target)
    if not place.parent.is_dir():
        raise UsageProblem("release_parent", path=target.parent)
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise UsageProblem("release_unwritable", path=target.parent)


def write_student(target: Path, root: Path = catalogs.ROOT) -> Edition:
    """Write what students get; returns what it is.

    Raises:
        UsageProblem: if the kit can't be released as it is.
    """
    from grader.release.answering import recorded

    catalog, chosen, files = _prepared(root)
    found = _edition(root, files, catalog, chosen, editions.STUDENT)
    present = set(students_files(files))
    with _whole(target) as folder:
        for path in sorted(present):
            content = _students(root, path, chosen, present)
            if path in README:
                content = _introduced(content.decode(), found, catalog, README[path]).encode()
            _put(folder, path, content)
        for name, stub in _stubs(root, catalog).items():
            _put(folder, f"exercises/{name}.py", stub)
            _put(folder, (editions.UNTOUCHED / f"{name}.py").as_posix(), stub)
        right, wrong = recorded(catalog, chosen.seeds, root)
        _put(folder, editions.ANSWERS.as_posix(), right)
        _put(folder, editions.MISTAKES.as_posix(), wrong)
        _finish(folder, found)
        _count_again(folder, catalog, found)
    return found


def write_server(target: Path, root: Path = catalogs.ROOT) -> Edition:
    """Write what the course keeps; returns what it is.

    Raises:
        UsageProblem: if the kit can't be released as it is.
    """
    catalog, chosen, files = _prepared(root)
    found = _edition(root, files, catalog, chosen, editions.SERVER)
    with _whole(target) as folder:
        for path in files:
            _put(folder, path, (root / path).read_bytes(), os.access(root / path, os.X_OK))
        for name, stub in _stubs(root, catalog).items():
            _put(folder, f"exercises/{name}.py", stub)
        _finish(folder, found)
    return found


def _prepared(root: Path) -> tuple[Catalog, Settings, list[str]]:
    catalog = catalogs.load(root)
    return catalog, settings(root, catalog), kit_files(root)


def _edition(
    root: Path, files: list[str], catalog: Catalog, chosen: Settings, kind: str
) -> Edition:
    import torch

    from grader.checking.answers import probe

    elsewhere = {
        exercise.name: sum(
            check.points
            for function in exercise.functions
            for check in function.checks
            if check.id in chosen.hidden
        )
        for exercise in catalog.exercises
    }
    student = kind == editions.STUDENT
    return Edition(
        kind=kind,
        id=identity(root, files),
        seeds=chosen.seeds if student else (chosen.server_seed,),
        elsewhere=elsewhere if student else {},
        torch=torch.__version__.partition("+")[0],
        probe=probe(),
    )


def _students(root: Path, path: str, chosen: Settings, present: set[str]) -> bytes:
    """A file as students get it."""
    content = (root / path).read_bytes()
    if path == "Makefile":
        return pages.makefile(content.decode()).encode()
    if path.endswith(".md"):
        return pages.page(content.decode(), path, present).encode()
    stem = Path(path).stem.removeprefix("check_")
    if path.startswith("tests/checks/check_") and path.endswith(".toml"):
        return pages.rows(content.decode(), stem, chosen.hidden).encode()
    if path.startswith("tests/checks/") and path.endswith(".py"):
        return pages.checks(content.decode(), path, stem, chosen.hidden).encode()
    return content


def _introduced(text: str, found: Edition, catalog: Catalog, language: str) -> str:
    """The README with a paragraph on the edition after its first."""
    everything = sum(exercise.points for exercise in catalog.exercises)
    elsewhere = sum(found.elsewhere.values())
    fields = {"id": found.id, "points": everything - elsewhere, "all": everything}
    note = Texts(language).say("release.readme", **fields, elsewhere=elsewhere)
    head, first, rest = text.split("\n\n", 2)
    return "\n\n".join([head, first, note, rest])


def _stubs(root: Path, catalog: Catalog) -> dict[str, bytes]:
    solutions = root / "solutions"
    return {
        name: stub_source((solutions / f"{name}.py").read_text(encoding="utf-8")).encode()
        for name in catalog.names
    }


def _finish(folder: Path, found: Edition) -> None:
    _put(folder, f"exercises/{editions.MARK}", f"{found.id}\n".encode())
    _put(folder, editions.FILE, found.to_json())
    manifest.write(folder, found.kind, found.id)


def _count_again(folder: Path, catalog: Catalog, found: Edition) -> None:
    """The points that are left and those that are not add up."""
    left = {exercise.name: exercise.points for exercise in catalogs.load(folder).exercises}
    for exercise in catalog.exercises:
        if left[exercise.name] + found.elsewhere[exercise.name] != exercise.points:
            raise UsageProblem("release_rows", path=f"tests/checks/check_{exercise.name}.toml")


def _put(folder: Path, path: str, content: bytes, executable: bool = False) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    place.chmod(0o755 if executable else 0o644)


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A folder that becomes ``target`` at the end, or nothing at all."""
    place = Path(os.path.abspath(target))
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    except OSError:
        raise UsageProblem("release_unwritable", path=target.parent) from None
    try:
        yield draft
        draft.chmod(0o755)
        try:
            os.replace(draft, place)  # an empty folder gives way
        except OSError as error:
            raise UsageProblem("release_taken", path=target, text=error.strerror) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
