"""Code as people write it, each function alone in its file: what is wrong is named, or nothing is.

``make test`` grades a few; VERIFY_ALL=1 grades them all and counts. See whole_loops/README.md.
"""

import dataclasses
import os
import re
from pathlib import Path

import pytest

from grader import misconceptions
from tests.kit.submissions import not_passed, statuses

HERE = Path(__file__).parent / "whole_loops"
HEAD = (
    "import math\nimport random\n\nimport numpy as np\nimport torch\nfrom torch import nn\n"
    "from torch.nn import functional as F\n\n\n"
)
ALL = os.environ.get("VERIFY_ALL") == "1"
LEAST_NAMED = 0.7


@dataclasses.dataclass(frozen=True)
class Piece:
    """A function of one file, and the names that are right for its mistake."""

    file: str
    number: int
    key: str
    names: tuple[str, ...]
    code: str

    def __str__(self) -> str:
        return f"{self.file}-{self.number}-{self.key}"

    @property
    def texts(self) -> set[str]:
        """What may be said: of a mistake in its own function, and in one that it stands for."""
        exercise, function = self.key.split(".")
        return {
            known.text["en"]
            for known in misconceptions.misconceptions(exercise)
            for name in self.names
            if f"{known.function}.{known.name}" in (name, f"{function}.{name}")
            or (known.name == name and known.function != function)
        }

    def is_named(self, diagnosis) -> bool:
        """Whether a diagnosis is one of the right ones."""
        parts = set(re.split(r"[^\w]+", diagnosis.id))
        return any(text in diagnosis.text["en"] for text in self.texts) or any(
            set(name.split(".")) <= parts for name in self.names
        )


def _pieces(path: Path) -> list[Piece]:
    found = []
    for number, part in enumerate(path.read_text(encoding="utf-8").split("## ")[1:], 1):
        head, code = part.split("\n", 1)
        key, *names = head.split()
        found.append(Piece(path.stem, number, key, tuple(names), code))
    return found


RIGHT = _pieces(HERE / "right.txt")
WRONG = [p for path in sorted(HERE.glob("*.txt")) if path.stem != "right" for p in _pieces(path)]
LOOPS = ("rnn.rnn", "gru.gru", "lstm.lstm", "training.train_epoch")


def _graded(engine, folder: Path, piece: Piece):
    exercise = piece.key.split(".")[0]
    (folder / f"{exercise}.py").write_text(HEAD + piece.code, encoding="utf-8")
    return engine.grade(
        folder,
        [exercise],
        11,
        functions={piece.key},
        shrink=False,
        isolated=False,
        diagnosed=True,
    )


def test_there_are_enough_of_them():
    """At least 73 wrong loops, 60 wrong single functions and 12 right ones."""
    loops = [piece for piece in WRONG if piece.key in LOOPS]
    assert len(loops) >= 73
    assert len(WRONG) - len(loops) >= 60
    assert len(RIGHT) >= 12
    assert all(piece.names and piece.texts for piece in WRONG)


@pytest.mark.parametrize("piece", RIGHT if ALL else RIGHT[::4], ids=str)
def test_right_code_as_people_write_it_has_full_marks(engine, tmp_path, piece):
    """A right function alone in its file loses nothing."""
    assert not_passed(_graded(engine, tmp_path, piece)) == {}


@pytest.mark.parametrize("piece", [] if ALL else WRONG[::19], ids=str)
def test_wrong_code_is_never_given_a_wrong_name(engine, tmp_path, piece):
    """A wrong function alone in its file is failed, and named rightly or not at all."""
    assert _misjudged(engine, tmp_path, piece) is None


@pytest.mark.skipif(not ALL, reason="takes minutes: set VERIFY_ALL=1, as make verify does")
def test_most_wrong_code_is_named(engine, tmp_path):
    """Of all wrong functions at least seven in ten are named, none wrongly."""
    wrong, unnamed = [], []
    for piece in WRONG:
        folder = tmp_path / str(piece)
        folder.mkdir()
        found = _misjudged(engine, folder, piece, unnamed)
        wrong += [found] if found else []
    assert wrong == []
    assert len(unnamed) <= (1 - LEAST_NAMED) * len(WRONG), unnamed


def _misjudged(engine, folder: Path, piece: Piece, unnamed: list[str] | None = None) -> str | None:
    """What is wrong in the verdict about a piece; one that has no name is noted."""
    graded = _graded(engine, folder, piece)
    found = statuses(graded, piece.key)
    waiting = {name for o in graded.outcomes.values() for name in o.blocked_by}
    waiting.discard(piece.key.split(".")[1])  # a clock is not asked about what is wrong
    if not found & {"failed", "error", "timeout"} or "not_started" in found or waiting:
        return f"{piece}: {sorted(found)}, waiting for {sorted(waiting)}"
    named = [
        outcome.finding.diagnosis
        for outcome in graded.outcomes.values()
        if outcome.finding is not None and outcome.finding.diagnosis is not None
    ]
    if not named and unnamed is not None:
        unnamed.append(str(piece))
    others = sorted({each.id for each in named if not piece.is_named(each)})
    return f"{piece}: {others} instead of {piece.names}" if others else None
