"""(a) N(0, 0.01²) against U(0, 0.01); (b) the states an untrained network reaches, by scale."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

SIGMA, DRAWS = 0.01, 20_000
HIDDENS, STEPS = 256, 20


def draws(ax: Axes, generator: np.random.Generator) -> None:
    """(a): histograms of real draws, and the normal density over its own."""
    bins = np.linspace(-4 * SIGMA, 4 * SIGMA, 65)
    normal = generator.normal(0, SIGMA, DRAWS)
    uniform = generator.uniform(0, SIGMA, DRAWS)
    ax.hist(uniform, bins, density=True, color=style.tint(style.ORANGE, 0.6))
    ax.hist(normal, bins, density=True, color=style.tint(style.BLUE, 0.45), alpha=0.85)
    density = np.exp(-0.5 * (bins / SIGMA) ** 2) / (SIGMA * np.sqrt(2 * np.pi))
    ax.plot(bins, density, color=style.BLUE, linewidth=1.8)
    style.label(ax, -0.024, 33, r"$N(0,\ 0.01^2)$", style.BLUE, 9)
    style.label(ax, 0.0125, 90, r"$U(0,\ 0.01)$", style.RED, 9, ha="left")
    for side in (-SIGMA, SIGMA):
        ax.axvline(side, color=style.GREY, linewidth=0.9, linestyle=":")
    ax.set_xticks([-0.03, -SIGMA, 0, SIGMA, 0.03], ["−0.03", "−0.01", "0", "0.01", "0.03"])
    ax.set_yticks([])
    ax.set_title("(a)   $w$", fontsize=10)


def states(ax: Axes, generator: np.random.Generator) -> None:
    """(b): the entries of H_20 in a tanh network whose weights are N(0, σ²)."""
    bins = np.linspace(-1, 1, 41)
    for sigma, colour in ((0.01, style.BLUE), (0.1, style.GREEN), (1.0, style.RED)):
        recurrent = generator.normal(0, sigma, (HIDDENS, HIDDENS))
        state = np.zeros((32, HIDDENS))
        for _ in range(STEPS):
            chosen = generator.normal(0, sigma, (32, HIDDENS))  # the row of W_xh a one-hot X picks
            state = np.tanh(chosen + state @ recurrent)
        share = np.histogram(state, bins)[0] / state.size
        ax.stairs(share, bins, color=colour, linewidth=1.6, label=f"σ = {sigma:g}")
    ax.set_yscale("log")
    ax.set_xticks([-1, 0, 1])
    ax.set_title("(b)   $H_{20}$", fontsize=10)
    ax.legend(frameon=False, fontsize=8, loc="upper right", bbox_to_anchor=(0.93, 0.97))


def draw() -> Figure:
    """Draws against density on the left, states for three scales on the right."""
    drawn = style.figure(6.4, 2.7)
    generator = np.random.default_rng(0)
    draws(style.chart(drawn, 1, 2, 1), generator)
    states(style.chart(drawn, 1, 2, 2), generator)
    return drawn
