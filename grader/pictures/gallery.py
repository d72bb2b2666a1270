"""All pictures of a report, in the syllabus's order: each drawn, or a sentence that says why not.

Bounded in time: a picture asks nobody any more after ``PICTURE_S`` seconds, the gallery begins no
other after ``ALL_S``, and one call takes at most what ``asking.ALLOWANCE`` says. Whatever goes
wrong with a picture, also on our own side, is that picture's sentence: the report is written all
the same.
"""

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader import catalog as catalogs
from grader.checking.session import Engine, Graded
from grader.pictures import gates, learning, norms, weights
from grader.pictures.asking import Asker, Budget, Sentence, Unavailable
from grader.pictures.draw import Artist
from grader.submission import Submission

PICTURE_S, ALL_S = 10.0, 60.0
TRAINED = ("rnn", "gru", "lstm")


@dataclasses.dataclass(frozen=True)
class Piece:
    """One drawing within a picture: what it shows, and the SVG; without one, the reason."""

    head: Sentence
    svg: str = ""
    why: Sentence | None = None


@dataclasses.dataclass(frozen=True)
class Row:
    """Drawings that stand side by side: a gate's sign and function, and what there is to see."""

    sign: str
    function: str
    pieces: tuple[Piece, ...]
    said: Sentence | None = None


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture of an exercise.

    Attributes:
        kind: "gates", "weights", "curve", "norms" or "timing".
        functions: which of the submission's functions it shows.
        rows: the drawings; none if it can't be had.
        says: what there is to see, in words, for those who can't.
        numbers: the figures behind a diagram: a heading for each column, and the rows.
        why: why it can't be had.
        scale: what the colours of its heat maps mean.
    """

    kind: str
    exercise: str
    functions: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    says: tuple[Sentence, ...] = ()
    numbers: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]] | None = None
    why: Sentence | None = None
    scale: tuple[Piece, ...] = ()


class Gallery:
    """Draws the pictures of one run.

    Args:
        engine: still open after the run.
        submission, reference: both sides, opened anew and closed by the caller.
        progress: told each picture's exercise and kind before it is tried.
    """

    def __init__(
        self,
        graded: Graded,
        submission: Submission,
        reference: Submission,
        artist: Artist,
        progress: Callable[[str, str], None] = lambda exercise, kind: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.graded, self.artist, self.progress, self.now = graded, artist, progress, now
        self.end = now() + ALL_S
        budget = Budget(ALL_S, now)
        self.theirs = Asker(submission, graded.outcomes, budget)
        self.reference = Asker(reference, None, budget)

    def pictures(self) -> list[Picture]:
        """All that there can be for the exercises of the run."""
        found = []
        for exercise in self.graded.catalog.names:
            if exercise in self.graded.wanted and not untouched(self.graded, exercise):
                for kind, functions, draw in self._plan(exercise):
                    found.append(self._picture(kind, exercise, functions, draw))
        return found

    def _picture(
        self,
        kind: str,
        exercise: str,
        functions: tuple[str, ...],
        draw: Callable[[str], Mapping],
    ) -> Picture:
        empty = Picture(kind, exercise, functions)
        self.progress(exercise, kind)
        left = self.end - self.now()
        if left <= 0:
            return dataclasses.replace(empty, why=Sentence("html.no_time"))
        self.theirs.budget = self.reference.budget = Budget(min(PICTURE_S, left), self.now)
        try:
            return dataclasses.replace(empty, **draw(exercise))
        except Unavailable as reason:
            return dataclasses.replace(empty, why=reason.sentence)
        except Exception as error:  # a picture is no reason to lose the report
            fields = {"error": type(error).__name__}
            return dataclasses.replace(empty, why=Sentence("html.no_drawing", fields))

    def _plan(self, exercise: str) -> list[tuple[str, tuple[str, ...], Callable]]:
        """The kinds of picture that an exercise has, what they show, and how they are made."""
        plan: list[tuple[str, tuple[str, ...], Callable]] = []
        if exercise in ("gru", "lstm"):
            shown = tuple(gate.function for gate in gates.CELLS[exercise].gates)
            plan.append(("gates", shown, self._gates))
        if exercise in weights.ASKED:
            plan.append(("weights", (weights.ASKED[exercise][0],), self._weights))
        if exercise in TRAINED:
            plan.append(("curve", (exercise,), self._cell_curve))
            plan.append(("norms", (exercise,), self._norms))
        if exercise == "training":
            plan.append(("curve", ("train_epoch",), self._training_curve))
        if exercise == "bptt":
            plan.append(("norms", ("state_gradient_norms",), self._norms_by_hand))
        for function in self._timed(exercise):
            plan.append(("timing", (function,), lambda e, f=function: self._times(e, f)))
        return plan

    # the kinds

    def _gates(self, exercise: str) -> dict:
        panels = gates.panels(exercise, self.theirs, self.reference)
        rows = [self._gate(panel) for panel in panels]
        says = (Sentence("html.gates_about", {"units": gates.UNITS, "steps": gates.STEPS}),)
        lows = sorted({panel.gate.low for panel in panels}, reverse=True)
        scale = [
            Piece(Sentence("html.scale_of", {"signs": _signs(panels, low)}),
                  self.artist.scale(low, -low or 1.0))
            for low in lows
        ]  # fmt: skip
        return {"rows": tuple(rows), "says": says, "scale": tuple(scale)}

    def _gate(self, panel: gates.Panel) -> Row:
        low, high = panel.gate.low, -panel.gate.low or 1.0
        theirs = Piece(Sentence("html.yours"), why=panel.why)
        if panel.theirs is not None:
            theirs = Piece(Sentence("html.yours"), self.artist.heat(panel.theirs, low, high))
        heat = self.artist.heat(panel.reference, low, high)
        pieces = [theirs, Piece(Sentence("html.reference"), heat)]
        if panel.theirs is None:
            return Row(panel.gate.sign, panel.gate.function, tuple(pieces))
        largest, step, unit = panel.difference
        fields = {"largest": f"{largest:.2g}", "step": step, "unit": unit}
        if largest > gates.SAME:
            apart = (panel.theirs - panel.reference).abs()
            head = Sentence("html.apart", {"largest": f"{largest:.2g}"})
            pieces.append(Piece(head, self.artist.heat(apart, 0.0, largest, difference=True)))
        said = Sentence(f"html.gate_{'apart' if largest > gates.SAME else 'same'}", fields)
        return Row(panel.gate.sign, panel.gate.function, tuple(pieces), said)

    def _weights(self, exercise: str) -> dict:
        found = weights.weights(exercise, self.theirs)
        fields = {"count": found.count, "mean": f"{found.mean:.2g}", "std": f"{found.std:.3g}"}
        says = [Sentence("html.weights_about", fields)]
        if found.outside:
            says.append(Sentence("html.weights_outside", {"count": found.outside}))
        if found.lost:
            says.append(Sentence("html.weights_lost", {"count": found.lost}))
        return self._one(self.artist.histogram(found), says)

    def _cell_curve(self, exercise: str) -> dict:
        return self._curve(lambda asker: learning.of_their_cell(exercise, asker), "cell", 1)

    def _training_curve(self, exercise: str) -> dict:
        return self._curve(learning.by_their_training, "training", 0)

    def _curve(self, ask: learning.Curve, about: str, first: int) -> dict:
        theirs, right = ask(self.theirs), ask(self.reference)
        fields = {
            "count": len(theirs) - 1 + first,
            "theirs": f"{theirs[-1]:.3g}",
            "reference": f"{right[-1]:.3g}",
        }
        says = [Sentence(f"html.{about}_curve_about", fields)]
        svg = self.artist.curves(theirs, right, "@epoch", "@perplexity", first)
        return {**self._one(svg, says), "numbers": _table("epoch", theirs, right, first)}

    def _norms(self, exercise: str) -> dict:
        theirs = norms.through_network(exercise, self.theirs)
        right = norms.through_network(exercise, self.reference)
        return self._reach(theirs, right, "norms_about")

    def _norms_by_hand(self, exercise: str) -> dict:
        theirs, right = norms.by_hand(self.theirs), norms.by_hand(self.reference)
        return self._reach(theirs, right, "hand_norms_about")

    def _reach(self, theirs: Sequence[float], right: Sequence[float], about: str) -> dict:
        fields = {"steps": len(right), "theirs": f"{theirs[0]:.2g}", "reference": f"{right[0]:.2g}"}
        svg = self.artist.curves(theirs, right, "@step", "@norm", logarithmic=True)
        numbers = _table("step", theirs, right, 0)
        return {**self._one(svg, [Sentence(f"html.{about}", fields)]), "numbers": numbers}

    def _timed(self, exercise: str) -> list[str]:
        known = (key.partition(".") for key in self.graded.timed)
        return [name for owner, _, name in known if owner == exercise]

    def _times(self, exercise: str, function: str) -> dict:
        pairs = [
            pair
            for pair in self.graded.timed[f"{exercise}.{function}"]
            if all(0 < seconds < 1e6 for seconds in pair)
        ]
        if not pairs:
            raise Unavailable("html.no_pairs")
        middle = [sorted(pair[side] for pair in pairs)[len(pairs) // 2] * 1e3 for side in (0, 1)]
        fields = {
            "count": len(pairs),
            "theirs": f"{middle[0]:.3g}",
            "reference": f"{middle[1]:.3g}",
            "ratio": f"{middle[0] / middle[1]:.2g}",
        }
        return self._one(self.artist.times(pairs), [Sentence("html.times_about", fields)])

    def _one(self, svg: str, says: list[Sentence]) -> dict:
        row = Row("", "", (Piece(Sentence("html.yours"), svg),))
        return {"rows": (row,), "says": tuple(says)}


def untouched(graded: Graded, exercise: str) -> bool:
    """Whether nothing of an exercise is written yet."""
    return all(
        outcome.status == "not_started"
        for outcome in graded.outcomes.values()
        if outcome.check.exercise == exercise
    )


def _signs(panels: list[gates.Panel], low: float) -> str:
    return ", ".join(panel.gate.sign for panel in panels if panel.gate.low == low)


def _table(
    across: str, theirs: Sequence[float], right: Sequence[float], first: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    rows = tuple(
        (str(index), f"{left:.4g}", f"{other:.4g}")
        for index, (left, other) in enumerate(zip(theirs, right, strict=True), first)
    )
    return (across, "yours", "reference"), rows


def draw(
    engine: Engine,
    graded: Graded,
    folder: str,
    artist: Artist,
    progress: Callable[[str, str], None] = lambda exercise, kind: None,
) -> list[Picture]:
    """The pictures of a run that has just ended.

    Args:
        engine: the one that graded, still open.
        folder: the submission.
    """
    submission = engine.open(Path(folder), 0, graded.catalog)
    reference = engine.open(catalogs.ROOT / "solutions", 0, graded.catalog)
    try:
        return Gallery(graded, submission, reference, artist, progress).pictures()
    finally:
        submission.close()
        reference.close()
