"""One step of an LSTM: the memory C runs along the top, the gates F, I and O act on it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

MEMORY, STATE, INPUT = style.INK, style.BLUE, style.ORANGE
FORGET, WRITE, FRESH, READ = style.RED, style.GREEN, style.PURPLE, style.SKY
BOXES = ((2.4, "σ", FORGET), (4.2, "σ", WRITE), (6.0, "tanh", FRESH), (7.8, "σ", READ))


def boxes(ax: Axes) -> None:
    """H_{t-1} and X_t into the three gates and the candidate."""
    style.label(ax, 0.45, 1.0, "$H_{t-1}$", STATE)
    style.label(ax, 0.45, 0.35, "$X_t$", style.RED)
    style.path(ax, [(1.0, 1.0), (7.6, 1.0), (7.6, 1.73)], STATE)
    style.path(ax, [(1.0, 0.35), (8.0, 0.35), (8.0, 1.73)], INPUT)
    for x, text, colour in BOXES:
        style.box(ax, x, 2.1, text, colour=colour, size=10)
        if x < 7:
            style.path(ax, [(x + 0.2, 0.45), (x + 0.2, 1.73)], INPUT, zorder=2.5)
            style.path(ax, [(x - 0.2, 1.0), (x - 0.2, 1.73)], STATE, zorder=2.5)
            style.dot(ax, x + 0.2, 0.35, INPUT)
            style.dot(ax, x - 0.2, 1.0, STATE)
            ax.plot([x + 0.2] * 2, [0.35, 0.5], color=INPUT, linewidth=1.3, zorder=2.6)


def memory(ax: Axes) -> None:
    """F ⊙ C + I ⊙ C̃, along the top."""
    style.label(ax, 0.45, 5.2, "$C_{t-1}$")
    style.path(ax, [(1.0, 5.2), (2.12, 5.2)], MEMORY, linewidth=2.2)
    style.path(ax, [(2.66, 5.2), (5.72, 5.2)], MEMORY, linewidth=2.2)
    style.path(ax, [(6.26, 5.2), (11.2, 5.2)], MEMORY, linewidth=2.2)
    style.label(ax, 11.6, 5.2, "$C_t$")
    style.path(ax, [(2.4, 2.45), (2.4, 4.92)], FORGET)
    style.path(ax, [(4.2, 2.45), (4.2, 3.8), (5.72, 3.8)], WRITE)
    style.path(ax, [(6.0, 2.45), (6.0, 3.52)], FRESH)
    style.path(ax, [(6.0, 4.06), (6.0, 4.92)], FRESH)
    style.node(ax, 2.4, 5.2, "⊙", colour=FORGET)
    style.node(ax, 6.0, 3.8, "⊙", colour=WRITE)
    style.node(ax, 6.0, 5.2, "+")
    style.label(ax, 2.05, 3.4, "$F_t$", FORGET)
    style.label(ax, 3.88, 3.4, "$I_t$", WRITE)
    style.label(ax, 6.4, 2.95, r"$\tilde{C}_t$", FRESH)


def state(ax: Axes) -> None:
    """O ⊙ tanh(C), on the right."""
    style.dot(ax, 9.4, 5.2, MEMORY)
    style.path(ax, [(9.4, 5.1), (9.4, 4.52)], MEMORY)
    style.path(ax, [(9.4, 3.95), (9.4, 3.28)], MEMORY)
    style.box(ax, 9.4, 4.2, "tanh", 1.0, 0.6, MEMORY, size=10, facecolor=style.WHITE)
    style.path(ax, [(7.8, 2.45), (7.8, 3.0), (9.12, 3.0)], READ)
    style.label(ax, 8.15, 3.3, "$O_t$", style.BLUE)
    style.node(ax, 9.4, 3.0, "⊙", colour=READ)
    style.path(ax, [(9.66, 3.0), (11.2, 3.0)], STATE)
    style.label(ax, 11.6, 3.0, "$H_t$", STATE)


def draw() -> Figure:
    """C above, H and X below, the new C and H on the right."""
    drawn = style.figure(6.4, 3.1)
    ax = style.diagram(drawn, 12.0, 5.6)
    boxes(ax)
    memory(ax)
    state(ax)
    return drawn
