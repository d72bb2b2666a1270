"""Figure for `fast`: one product before the loop, one a step within it, one after it."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

STEPS = 4
COLUMN, FIRST = 2.1, 2.0  # from one step to the next, and where the first stands
WIDE = COLUMN * (STEPS - 1) + 1.3  # of a box that all steps share
MIDDLE = FIRST + COLUMN * (STEPS - 1) / 2
BEFORE, LOOP, AFTER = style.BLUE, style.RED, style.GREEN


def draw() -> Figure:
    """Inputs below, outputs above; the chain of states, which alone must wait, between."""
    drawn = style.figure(6.4, 4.2)
    ax = style.diagram(drawn, 10.4, 7.0)
    joined = r"$[X_1;\,\ldots;\,X_4]\;[W_{xi},W_{xf},W_{xo},W_{xc}]+[b_i,b_f,b_o,b_c]$"
    style.box(ax, MIDDLE, 1.4, joined, WIDE, 0.8, BEFORE, size=10)
    read = r"$[H_1;\,\ldots;\,H_4]\;W_{hq}+b_q$"
    style.box(ax, MIDDLE, 5.6, read, WIDE, 0.8, AFTER, size=10)
    style.label(ax, 0.45, 3.5, "$H_0$", LOOP)
    style.arrow(ax, (0.8, 3.5), (FIRST - 0.55, 3.5), LOOP, linewidth=2.0)
    for step in range(1, STEPS + 1):
        _draw_step(ax, step)
    return drawn


def _draw_step(ax: Axes, step: int) -> None:
    """A_t from below, the step's one product, H_t to the right and upwards."""
    x = FIRST + COLUMN * (step - 1)
    style.label(ax, x, 0.3, f"$X_{step}$")
    style.arrow(ax, (x, 0.6), (x, 1.0))
    style.arrow(ax, (x, 1.8), (x, 3.1), BEFORE)
    style.label(ax, x + 0.35, 2.4, f"$A_{step}$", BEFORE)
    style.box(ax, x, 3.5, r"$\cdot\,W_{h}$", 1.1, 0.8, LOOP)
    style.arrow(ax, (x, 3.9), (x, 5.2), LOOP)
    style.label(ax, x + 0.35, 4.5, f"$H_{step}$", LOOP)
    if step < STEPS:
        style.arrow(ax, (x + 0.55, 3.5), (x + COLUMN - 0.55, 3.5), LOOP, linewidth=2.0)
    style.arrow(ax, (x, 6.0), (x, 6.4), AFTER)
    style.label(ax, x, 6.7, f"$Y_{step}$", AFTER)
