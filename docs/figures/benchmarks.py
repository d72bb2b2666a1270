"""Figure for `benchmarks`: times of `…_fast` and `nn.…` as parts of the textbook loop's.

What it draws is measured: benchmarks.json beside it is written by
``python -m tests.bench.ratios --json docs/figures/benchmarks.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

ROWS = Path(__file__).with_suffix(".json")
DEVICE = "cpu"
CELLS = ("rnn", "gru", "lstm")
DIRECTIONS = {"forward": "$Y$", "forward+backward": "$Y,\\ \\nabla Y$"}
LOOKS = {"fast": (style.BLUE, "o", -0.14), "nn": (style.ORANGE, "s", 0.14)}
LIMITS = (0.045, 1.6)
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0)


def draw() -> Figure:
    """A column for each network, a row for each direction; 1 is the textbook's time."""
    rows = [row for row in json.loads(ROWS.read_text()) if row.get("device") == DEVICE]
    sizes = list(dict.fromkeys((row["n"], row["h"], row["T"]) for row in rows))
    drawn = style.figure(7.6, 4.4)
    for place, (direction, symbol) in enumerate(DIRECTIONS.items()):
        for column, cell in enumerate(CELLS):
            ax = style.chart(drawn, len(DIRECTIONS), len(CELLS), place * len(CELLS) + column + 1)
            chosen = [r for r in rows if (r["baseline"], r["direction"]) == (cell, direction)]
            _draw_panel(ax, chosen, sizes)
            ax.set_title(f"{cell}   {symbol}", fontsize=9)
            names = [f"n {n:>2}  h {h:>3}  T {T:>2}" for n, h, T in sizes]
            ax.set_yticks(range(len(sizes)), names if column == 0 else [])
    return drawn


def _draw_panel(ax: Axes, rows: list[dict], sizes: list[tuple[int, int, int]]) -> None:
    """A mark for each ratio, with a line from its lower to its upper quartile."""
    ax.axvline(1.0, color=style.GREY, linewidth=1.0, linestyle="--", zorder=1)
    for row in rows:
        kind = "nn" if row["contender"].startswith("nn.") else "fast"
        colour, mark, shift = LOOKS[kind]
        y = sizes.index((row["n"], row["h"], row["T"])) + shift
        ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.2, zorder=2)
        ax.plot([row["median"]], [y], mark, color=colour, markersize=5, zorder=3)
    for name in sorted({row["contender"] for row in rows}):
        colour, mark, _ = LOOKS["nn" if name.startswith("nn.") else "fast"]
        ax.plot([], [], mark, color=colour, markersize=5, label=name)
    ax.legend(fontsize=7, frameon=False, loc="upper left", borderpad=0.1, handletextpad=0.1)
    ax.set(xscale="log", xlim=LIMITS, ylim=(len(sizes) - 0.5, -0.6))
    ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    ax.minorticks_off()
