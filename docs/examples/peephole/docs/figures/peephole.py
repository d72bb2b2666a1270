"""Figure for `peephole`: which memory each gate looks at within one step."""

from matplotlib.figure import Figure

from docs.figures import style


def draw() -> Figure:
    """The memory runs along the top; the orange arrows are the peepholes."""
    drawn = style.figure(6.4, 2.6)
    ax = style.diagram(drawn, 12.8, 5.2)
    style.box(ax, 1.2, 4.2, "$C_{t-1}$", colour=style.GREEN)
    style.box(ax, 7.4, 4.2, "$C_t$", colour=style.GREEN)
    style.box(ax, 11.4, 2.4, "$H_t$", colour=style.BLUE)
    for x, name in ((3.2, "F"), (5.2, "I"), (9.4, "O")):
        style.box(ax, x, 2.4, f"${name}$", colour=style.PURPLE)
        style.arrow(ax, (x, 0.9), (x, 2.0))
        style.label(ax, x, 0.5, "$X_t, H_{t-1}$", size=9)
    style.arrow(ax, (1.8, 4.2), (6.8, 4.2), style.GREEN)
    style.arrow(ax, (8.0, 4.2), (11.2, 2.9), style.GREEN)
    style.arrow(ax, (3.4, 2.8), (4.2, 4.1), style.PURPLE)
    style.arrow(ax, (5.4, 2.8), (6.0, 4.1), style.PURPLE)
    style.arrow(ax, (10.0, 2.4), (10.8, 2.4), style.PURPLE)
    for start, end, place, name in (
        ((1.5, 3.8), (2.6, 2.6), (1.7, 3.0), "f"),
        ((1.7, 3.9), (4.6, 2.6), (3.9, 3.3), "i"),
        ((7.7, 3.8), (8.9, 2.7), (7.9, 3.0), "o"),
    ):
        style.arrow(ax, start, end, style.ORANGE)
        style.label(ax, *place, f"$p_{name}$", style.ORANGE, 9)
    return drawn
