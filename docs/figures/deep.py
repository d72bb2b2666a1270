"""Figure for `deep`: a grid of three layers and four time steps, and where each state goes."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

LAYERS, STEPS = 3, 4
COLUMN, ROW = 2.0, 1.35  # from one step, one layer to the next
WIDTH, HEIGHT = 1.1, 0.8  # of a box
COLOURS = (style.BLUE, style.GREEN, style.PURPLE)


def draw() -> Figure:
    """Layers upwards, time to the right: X_t below, Y_t above, the states H^(l)_t between."""
    drawn = style.figure(6.4, 4.0)
    ax = style.diagram(drawn, 10.0, 6.5)
    for step in range(STEPS + 1):
        _draw_column(ax, step)
    return drawn


def _draw_column(ax: Axes, step: int) -> None:
    """The states of one step with the arrows that lead to them; step 0 has the first states."""
    x = 0.9 + COLUMN * step
    for layer in range(1, LAYERS + 1):
        y = 0.5 + ROW * layer
        colour = COLOURS[layer - 1] if step else style.GREY
        style.box(ax, x, y, f"$H^{{({layer})}}_{step}$", WIDTH, HEIGHT, colour)
        if step:
            left = x - COLUMN + WIDTH / 2
            style.arrow(ax, (left, y), (x - WIDTH / 2, y), COLOURS[layer - 1])
    if not step:
        return
    style.box(ax, x, 0.5, f"$X_{step}$", WIDTH, HEIGHT, style.INK, facecolor=style.PALE)
    style.box(ax, x, 0.5 + ROW * (LAYERS + 1), f"$Y_{step}$", WIDTH, HEIGHT, style.ORANGE)
    for below in range(LAYERS + 1):
        y = 0.5 + ROW * below
        style.arrow(ax, (x, y + HEIGHT / 2), (x, y + ROW - HEIGHT / 2))
