"""One step of a GRU: where the reset gate R and the update gate Z act."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

STATE, INPUT, RESET, UPDATE, FRESH = (
    style.BLUE,
    style.ORANGE,
    style.GREEN,
    style.RED,
    style.PURPLE,
)


def boxes(ax: Axes) -> None:
    """X_t and H_{t-1} into the two gates and the candidate, H being reset on its way to it."""
    style.label(ax, 0.45, 5.0, "$H_{t-1}$", STATE)
    style.label(ax, 0.45, 0.5, "$X_t$", style.RED)
    style.path(ax, [(1.0, 5.0), (8.34, 5.0)], STATE)
    style.path(ax, [(1.0, 0.5), (7.2, 0.5), (7.2, 1.13)], INPUT)
    for x, end in ((1.8, 1.87), (3.2, 3.48), (6.8, 1.87)):
        style.path(ax, [(x, 4.9), (x, end)], STATE, zorder=2.5)
        style.dot(ax, x, 5.0, STATE)
        ax.plot([x, x], [5.0, 4.85], color=STATE, linewidth=1.3, zorder=2.6)
    for x in (2.0, 4.6):
        style.path(ax, [(x, 0.5), (x, 1.13)], INPUT)
        style.dot(ax, x, 0.5, INPUT)
    for x, text, colour in ((2.0, "σ", RESET), (4.6, "tanh", FRESH), (7.0, "σ", UPDATE)):
        style.box(ax, x, 1.5, text, colour=colour, size=10)


def reset(ax: Axes) -> None:
    """R ⊙ H into the candidate, before the product with W_hh."""
    style.path(ax, [(2.2, 1.85), (2.2, 3.2), (2.92, 3.2)], RESET)
    style.label(ax, 2.0, 3.4, "$R_t$", RESET)
    style.node(ax, 3.2, 3.2, "⊙", colour=RESET)
    style.path(ax, [(3.46, 3.2), (4.4, 3.2), (4.4, 1.87)], RESET)
    style.label(ax, 4.2, 3.55, r"$R_t \odot H_{t-1}$", RESET, 9)


def mix(ax: Axes) -> None:
    """Z ⊙ H + (1 − Z) ⊙ H̃."""
    style.path(ax, [(4.8, 1.85), (4.8, 2.6), (9.52, 2.6)], FRESH)
    style.label(ax, 5.3, 2.95, r"$\tilde{H}_t$", FRESH)
    style.path(ax, [(7.2, 1.85), (7.2, 3.9), (8.6, 3.9), (8.6, 4.72)], UPDATE, zorder=2.5)
    style.path(ax, [(8.6, 3.9), (9.8, 3.9), (9.8, 2.88)], UPDATE, zorder=2.4)
    style.dot(ax, 8.6, 3.9, UPDATE)
    style.label(ax, 7.5, 4.2, "$Z_t$", UPDATE)
    style.box(ax, 9.8, 3.55, "1 −", 0.7, 0.5, UPDATE, size=9, facecolor=style.WHITE)
    style.node(ax, 8.6, 5.0, "⊙", colour=UPDATE)
    style.node(ax, 9.8, 2.6, "⊙", colour=UPDATE)
    style.path(ax, [(8.86, 5.0), (10.52, 5.0)], STATE)
    style.path(ax, [(10.06, 2.6), (10.8, 2.6), (10.8, 4.72)], FRESH)
    style.node(ax, 10.8, 5.0, "+")
    style.path(ax, [(11.06, 5.0), (11.7, 5.0)], STATE)
    style.label(ax, 12.05, 5.0, "$H_t$", STATE)


def draw() -> Figure:
    """H_{t-1} along the top, X_t along the bottom, H_t on the right."""
    drawn = style.figure(6.4, 2.9)
    ax = style.diagram(drawn, 12.4, 5.5)
    boxes(ax)
    reset(ax)
    mix(ax)
    return drawn
