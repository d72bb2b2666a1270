"""One submission of a batch as pure data, and grading it: the same in any process, anywhere.

A task carries the submission's files, so that a machine that grades needs the kit and nothing
shared. What comes back is the report as JSON, without what differs from run to run: two gradings
of the same task are the same bytes, whoever handed it in.
"""

import dataclasses
import hashlib
import importlib.metadata
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
    from grader.findings import Finding

DRAWING = ("torch", "numpy", "hypothesis")  # which inputs are tried depends on their versions
LABEL = "submission"  # the folder in messages: the same for everybody
CHECKS = ("grader", "tests/checks", "solutions", "data", "exercises/syllabus.toml")
DIED = ("died_signal", "load_died_signal", "died_exit", "load_died_exit")
CODE = (".py", ".toml", ".txt", ".msgpack", ".json", ".zip")


@dataclasses.dataclass(frozen=True)
class Options:
    """What all submissions of a batch are graded with."""

    exercises: tuple[str, ...]
    seed: int
    hints: int
    language: str
    timing: bool = False
    device: str = "cpu"
    deadline_s: float = 600.0


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
    digest = hashlib.sha256()
    drawing = (importlib.metadata.version(name) for name in DRAWING)
    versions = (__version__, *drawing, platform.python_version(), platform.machine())
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
    return _performed(engine, task)[0]


def _performed(engine: "Engine", task: Task) -> tuple[bytes, bool]:
    """The report, and whether something from outside may have spoiled it."""
    from grader.device_lock import held, resolved
    from grader.report.build import build_report
    from grader.report.hints import help_at
    from grader.report.model import to_json
    from grader.sandbox.devices import describe

    options, device = task.options, resolved(task.options.device)
    with tempfile.TemporaryDirectory(prefix="gatecheck-") as name:
        folder = Path(name) / LABEL
        folder.mkdir()
        for file, content in task.files.items():
            (folder / file).write_bytes(content)
        with held(device):  # one at a time, whoever else grades on this machine
            graded = engine.grade(
                folder,
                list(options.exercises),
                options.seed,
                diagnosed=options.hints > 0,
                device=device,
                timing=options.timing,
                deadline_s=options.deadline_s,
            )
    is_doubtful = any(_is_doubtful(outcome.finding) for outcome in graded.outcomes.values())
    help_at(graded.outcomes.values(), options.hints)
    texts = Texts(options.language)
    report = build_report(graded, LABEL, options.seed, describe(device), 0.0, texts)
    for exercise in report.exercises:
        for function in exercise.functions:
            for check in function.checks:
                check.duration_s = 0.0
    return to_json(report), is_doubtful


def _is_doubtful(finding: "Finding | None") -> bool:
    """Whether a process was killed that may not have been its own fault: no memory, kill -9."""
    if finding is None:
        return False
    how = finding.fields.get("signal") or finding.fields.get("exit_code")
    return finding.status == "fault" or (finding.code in DIED and how in ("SIGKILL", "?"))


class Grader:
    """Performs one task after the other with a warm engine.

    A report that something from outside may have spoiled is not believed: the task is performed
    once more with a new engine, and then stands. So killed processes of the sandbox change nothing.
    """

    def __init__(self) -> None:
        self._engine = self._new()

    def __call__(self, task: Task) -> bytes:
        """The report."""
        try:
            report, is_doubtful = _performed(self._engine, task)
            if not is_doubtful:
                return report
        except Exception:  # whatever it was: if it comes again, it is told
            pass
        self._engine.close()
        self._engine = self._new()
        return perform(self._engine, task)

    def _new(self) -> "Engine":
        from grader.checking.session import Engine

        return Engine()


__all__ = ["LABEL", "Grader", "Options", "Task", "checks_hash", "files_of", "key_of", "perform"]
