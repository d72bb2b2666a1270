"""(a) Gradients clipped to length θ; (b) the perplexity of an epoch as one point of the curve."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from docs.figures import style

THETA = 1.0
GRADIENTS = ((2.5, 1.15), (-1.6, 1.3), (-0.45, -0.5))  # the last is short enough to stay
LOSSES, LABELS = (1.0, 3.0), (300, 100)


def clipping(ax: Axes) -> None:
    """(a): long vectors end on the circle of radius θ, in the same direction."""
    ax.add_patch(Circle((0, 0), THETA, facecolor=style.PALE, edgecolor=style.GREY, linewidth=1.0))
    for gradient in np.array(GRADIENTS):
        clipped = gradient * min(1.0, THETA / np.hypot(*gradient))
        faint = {"linewidth": 1.2, "linestyle": (0, (4, 2)), "mutation_scale": 8}
        style.arrow(ax, (0, 0), tuple(gradient), style.GREY, **faint)
        style.arrow(ax, (0, 0), tuple(clipped), style.BLUE, linewidth=2.2, zorder=4)
    style.label(ax, 2.6, 1.4, "$g$", style.GREY)
    style.label(ax, 1.75, 0.28, r"$g\,\dfrac{\theta}{\|g\|}$", style.BLUE, 9)
    wrong = np.minimum(np.array(GRADIENTS[0]), THETA)
    style.arrow(ax, (0, 0), tuple(wrong), style.RED, linewidth=1.2)
    style.label(ax, wrong[0] + 0.18, wrong[1] + 0.22, "×", style.RED, 13)
    style.arrow(ax, (0, 0), (0.35, -np.sqrt(1 - 0.35**2)), style.GREY, arrowstyle="<|-|>")
    style.label(ax, 0.38, -0.5, "θ", style.GREY)
    ax.set(xlim=(-1.9, 2.9), ylim=(-1.15, 1.75), aspect="equal")
    ax.axis("off")
    ax.set_title("(a)", fontsize=10)


def perplexity(ax: Axes) -> None:
    """(b): two batches of unequal size; the exp of the mean is not the mean of the exps."""
    curve = np.linspace(0.6, 3.25, 200)
    ax.plot(curve, np.exp(curve), color=style.INK, linewidth=1.4)
    losses, labels = np.array(LOSSES), np.array(LABELS)
    ax.plot(losses, np.exp(losses), color=style.GREY, linewidth=1.0, linestyle="--", zorder=1)
    ax.scatter(losses, np.exp(losses), s=labels / 4, color=style.ORANGE, zorder=3)
    mean = (losses * labels).sum() / labels.sum()
    right, wrong = np.exp(mean), (np.exp(losses) * labels).sum() / labels.sum()
    ax.plot([mean, mean, 0.6], [0, right, right], color=style.BLUE, linewidth=1.2)
    ax.plot([mean], [right], "o", color=style.BLUE, markersize=7)
    ax.plot([mean, 0.6], [wrong, wrong], color=style.RED, linewidth=1.0, linestyle=":")
    ax.plot([mean], [wrong], "x", color=style.RED, markersize=8, markeredgewidth=2)
    style.label(ax, 3.0, 23.5, "$e^{\\ell}$")
    for number, (loss, count) in enumerate(zip(LOSSES, LABELS, strict=True), 1):
        x, y = (loss, 1.0) if number == 1 else (loss - 0.35, np.exp(loss))
        style.label(ax, x, y, f"$n_{number}={count}$", style.RED, 8)
    ax.set(xlim=(0.6, 3.3), ylim=(0, 25.5))
    mean_text = r"$\dfrac{\sum \ell_i n_i}{\sum n_i}$"
    ax.set_xticks([LOSSES[0], mean, LOSSES[1]], [r"$\ell_1$", mean_text, r"$\ell_2$"])
    ax.set_yticks([right, wrong], [f"{right:.2f}", f"{wrong:.2f}"])
    for tick, colour in zip(ax.get_yticklabels(), (style.BLUE, style.RED), strict=True):
        tick.set_color(colour)
    ax.set_title("(b)", fontsize=10)


def draw() -> Figure:
    """Clipping on the left, the perplexity on the right."""
    drawn = style.figure(6.4, 2.8)
    clipping(drawn.add_subplot(1, 2, 1))
    perplexity(style.chart(drawn, 1, 2, 2))
    return drawn
