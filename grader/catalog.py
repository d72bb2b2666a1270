"""The syllabus and its checks: which exercises, functions and checks there are, in which order,
with points, titles and hints in both languages.

Read from ``exercises/syllabus.toml`` and ``tests/checks/check_<exercise>.toml``; rows of the
standard checks fall back on ``tests/checks/standard.toml``. Nothing here knows a submission.
"""

import dataclasses
import functools
import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
CHECKS = ROOT / "tests" / "checks"
KINDS = [
    "shape",
    "value",
    "property",
    "gradient",
    "statistics",
    "behaviour",
    "training",
    "cost",
    "timing",
    "device",
]
LANGUAGES = ("en", "zh")


class CatalogError(Exception):
    """The teacher's files contradict each other; the message says what to mend."""


@dataclasses.dataclass(frozen=True)
class Check:
    """One row: a check of one function."""

    exercise: str
    function: str
    name: str
    kind: str
    points: int
    title: dict[str, str]
    hint: dict[str, str]

    @property
    def id(self) -> str:
        """Its name in reports: exercise.function.check."""
        return f"{self.exercise}.{self.function}.{self.name}"


@dataclasses.dataclass(frozen=True)
class Function:
    """One function of an exercise, the functions that it naturally calls, and its checks."""

    exercise: str
    name: str
    needs: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def key(self) -> str:
        """exercise.function."""
        return f"{self.exercise}.{self.name}"

    @property
    def points(self) -> int:
        """The most that it can earn."""
        return sum(check.points for check in self.checks)


@dataclasses.dataclass(frozen=True)
class Exercise:
    """One exercise file of the syllabus; ``by_hand`` ones do without autograd."""

    name: str
    title: dict[str, str]
    after: tuple[str, ...]
    functions: tuple[Function, ...]
    by_hand: bool = False

    @property
    def points(self) -> int:
        """The most that it can earn."""
        return sum(function.points for function in self.functions)


@dataclasses.dataclass(frozen=True)
class Catalog:
    """All exercises, in the syllabus's order."""

    exercises: tuple[Exercise, ...]

    def exercise(self, name: str) -> Exercise:
        """The exercise called ``name``.

        Raises:
            KeyError: if there is none.
        """
        return {exercise.name: exercise for exercise in self.exercises}[name]

    @property
    def names(self) -> list[str]:
        """The exercises' names, in order."""
        return [exercise.name for exercise in self.exercises]

    @property
    def functions(self) -> dict[str, Function]:
        """Every function by its key."""
        return {f.key: f for exercise in self.exercises for f in exercise.functions}

    def needed(self, names: list[str]) -> list[str]:
        """``names`` and the exercises that their functions need, directly or not, in order."""
        wanted, queue = set(names), list(names)
        while queue:
            for function in self.exercise(queue.pop()).functions:
                for need in function.needs:
                    other = need.split(".")[0]
                    if other not in wanted:
                        wanted.add(other)
                        queue.append(other)
        return [name for name in self.names if name in wanted]

    def check_of(self, exercise: str, item: str, subject: str | None) -> Check | None:
        """The row that belongs to a pytest item: its function's name, and its subject's, if any."""
        name = item.removeprefix("check_")
        for function in self.exercise(exercise).functions:
            for check in function.checks:
                if name == f"{function.name}_{check.name}" and subject is None:
                    return check
                if name == check.name and subject == function.name:
                    return check
        return None


@functools.cache
def load(root: Path = ROOT) -> Catalog:
    """The catalog of the kit, or of another folder laid out like it.

    Raises:
        CatalogError: if a row is incomplete.
    """
    syllabus = read_toml(root / "exercises" / "syllabus.toml")
    standard = read_toml(root / "tests" / "checks" / "standard.toml")
    exercises = [_exercise(root, entry, standard) for entry in syllabus["exercise"]]
    return Catalog(tuple(exercises))


def read_toml(path: Path) -> dict[str, Any]:
    """A teacher's file.

    Raises:
        CatalogError: if it is missing, or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogError(f"{path.name} is missing: every exercise needs one") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path.name} is no TOML: {error}") from None


def _exercise(root: Path, entry: dict[str, Any], standard: dict[str, Any]) -> Exercise:
    name = entry["name"]
    rows = read_toml(root / "tests" / "checks" / f"check_{name}.toml")
    needs = entry.get("needs", {})
    functions = []
    for function in entry["functions"]:
        wanted = [n if "." in n else f"{name}.{n}" for n in needs.get(function, [])]
        checks = [
            _check(name, function, check, row, standard.get(check, {}))
            for check, row in rows.get(function, {}).items()
        ]
        functions.append(Function(name, function, tuple(wanted), tuple(checks)))
    unknown = set(rows) - set(entry["functions"])
    if unknown:
        raise CatalogError(f"check_{name}.toml has rows for unknown functions: {sorted(unknown)}")
    after = tuple(entry.get("after", ()))
    by_hand = entry.get("by_hand", False)
    return Exercise(name, entry["title"], after, tuple(functions), by_hand)


def _check(
    exercise: str, function: str, name: str, row: dict[str, Any], defaults: dict[str, Any]
) -> Check:
    merged = {**defaults, **row}
    where = f"check_{exercise}.toml: [{function}.{name}]"
    for field in ("kind", "points", "title", "hint"):
        if field not in merged:
            raise CatalogError(f"{where} has no {field}")
    if merged["kind"] not in KINDS:
        raise CatalogError(f"{where}: kind is one of {', '.join(KINDS)}")
    texts = (merged["title"], merged["hint"])
    if not all(text.get(language) for text in texts for language in LANGUAGES):
        raise CatalogError(f"{where}: title and hint need both languages, en and zh")
    points = merged["points"]
    if not isinstance(points, int) or points < 1:
        raise CatalogError(f"{where}: points is a whole number of at least 1")
    return Check(exercise, function, name, merged["kind"], points, *texts)
