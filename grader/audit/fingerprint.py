"""Whether anything that an exercise's audit depends on has changed since it was audited."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader import catalog as catalogs
from grader.arguments import write_json
from grader.audit.model import ExerciseAudit
from grader.misconceptions.inline import homes

SHARED = ("checking", "sandbox", "audit")
FILES = ("submission.py", "exchanges.py", "findings.py", "snapshot.py", "nested.py", "catalog.py")


def fingerprint(exercise: str) -> str:
    """A name for the contents of all files that decide how an exercise's audit comes out."""
    digest = hashlib.sha256()
    for path in sorted(set(_files(catalogs.ROOT, exercise))):
        digest.update(str(path.relative_to(catalogs.ROOT)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files(root: Path, exercise: str) -> Iterator[Path]:
    yield root / "exercises" / "syllabus.toml"
    yield root / "exercises" / f"{exercise}.py"
    yield from (root / "solutions").glob("*.py")
    checks = root / "tests" / "checks"
    yield from checks.glob(f"check_{exercise}.*")
    yield from (p for p in checks.glob("*.*") if p.is_file() and not p.stem.startswith("check_"))
    yield from (root / "tests" / "kit" / "styles").glob(f"*/{exercise}.py")
    wrong = root / "grader" / "misconceptions"
    yield from wrong.glob("*.py")
    functions = [f.name for f in catalogs.load().exercise(exercise).functions]
    for name in {"shared", *homes(exercise, functions)}:
        yield from wrong.glob(f"{name}.py")
        yield from (wrong / name).rglob("*.py")
    for name in SHARED:
        yield from (root / "grader" / name).rglob("*.py")
    yield from (root / "grader" / name for name in FILES)


def kept(folder: Path, exercise: str) -> ExerciseAudit | None:
    """The last audit of an exercise, if nothing has changed since and it found no problem."""
    try:
        audit = msgspec.json.decode(_place(folder, exercise).read_bytes(), type=ExerciseAudit)
    except (OSError, msgspec.MsgspecError):
        return None
    unchanged = audit.fingerprint == fingerprint(exercise)
    return audit if unchanged and not audit.problems else None


def keep(folder: Path, audit: ExerciseAudit) -> None:
    """Remember an exercise's audit."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(str(_place(folder, audit.name)), msgspec.json.encode(audit))


def _place(folder: Path, exercise: str) -> Path:
    return folder / f"{exercise}.json"
