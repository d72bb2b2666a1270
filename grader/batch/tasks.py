"""One submission as data, and grading it: the same bytes in any process, on any machine.

A task carries the submission's files, so that whoever grades needs the kit and nothing shared. What
comes back is the report as JSON without what differs from run to run: durations are 0 in it, and
the folder is called as students call theirs, so that its commands are theirs to type.
"""

import dataclasses
import hashlib
import importlib.metadata
import json
import platform
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader import __version__
from grader import catalog as catalogs

if TYPE_CHECKING:  # the first process of a batch needs neither torch nor pytest
    from grader.checking.session import Engine
    from grader.report.model import Report

FOLDER = "exercises"  # of the submission in messages: places and commands as students type them
DRAWING = ("torch", "numpy", "hypothesis")  # their versions decide which inputs are tried
DECIDING = ("grader", "tests/checks", "solutions", "data", "exercises/syllabus.toml", "edition")
SUFFIXES = (".py", ".toml", ".txt", ".msgpack")
BESIDE = (  # parts of the grader that no report depends on
    *("audit", "autograder", "batch", "ci", "commands", "formats", "pictures", "release"),
    *("webpage", "cli.py", "arguments.py", "delivery.py", "demo.py", "demo_nets.py"),
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What every submission of a batch is graded with.

    Attributes:
        exercises: in the syllabus's order.
        hints: how much help messages give (``grader/report/hints.py``).
        language: of messages.
        timing: look at clocks, too; reports may then differ from run to run.
    """

    exercises: tuple[str, ...]
    seed: int
    hints: int = 2
    language: str = "en"
    timing: bool = False
    device: str = "cpu"

    def to_json(self) -> str:
        """The same text for the same options."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


@dataclasses.dataclass(frozen=True)
class Task:
    """One grading. ``exercises`` are those of the options, or some of them."""

    student: str
    files: Mapping[str, bytes] = dataclasses.field(repr=False)
    exercises: tuple[str, ...]
    options: Options


def files_of(folder: Path) -> dict[str, bytes]:
    """The content of every file of a flat folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def source_hash(files: Mapping[str, bytes]) -> str:
    """A hash of a submission's files: their names and contents."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(_chunk(name.encode()) + _chunk(files[name]))
    return digest.hexdigest()


def checks_hash(options: Options, root: Path = catalogs.ROOT) -> str:
    """A hash of all else that a report depends on: options, versions, checks and grader."""
    digest = hashlib.sha256()
    versions = [__version__, platform.python_version()]
    versions += [importlib.metadata.version(name) for name in DRAWING]
    digest.update(_chunk(options.to_json().encode()) + _chunk(" ".join(versions).encode()))
    for path in sorted(_deciding(root)):
        digest.update(_chunk(path.relative_to(root).as_posix().encode()))
        digest.update(_chunk(path.read_bytes()))
    return digest.hexdigest()


def key_of(source: str, checks: str) -> str:
    """A hash of all that a report depends on."""
    return hashlib.sha256(f"{source} {checks}".encode()).hexdigest()


def _chunk(content: bytes) -> bytes:
    """With its length in front, so that no two lists of chunks look the same."""
    return f"{len(content)}:".encode() + content


def _deciding(root: Path) -> Iterable[Path]:
    package = root / "grader"
    for name in DECIDING:
        path = root / name
        for file in path.rglob("*") if path.is_dir() else [path]:
            inner = file.relative_to(package).parts[0] if package in file.parents else ""
            if file.suffix in SUFFIXES and inner not in BESIDE and file.is_file():
                yield file
    yield package / "batch" / "tasks.py"


def perform(engine: "Engine", task: Task) -> bytes:
    """Grade a submission: its report as JSON, without durations.

    Nothing of it is imported here; its files go into a temporary folder, and from there into the
    sandbox.
    """
    from grader.locale import Texts
    from grader.report.build import build_report
    from grader.report.hints import help_at
    from grader.report.model import to_json
    from grader.sandbox.devices import describe

    options = task.options
    with tempfile.TemporaryDirectory(prefix="gatecheck-") as name:
        folder = Path(name)
        for file, content in task.files.items():
            (folder / Path(file).name).write_bytes(content)
        graded = engine.grade(
            *(folder, list(task.exercises), options.seed),
            diagnosed=options.hints > 0,
            device=options.device,
            timing=options.timing,
        )
    help_at(graded.outcomes.values(), options.hints)
    texts, device = Texts(options.language), describe(options.device)
    report = build_report(graded, FOLDER, options.seed, device, 0.0, texts)
    for exercise in report.exercises:
        for function in exercise.functions:
            for check in function.checks:
                check.duration_s = 0.0
    return to_json(report)


class Grader:
    """Performs tasks one after the other with one warm engine, in a process of its own.

    Where the kit itself fails, because its sandbox was killed for instance, the task is performed
    once more with a new engine.
    """

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def __call__(self, task: Task) -> bytes:
        """The report; one with a status "fault" only if it came out so twice."""
        from grader.report.model import from_json

        try:
            content = perform(self._warm(), task)
            if "fault" not in from_json(content).statuses:
                return content
        except Exception:  # whatever it was, the second time it is told
            pass
        self.close()
        return perform(self._warm(), task)

    def close(self) -> None:
        """End the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _warm(self) -> "Engine":
        if self._engine is None:
            from grader.checking.session import Engine

            self._engine = Engine()
        return self._engine


def merged(old: "Report", new: "Report") -> "Report":
    """A report with some exercises graded again; both are of the same options."""
    parts = {exercise.name: exercise for exercise in new.exercises}
    exercises = [parts.get(exercise.name, exercise) for exercise in old.exercises]
    score = float(sum(exercise.score for exercise in exercises))
    return msgspec.structs.replace(old, exercises=exercises, score=score)
