"""Thirty indices as mini-batches, n = 2 and T = 6: (a) random windows, (b) consecutive rows."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from docs.figures import style

LENGTH, ROWS, STEPS = 30, 2, 6
BATCHES = ((12, 0), (6, 18))  # the starts that one epoch happened to deal out
COLOURS = (style.BLUE, style.ORANGE)


def cells(ax: Axes, x: float, y: float, first: int, count: int, colour: str) -> None:
    """Draw the indices first … first + count − 1 as unit squares from (x, y) to the right."""
    for step in range(count):
        look = {"facecolor": style.tint(colour, 0.3), "edgecolor": colour, "linewidth": 0.8}
        ax.add_patch(Rectangle((x + step, y), 1, 1, zorder=3, **look))
        style.label(ax, x + step + 0.5, y + 0.47, str(first + step), size=6.5)


def shifted(ax: Axes, x: float, y: float) -> None:
    """The dashed frame of the labels Y: the window at (x, y), one position to the right."""
    frame = {"fill": False, "edgecolor": style.RED, "linewidth": 1.3, "linestyle": (0, (3, 2))}
    ax.add_patch(Rectangle((x + 1, y - 0.2), STEPS, 1.4, zorder=5, **frame))


def random_windows(ax: Axes, x: float, y: float) -> None:
    """(a): the corpus cut at the multiples of T, the windows dealt out to batches."""
    style.label(ax, x - 1.6, y + 0.5, "(a)")
    windows = (LENGTH - 1) // STEPS
    cells(ax, x + windows * STEPS, y, windows * STEPS, LENGTH - windows * STEPS, style.GREY)
    for number, (starts, colour) in enumerate(zip(BATCHES, COLOURS, strict=True)):
        left = x + 4 + number * 15
        style.label(ax, left - 1.2, y - 3.5, f"$X_{number + 1}$", colour)
        for row, start in enumerate(starts):
            cells(ax, x + start, y, start, STEPS, colour)
            cells(ax, left, y - 3.5 - row, start, STEPS, colour)
            ends = (x + start + 3, y - 0.25), (left + 1.5 + 3 * (start > starts[1 - row]), y - 2.4)
            style.arrow(ax, *ends, colour=colour, linewidth=1.0, mutation_scale=8)
    shifted(ax, x, y)
    style.label(ax, x + 3.5, y + 1.85, "$Y$", style.RED)
    style.label(ax, x + 0.5, y + 1.6, "$X$", COLOURS[0])


def consecutive_rows(ax: Axes, x: float, y: float) -> None:
    """(b): the corpus laid out as n rows and cut from left to right."""
    style.label(ax, x - 1.6, y + 0.5, "(b)")
    columns = LENGTH // ROWS
    for row in range(ROWS):
        for number, colour in enumerate(COLOURS):
            start, left = row * columns + number * STEPS, x + 4 + number * (STEPS + 2)
            cells(ax, left, y - row * 1.6, start, STEPS, colour)
        middle, left = y - row * 1.6 + 0.5, x + 4 + STEPS
        style.arrow(ax, (left + 0.1, middle), (left + 1.9, middle))
        cells(ax, x + 18, y - row * 1.6, row * columns + 12, columns - 12, style.GREY)
    for number, colour in enumerate(COLOURS):
        style.label(ax, x + 7 + number * 8, y + 1.8, f"$X_{number + 1}$", colour)
    style.label(ax, x + 11, y + 1.4, "$H$", size=9)


def draw() -> Figure:
    """Both samplings, one colour a mini-batch, grey for what no batch uses."""
    drawn = style.figure(6.4, 2.9)
    ax = style.diagram(drawn, 33, 14.5)
    random_windows(ax, 2.5, 11.5)
    consecutive_rows(ax, 2.5, 2.6)
    return drawn
