"""Figure for `bidirectional`: two chains over the same inputs that meet in the outputs only."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

STEPS = 4
COLUMN = 2.2  # from one step to the next
WIDTH, HEIGHT = 1.0, 0.8  # of a box
Y_IN, Y_FORWARD, Y_BACKWARD, Y_OUT = 0.6, 2.1, 3.6, 5.1
ASIDE = 0.55  # how far the two chains stand to the left and right of their step


def draw() -> Figure:
    """H→ runs from left to right, H← from right to left; both see X_t and both reach Y_t."""
    drawn = style.figure(6.8, 3.1)
    ax = style.diagram(drawn, 13.4, 5.7)
    for step in range(1, STEPS + 1):
        _draw_step(ax, step)
    _draw_chain(ax, Y_FORWARD, -ASIDE, range(STEPS + 1), style.BLUE)
    _draw_chain(ax, Y_BACKWARD, ASIDE, range(STEPS + 1, 0, -1), style.RED)
    return drawn


def _x(step: int) -> float:
    """The middle of a step's column; 0 and STEPS + 1 hold the first states of the chains."""
    return 1.15 + COLUMN * step


def _draw_step(ax: Axes, step: int) -> None:
    """X_t, Y_t, and the four arrows between them and the two states."""
    x = _x(step)
    style.box(ax, x, Y_IN, f"$X_{step}$", 1.3, HEIGHT, style.INK, facecolor=style.PALE)
    style.box(ax, x, Y_OUT, f"$Y_{step}$", 1.3, HEIGHT, style.ORANGE)
    half = HEIGHT / 2
    for aside, middle, colour in (
        (-ASIDE, Y_FORWARD, style.BLUE),
        (ASIDE, Y_BACKWARD, style.RED),
    ):
        style.arrow(ax, (x + aside, Y_IN + half), (x + aside, middle - half))
        style.arrow(ax, (x + aside, middle + half), (x + aside, Y_OUT - half), colour)


def _draw_chain(ax: Axes, y: float, aside: float, steps: range, colour: str) -> None:
    """One chain: its states in the order of `steps`, and the arrows from each to the next."""
    sign = steps.step
    letter = r"\overrightarrow{H}" if sign > 0 else r"\overleftarrow{H}"
    for step in steps:
        first = step == steps[0]
        x = _x(step) + aside
        style.box(ax, x, y, f"${letter}_{step}$", WIDTH, HEIGHT, style.GREY if first else colour)
        if not first:
            before = _x(step - sign) + aside + sign * WIDTH / 2
            style.arrow(ax, (before, y), (x - sign * WIDTH / 2, y), colour)
