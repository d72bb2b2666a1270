"""The cells that are drawn: their gates, parameters and states, and the inputs they are shown.

The inputs are the same for everybody and in every run, so that pictures can be compared: slow waves
of several lengths, and weights large enough for gates to open and shut.
"""

import dataclasses
import math

import torch

INPUTS, UNITS, STEPS = 4, 8, 24


@dataclasses.dataclass(frozen=True)
class Gate:
    """One quantity of a step: its sign in the figure, the function that gives it, its range.

    ``takes`` names its arguments: X, a state or an earlier gate of the same step, or "*h" for the
    group of parameters h (W_xh, W_hh, b_h).
    """

    sign: str
    function: str
    takes: tuple[str, ...]
    low: float = 0.0


@dataclasses.dataclass(frozen=True)
class Cell:
    """A recurrent cell, step by step.

    Attributes:
        whole: the function over a whole sequence.
        groups: the letters of the groups of parameters, in the order of ``get_params``.
        gates: in the order in which a step computes them. One whose sign is a state's replaces it.
        states: the signs of the matrices in the state.
    """

    whole: str
    groups: str
    gates: tuple[Gate, ...]
    states: tuple[str, ...]


_SIGMOID = ("X", "H")
CELLS = {
    "rnn": Cell("rnn", "h", (Gate("H", "rnn_step", ("X", "H", "*h"), -1.0),), ("H",)),
    "gru": Cell(
        "gru",
        "zrh",
        (
            Gate("Z", "update_gate", (*_SIGMOID, "*z")),
            Gate("R", "reset_gate", (*_SIGMOID, "*r")),
            Gate("H̃", "candidate_state", (*_SIGMOID, "R", "*h"), -1.0),
            Gate("H", "next_state", ("Z", "H", "H̃"), -1.0),
        ),
        ("H",),
    ),
    "lstm": Cell(
        "lstm",
        "ifoc",
        (
            Gate("I", "input_gate", (*_SIGMOID, "*i")),
            Gate("F", "forget_gate", (*_SIGMOID, "*f")),
            Gate("O", "output_gate", (*_SIGMOID, "*o")),
            Gate("C̃", "candidate_memory", (*_SIGMOID, "*c"), -1.0),
            Gate("C", "next_memory", ("F", "C", "I", "C̃"), -2.0),
            Gate("H", "next_state", ("O", "C"), -1.0),
        ),
        ("H", "C"),
    ),
}


def waves(steps: int = STEPS, inputs: int = INPUTS) -> list[torch.Tensor]:
    """One sequence of ``steps`` inputs (1, ``inputs``), in float64."""
    time = torch.arange(steps, dtype=torch.float64)
    columns = [
        torch.sin(2 * math.pi * time / length + length) * 1.5
        for length in (6.0 + 5.0 * number for number in range(inputs))
    ]
    return [row.unsqueeze(0) for row in torch.stack(columns, dim=1)]


def groups(cell: Cell, inputs: int, units: int, scale: float) -> dict[str, list[torch.Tensor]]:
    """For each group of parameters W_x (d, h), W_h (h, h), b (h,), in float64.

    ``scale`` times 1 / √h is the standard deviation of W_h.
    """
    drawn = torch.Generator().manual_seed(6)
    found = {}
    for letter in cell.groups:
        shapes = ((inputs, units), (units, units), (units,))
        spreads = (0.6, scale / math.sqrt(units), 0.5)
        found[letter] = [
            torch.randn(shape, generator=drawn, dtype=torch.float64) * spread
            for shape, spread in zip(shapes, spreads, strict=True)
        ]
    return found


def readout(units: int, outputs: int) -> list[torch.Tensor]:
    """W_hq (h, q) and b_q (q,), in float64."""
    drawn = torch.Generator().manual_seed(7)
    weight = torch.randn((units, outputs), generator=drawn, dtype=torch.float64)
    return [weight / math.sqrt(units), torch.zeros(outputs, dtype=torch.float64)]
