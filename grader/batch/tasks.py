"""One submission of a batch as pure data, and grading it: the same in any process, anywhere.

A task carries the submission's files, so that a machine that grades needs the kit and nothing
shared. What comes back is the report as JSON, without what differs from run to run: two gradings
of the same task are the same bytes, whoever handed it in.
"""

import dataclasses
import hashlib
import platform
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from grader import __version__
from grader import catalog as catalogs
from grader.locale import Texts

if TYPE_CHECKING:
    from grader.checking.session import Engine

LABEL = "submission"  # the folder in messages: the same for everybody
CHECKS = ("grader", "tests/checks", "solutions", "data", "exercises/syllabus.toml")
CODE = (".py", ".toml", ".txt", ".msgpack", ".json", ".zip")


@dataclasses.dataclass(frozen=True)
class Options:
    """What all submissions of a batch are graded with."""

    exercises: tuple[str, ...]
    seed: int
    hints: int
    language: str
    timing: bool = False


@dataclasses.dataclass(frozen=True)
class Task:
    """One submission: its files' contents by name."""

    student: str
    files: Mapping[str, bytes]
    options: Options

    @property
    def source(self) -> str:
        """A hash of the files."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"{len(name.encode())} {len(content)} {name}".encode() + content)
        return digest.hexdigest()


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a flat folder that the intake has filled."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def checks_hash(options: Options, root: Path = catalogs.ROOT) -> str:
    """A hash of what decides over verdicts beside the submission: checks, options, versions."""
    import torch

    digest = hashlib.sha256()
    versions = (__version__, torch.__version__, platform.python_version(), platform.machine())
    digest.update(repr((options, versions)).encode())
    for path in sorted(_code(root, CHECKS)):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _code(root: Path, names: Iterable[str]) -> Iterable[Path]:
    for name in names:
        path = root / name
        below = path.rglob("*") if path.is_dir() else [path]
        yield from (p for p in below if p.suffix in CODE and p.is_file())


def key_of(source: str, checks: str) -> str:
    """What a verdict depends on, as one hash."""
    return hashlib.sha256(f"{source} {checks}".encode()).hexdigest()


def perform(engine: "Engine", task: Task) -> bytes:
    """Grade a submission; its report as JSON, without durations.

    The files are written to a folder of their own, which is gone afterwards; the engine confines
    what it runs of them.
    """
    from grader.report.build import build_report
    from grader.report.hints import help_at
    from grader.report.model import to_json
    from grader.sandbox.devices import CPU, describe

    options = task.options
    with tempfile.TemporaryDirectory(prefix="gatecheck-batch-") as name:
        folder = Path(name) / LABEL
        folder.mkdir()
        for file, content in task.files.items():
            (folder / file).write_bytes(content)
        graded = engine.grade(
            folder,
            list(options.exercises),
            options.seed,
            diagnosed=options.hints > 0,
            timing=options.timing,
        )
    help_at(graded.outcomes.values(), options.hints)
    texts = Texts(options.language)
    report = build_report(graded, LABEL, options.seed, describe(CPU), 0.0, texts)
    for exercise in report.exercises:
        for function in exercise.functions:
            for check in function.checks:
                check.duration_s = 0.0
    return to_json(report)


__all__ = ["LABEL", "Options", "Task", "checks_hash", "files_of", "key_of", "perform"]
