"""The common look of the figures: palette, canvas, boxes and arrows, and a reproducible SVG file.

The figures carry symbols only, no words, since the English and the Chinese pages show the same
files. The colours are Okabe and Ito's (2008), which readers with any colour vision can tell apart;
the background is white, so that a dark page does not swallow the black strokes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

INK = "#222222"
GREY = "#8a8a8a"
PALE = "#f2f2f2"
WHITE = "#ffffff"
BLUE = "#0072b2"
ORANGE = "#e69f00"
GREEN = "#009e73"
RED = "#d55e00"
PURPLE = "#cc79a7"
SKY = "#56b4e9"
PALETTE = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)

_RC = {
    "svg.hashsalt": "gatecheck",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "path.simplify": False,
}


def figure(width: float = 6.4, height: float = 3.2) -> Figure:
    """An empty figure of `width` x `height` inches, made without pyplot and its global state."""
    drawn = Figure(figsize=(width, height), facecolor=WHITE, layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def diagram(drawn: Figure, width: float = 10.0, height: float = 5.0) -> Axes:
    """Axes for a diagram: no frame, no ticks, equal scales, x in [0, width], y in [0, height]."""
    ax = drawn.add_subplot()
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return ax


def chart(drawn: Figure, *position: int) -> Axes:
    """Axes for curves: left and bottom spine only, small ticks; `position` as in add_subplot."""
    ax = drawn.add_subplot(*position)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8, colors=INK)
    return ax


def tint(colour: str, share: float = 0.25) -> tuple[float, float, float]:
    """`colour` mixed with white; `share` in [0, 1] is how much of the colour is left."""
    red, green, blue = mpl.colors.to_rgb(colour)
    return tuple(1 - share * (1 - part) for part in (red, green, blue))


def box(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    width: float = 1.0,
    height: float = 0.7,
    colour: str = BLUE,
    size: float = 11.0,
    **patch: Any,
) -> None:
    """A rounded box centred at (x, y), edge in `colour`, filled with its tint, `text` inside."""
    look = {"facecolor": tint(colour), "edgecolor": colour, "linewidth": 1.4, "zorder": 3, **patch}
    corner = (x - width / 2, y - height / 2)
    shape = "round,pad=0,rounding_size=0.12"
    ax.add_patch(FancyBboxPatch(corner, width, height, boxstyle=shape, **look))
    label(ax, x, y, text, size=size, zorder=look["zorder"] + 1)


def node(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    radius: float = 0.26,
    colour: str = INK,
    size: float = 11.0,
) -> None:
    """A small circle centred at (x, y) that holds an operator: ⊙, +, σ."""
    look = {"facecolor": WHITE, "edgecolor": colour, "linewidth": 1.3, "zorder": 4}
    ax.add_patch(Circle((x, y), radius, **look))
    label(ax, x, y, text, size=size, zorder=5)


def arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str = INK,
    bend: float = 0.0,
    **patch: Any,
) -> None:
    """An arrow from `start` to `end`; `bend` is the curvature, 0 being a straight line."""
    look = {"linewidth": 1.3, "mutation_scale": 10, "zorder": 2, "arrowstyle": "-|>", **patch}
    curve = f"arc3,rad={bend}"
    look = {"connectionstyle": curve, "shrinkA": 0, "shrinkB": 0, **look}
    ax.add_patch(FancyArrowPatch(start, end, color=colour, **look))


def path(
    ax: Axes,
    points: list[tuple[float, float]],
    colour: str = INK,
    head: bool = True,
    **line: Any,
) -> None:
    """A line through `points` with square corners; its last leg ends in an arrow if `head`.

    A white seam on both sides shows that it passes over the lines of a lower `zorder`.
    """
    look = {"linewidth": 1.3, "zorder": 2, "solid_joinstyle": "round", **line}
    seam = {**look, "linewidth": look["linewidth"] + 4, "zorder": look["zorder"] - 0.05}
    ax.plot(*zip(*points, strict=True), color=WHITE, solid_capstyle="butt", **seam)
    if head and len(points) > 1:
        width, order = look["linewidth"], look["zorder"]
        arrow(ax, points[-2], points[-1], colour, linewidth=width, zorder=order)
        points = points[:-1]
    if len(points) > 1:
        ax.plot(*zip(*points, strict=True), color=colour, **look)


def dot(ax: Axes, x: float, y: float, colour: str = INK) -> None:
    """A small disc at (x, y) where a line forks."""
    ax.plot([x], [y], "o", color=colour, markersize=4, zorder=4)


def label(
    ax: Axes, x: float, y: float, text: str, colour: str = INK, size: float = 11.0, **words: Any
) -> None:
    """`text` (mathtext welcome) centred at (x, y), unless `ha` or `va` says otherwise."""
    look = {"ha": "center", "va": "center", "zorder": 6, **words}
    ax.text(x, y, text, color=colour, fontsize=size, **look)


def save(drawn: Figure, target: str | Path) -> None:
    """Write `drawn` as SVG to `target`: the same bytes each time, text as outlines, no date."""
    drawn.savefig(target, format="svg", facecolor=WHITE, metadata={"Date": None})


mpl.rcdefaults()  # a matplotlibrc of one's own must not change the files
mpl.rcParams.update(_RC)
