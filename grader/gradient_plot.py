"""How far back a gradient reaches: its norm at every earlier state, as numbers and as an SVG."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.demo_nets import Net

STYLES = (("#0072b2", "-"), ("#d55e00", "--"), ("#009e73", "-."))  # told apart without colour, too
SMALLEST = 1e-30  # below it a logarithm has nothing to show


def gradient_norms(
    net: Net, X: Tensor, Y: Tensor, vocab_size: int, num_hiddens: int
) -> list[float]:
    """‖∂L_T/∂S_t‖ relative to t = T, for t = 0 … T−1: the last step's loss, felt by each state.

    Args:
        X, Y: one mini-batch of indices, (n, T).

    Returns:
        T floats; S_t is the whole state after t steps (for an LSTM H and C), the norm is that of
        all its gradients as one vector.
    """
    state = net.init_state(X.shape[0], num_hiddens, None)
    states: list[Sequence[Tensor]] = [[part.requires_grad_() for part in state]]
    for step in range(X.shape[1]):
        inputs = [F.one_hot(X[:, step].long(), vocab_size).float()]
        outputs, state = net.forward(inputs, tuple(states[-1]), net.params)
        states.append(list(state))
    loss = F.cross_entropy(outputs[-1], Y[:, -1].long())
    parts = [part for state in states for part in state]
    gradients = iter(torch.autograd.grad(loss, parts, allow_unused=True))
    norms = []
    for state in states:
        found = [gradient for _ in state if (gradient := next(gradients)) is not None]
        norms.append(
            float(torch.cat([g.reshape(-1).double() for g in found]).norm()) if found else 0.0
        )
    return [norm / max(norms[-1], SMALLEST) for norm in norms[:-1]]


def write_plot(
    panels: Mapping[str, Mapping[str, Sequence[float]]], x: str, y: str, path: Path
) -> None:
    """Draw the norms of several nets over time, on logarithmic axes, into an SVG file.

    Args:
        panels: a title, and for each net its norms; drawn side by side on the same axes.
        x, y: what the axes show.

    Raises:
        OSError: if the file can't be written.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # text stays text: the reader's own fonts show it, Chinese too
    with mpl.rc_context({"svg.hashsalt": "gatecheck", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (title, norms) in zip(row, panels.items(), strict=True):
            for (name, values), (colour, line) in zip(norms.items(), STYLES, strict=False):
                shown = [max(value, SMALLEST) for value in values]
                axes.semilogy(range(len(shown)), shown, line, color=colour, label=name, linewidth=2)
            axes.set(title=title, xlabel=x)
            axes.grid(True, alpha=0.3)
        row[0].set_ylabel(y)
        row[0].legend()
        temporary = path.with_name(f".{path.name}.part")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # matplotlib's own font lacks Chinese; the reader's won't
            figure.savefig(temporary, format="svg", metadata={"Date": None})
    temporary.replace(path)
