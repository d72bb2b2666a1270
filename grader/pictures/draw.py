"""The figures themselves, drawn with matplotlib, small enough to be read on a phone.

Two colours (of Okabe and Ito's, lightened until they stand out on white and on black alike) tell
the submission from the reference, and so do line and mark. Everything else has the page's own text
colour.
"""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from grader.pictures.svg import Words, inline
from grader.pictures.weights import STD, Weights, normal_density

THEIRS, REFERENCE = "#dc6a1b", "#3a86d1"
LEVELS = 24  # of a heat map's colours
SIZE = (3.7, 2.15)  # inches of a diagram
CELL = (3.0, 0.98)  # of a heat map
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST = 1e-18  # below it a logarithm has nothing to show
STYLE: Any = {
    "svg.hashsalt": "gatecheck",
    "svg.fonttype": "none",  # text stays text
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "axes.unicode_minus": True,
    "path.simplify": False,
}


class Artist:
    """Draws pictures whose words are written in both languages.

    Args:
        words: what marks like "@epoch" stand for, by language.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self._count = 0

    def _inline(self, figure: Figure) -> str:
        self._count += 1
        return inline(figure, f"p{self._count}", self.words)

    def heat(self, values: torch.Tensor, low: float, high: float, difference: bool = False) -> str:
        """One quantity over time: units down, steps across.

        Args:
            values: (units, steps).
            difference: whether the values are differences, which have another scale.
        """
        units, steps = values.shape
        colours = _colours(low, difference)
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=CELL, layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02))
            axes = figure.subplots()
            for level, path in _cells(values, low, high):
                patch = PathPatch(path, facecolor=colours[level], linewidth=0, edgecolor="none")
                axes.add_patch(patch)
            axes.set(xlim=(0.5, steps + 0.5), ylim=(units + 0.5, 0.5))
            axes.set(xticks=[1, *range(6, steps + 1, 6)], yticks=[1, units])
            axes.tick_params(length=2, labelsize=8)
            axes.spines[:].set_visible(False)
            return self._inline(figure)

    def scale(self, low: float, high: float, difference: bool = False) -> str:
        """The colours of a heat map beside their numbers."""
        colours = _colours(low, difference)
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=(CELL[0], 0.34), layout="constrained")
            axes = figure.subplots()
            width = (high - low) / LEVELS
            for level, colour in enumerate(colours):
                left = low + level * width
                axes.add_patch(Rectangle((left, 0), width, 1, facecolor=colour, linewidth=0))
            ticks = [low, high] if high < 1e-2 else [low, (low + high) / 2, high]
            axes.set(xlim=(low, high), ylim=(0, 1), xticks=ticks, yticks=[])
            axes.set_xticklabels([f"{tick:.2g}".replace("-", "−") for tick in ticks])
            axes.tick_params(length=2, labelsize=8)
            axes.spines[:].set_visible(False)
            return self._inline(figure)

    def histogram(self, found: Weights) -> str:
        """First weights, and the density that they should have."""
        with mpl.rc_context(STYLE):
            figure, axes = _diagram("@value", "@density")
            left, right = found.edges[0], found.edges[-1]
            width = found.edges[1] - left
            axes.bar(found.edges[:-1], found.density, width, align="edge", color=THEIRS,
                     alpha=0.75, linewidth=0)  # fmt: skip
            wide = max(right, STD)
            points = [left + (right - left) * i / 200 for i in range(201)]
            axes.plot(points, [normal_density(x) for x in points], color=REFERENCE, linewidth=2)
            axes.set_xlim(-wide, wide)
            axes.locator_params(axis="x", nbins=5)
            axes.locator_params(axis="y", nbins=4)
            return self._inline(figure)

    def curves(
        self,
        theirs: Sequence[float],
        reference: Sequence[float],
        across: str,
        up: str,
        first: int = 0,
        logarithmic: bool = False,
    ) -> str:
        """Two lines over steps that are counted from ``first``."""
        with mpl.rc_context(STYLE):
            figure, axes = _diagram(across, up)
            if logarithmic:
                theirs = [max(value, SMALLEST) for value in theirs]
                reference = [max(value, SMALLEST) for value in reference]
                _decades(axes, [*theirs, *reference])
            steps = range(first, first + len(reference))
            axes.plot(steps, reference, color=REFERENCE, linewidth=4.5, alpha=0.75,
                      solid_capstyle="round")  # fmt: skip
            axes.plot(steps, theirs, color=THEIRS, linewidth=1.4, marker="o", markersize=2.6)
            axes.locator_params(axis="x", integer=True, nbins=7)
            if not logarithmic:
                axes.set_ylim(bottom=0)
                axes.locator_params(axis="y", nbins=5)
            return self._inline(figure)

    def times(self, pairs: Sequence[tuple[float, float]]) -> str:
        """Every time that was taken, as a dot, and the medians as lines."""
        with mpl.rc_context(STYLE):
            figure, axes = _diagram("@milliseconds", "")
            rows = ((1, THEIRS, 0, "o"), (0, REFERENCE, 1, "s"))
            for height, colour, side, mark in rows:
                values = [pair[side] * 1e3 for pair in pairs]
                # spread evenly, in the order of the pairs, so that equal times stay apart
                spread = [height + 0.5 * (index / max(len(values) - 1, 1) - 0.5)
                          for index in range(len(values))]  # fmt: skip
                axes.plot(values, spread, mark, color=colour, markersize=4, alpha=0.7,
                          markeredgewidth=0)  # fmt: skip
                middle = sorted(values)[len(values) // 2]
                axes.plot(
                    [middle, middle], [height - 0.36, height + 0.36], color=colour, linewidth=2
                )
            axes.set(ylim=(-0.55, 1.55), yticks=[0, 1])
            axes.set_yticklabels(["@reference", "@yours"])
            axes.set_xlim(left=0)
            axes.locator_params(axis="x", nbins=5)
            return self._inline(figure)


def _diagram(across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.grid(True, alpha=0.22, color="black", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set(xlabel=across, ylabel=up)
    return figure, axes


def _decades(axes: Axes, values: list[float]) -> None:
    """A logarithmic axis that spans at least two powers of ten, and names at most five."""
    low, high = (math.log10(edge) for edge in (min(values), max(values)))
    first = min(math.floor(low), math.ceil(high) - 2)
    last = max(math.ceil(high), first + 2)
    step = -(-(last - first) // 4)
    powers = range(last, first - 1, -step)
    axes.set_yscale("log")
    axes.set_ylim(10.0 ** min(first, powers[-1]), 10.0**last * 1.4)
    axes.set_yticks([10.0**power for power in powers])
    axes.set_yticklabels([f"10{str(power).translate(_RAISED)}" for power in powers])
    axes.minorticks_off()


def _colours(low: float, difference: bool) -> list[str]:
    """Dark to light from 0 to 1; two colours that meet in the middle where there is a sign."""
    name = "magma" if difference else "cividis" if low >= 0 else "PuOr"
    return [to_hex(colormaps[name]((i + 0.5) / LEVELS)) for i in range(LEVELS)]


def _cells(values: torch.Tensor, low: float, high: float) -> list[tuple[int, Path]]:
    """For each level of colour its cells, as one path; runs of a row are one rectangle."""
    share = (values.double() - low) / max(high - low, math.ulp(1.0))
    levels = (share * LEVELS).long().clamp(0, LEVELS - 1).tolist()
    boxes: dict[int, list[Path]] = {}
    for unit, row in enumerate(levels, 1):
        start = 0
        for end in range(1, len(row) + 1):
            if end == len(row) or row[end] != row[start]:
                corners = [(start + 0.5, unit - 0.5), (end + 0.5, unit - 0.5),
                           (end + 0.5, unit + 0.5), (start + 0.5, unit + 0.5)]  # fmt: skip
                boxes.setdefault(row[start], []).append(Path([*corners, corners[0]], closed=True))
                start = end
    return [(level, Path.make_compound_path(*paths)) for level, paths in sorted(boxes.items())]
