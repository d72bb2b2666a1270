"""Figure for `concise`: the candidate state with R before and R after the product with W_hh."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.figures import style

LEFT, RIGHT = 2.3, 8.3  # where the two columns of operations stand
LOW, MIDDLE, HIGH, ADD, TANH = 0.5, 1.7, 2.9, 4.1, 5.2  # heights, from H_{t−1} up to the tanh
TOP = 6.3


def draw() -> Figure:
    """Two columns: H, ⊙ R, W_hh against H, W_hn, + b_hn, ⊙ r; then + X W and the tanh."""
    drawn = style.figure(6.8, 4.2)
    ax = style.diagram(drawn, 11.0, 6.9)
    _draw_ours(ax)
    _draw_torch(ax)
    ax.plot([5.5, 5.5], [0.2, 6.6], color=style.GREY, linewidth=0.8, linestyle=":")
    return drawn


def _draw_ours(ax: Axes) -> None:
    """tanh(X W_xh + (R ⊙ H) W_hh + b_h)."""
    _draw_frame(ax, LEFT, r"$\tilde{H}_t$", r"$X_t W_{xh} + b_h$", r"$H_{t-1}$")
    _draw_gate(ax, LEFT, MIDDLE, "$R_t$")
    style.box(ax, LEFT, HIGH, r"$\cdot\,W_{hh}$", 1.2, 0.64, style.BLUE)
    style.arrow(ax, (LEFT, LOW + 0.32), (LEFT, MIDDLE - 0.26))
    style.arrow(ax, (LEFT, MIDDLE + 0.26), (LEFT, HIGH - 0.32))
    style.arrow(ax, (LEFT, HIGH + 0.32), (LEFT, ADD - 0.26))


def _draw_torch(ax: Axes) -> None:
    """tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))."""
    _draw_frame(ax, RIGHT, "$n_t$", r"$W_{in}\,x_t + b_{in}$", r"$h_{t-1}$")
    style.box(ax, RIGHT, MIDDLE, r"$W_{hn}\cdot\;+\,b_{hn}$", 2.1, 0.64, style.BLUE)
    _draw_gate(ax, RIGHT, HIGH, "$r_t$")
    style.arrow(ax, (RIGHT, LOW + 0.32), (RIGHT, MIDDLE - 0.32))
    style.arrow(ax, (RIGHT, MIDDLE + 0.32), (RIGHT, HIGH - 0.26))
    style.arrow(ax, (RIGHT, HIGH + 0.26), (RIGHT, ADD - 0.26))


def _draw_gate(ax: Axes, x: float, y: float, gate: str) -> None:
    """The product ⊙ at (x, y) with the gate that enters from the right."""
    style.node(ax, x, y, r"$\odot$", colour=style.RED)
    style.box(ax, x + 1.8, y, gate, 0.9, 0.64, style.RED)
    style.arrow(ax, (x + 1.35, y), (x + 0.26, y), style.RED)


def _draw_frame(ax: Axes, x: float, result: str, from_input: str, old: str) -> None:
    """What both columns share: the old state below; +, tanh and the result above."""
    style.box(ax, x, LOW, old, 1.2, 0.64, style.INK, facecolor=style.PALE)
    style.node(ax, x, ADD, "+")
    style.label(ax, x + 1.75, ADD, from_input)
    style.arrow(ax, (x + 0.8, ADD), (x + 0.26, ADD))
    style.box(ax, x, TANH, "tanh", 1.2, 0.64, style.GREEN)
    style.arrow(ax, (x, ADD + 0.26), (x, TANH - 0.32))
    style.box(ax, x, TOP, result, 1.2, 0.64, style.ORANGE)
    style.arrow(ax, (x, TANH + 0.32), (x, TOP - 0.32))
