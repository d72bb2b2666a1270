"""Figure for `batch`: when the n-th of a thousand submissions was done, beside a straight line.

What it draws is measured: batch.json beside it is written by
``python -m tests.bench.batch --json docs/figures/batch.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

from matplotlib.figure import Figure

from docs.figures import style

ROWS = Path(__file__).with_suffix(".json")


def draw() -> Figure:
    """Seconds over submissions; the line goes from the first to the last."""
    rows = [row for row in json.loads(ROWS.read_text()) if row["kind"] == "line"]
    counts = [row["count"] for row in rows]
    seconds = [row["seconds"] for row in rows]
    drawn = style.figure(5.6, 2.6)
    ax = style.chart(drawn, 1, 1, 1)
    ax.plot([0, counts[-1]], [0, seconds[-1]], "--", color=style.GREY, linewidth=1.2)
    ax.plot(counts, seconds, color=style.BLUE, linewidth=1.8)
    ax.set(xlim=(0, counts[-1]), ylim=(0, None))
    ax.set_xlabel("$n$", fontsize=9)
    ax.set_ylabel("s", fontsize=9)
    return drawn
