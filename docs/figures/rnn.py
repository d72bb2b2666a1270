"""The network unrolled: one step, drawn T times, the same weights in each."""

from __future__ import annotations

from matplotlib.figure import Figure

from docs.figures import style


def draw() -> Figure:
    """Folded on the left of the equals sign, unrolled over T steps on its right."""
    drawn = style.figure(6.4, 2.7)
    ax = style.diagram(drawn, 12.8, 5.2)
    columns = ((4.6, "1"), (7.0, "2"), (10.6, "T"))
    for x, t in ((1.0, "t"), *columns):
        style.box(ax, x, 0.5, f"$X_{t}$", colour=style.ORANGE)
        style.box(ax, x, 2.6, f"$H_{t}$", colour=style.BLUE)
        style.box(ax, x, 4.7, f"$Y_{t}$", colour=style.GREEN)
        style.arrow(ax, (x, 0.85), (x, 2.23), style.RED)
        style.arrow(ax, (x, 2.95), (x, 4.33), style.GREEN)
        style.label(ax, x - 0.12, 1.5, "$W_{xh}$", style.RED, 9, ha="right")
        style.label(ax, x - 0.12, 3.7, "$W_{hq}$", style.GREEN, 9, ha="right")
    loop = [(1.5, 2.45), (2.1, 2.45), (2.1, 3.35), (1.25, 3.35), (1.25, 2.98)]
    style.path(ax, loop, style.PURPLE)
    style.label(ax, 1.72, 3.62, "$W_{hh}$", style.PURPLE, 9)
    style.label(ax, 2.55, 2.6, "=", size=15)
    style.label(ax, 3.1, 2.6, "$H_0$", size=11)
    for start, end in ((3.4, 4.08), (5.1, 6.48), (7.5, 8.35), (9.25, 10.08)):
        style.arrow(ax, (start, 2.6), (end, 2.6), style.PURPLE)
    for x in (3.72, 5.8, 7.92, 9.6):
        style.label(ax, x, 2.9, "$W_{hh}$", style.PURPLE, 9)
    style.label(ax, 8.8, 2.6, "⋯", size=14)
    style.arrow(ax, (11.1, 2.6), (11.9, 2.6), style.PURPLE)
    style.label(ax, 12.25, 2.6, "$H_T$")
    return drawn
