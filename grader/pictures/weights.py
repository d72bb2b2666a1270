"""The first values of weights, beside the density of N(0, 0.01²) from which they should come."""

import dataclasses
import math
from typing import Any

import torch

from grader.pictures.asking import LARGEST, Asker, Unavailable
from grader.submission import Returned

STD = 0.01
WIDE = 5 * STD  # half of the axis, at least
BINS = 41
FEWEST = 20  # numbers below which there is nothing to see
_SIZES = {"num_inputs": 40, "num_hiddens": 50, "num_outputs": 30}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "parameters": ("normal_param", {"shape": (60, 50), "device": None}),
    "rnn": ("get_params", {**_SIZES, "device": None}),
    "gru": ("get_params", {**_SIZES, "device": None}),
    "lstm": ("get_params", {**_SIZES, "device": None}),
    "deep": ("get_params", {**_SIZES, "num_layers": 2, "device": None}),
    "bidirectional": ("get_params", {**_SIZES, "device": None}),
}


@dataclasses.dataclass
class Weights:
    """A histogram.

    Attributes:
        edges, density: of the bins, and how many of the values lie in each, as a density.
        count, mean, std: of all finite values.
        outside: how many lie beyond the axis; lost: how many are NaN or infinite.
    """

    function: str
    edges: list[float]
    density: list[float]
    count: int
    mean: float
    std: float
    outside: int
    lost: int


def weights(exercise: str, theirs: Asker) -> Weights:
    """The histogram of an exercise's first weights.

    Raises:
        Unavailable: if they can't be had.
    """
    function, arguments = ASKED[exercise]
    key = f"{exercise}.{function}"
    value = theirs.ask(key, dict(arguments)).value
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    found = [item.data for item in items if isinstance(item, Returned) and item.data is not None]
    matrices = [data.reshape(-1) for data in found if data.dim() == 2 and not data.is_complex()]
    values = torch.cat([data.double() for data in matrices]) if matrices else torch.empty(0)
    kept = values[torch.isfinite(values)].clamp(-LARGEST, LARGEST)
    if len(kept) < FEWEST:
        raise Unavailable("html.no_shape" if len(values) < FEWEST else "html.no_numbers", name=key)
    mean, std = float(kept.mean()), float(kept.std())
    half = max(WIDE, 4 * std + abs(mean))
    counts, edges = torch.histogram(kept, BINS, range=(-half, half))
    density = counts / (len(kept) * (2 * half / BINS))
    outside = len(kept) - int(counts.sum())
    return Weights(
        *(function, edges.tolist(), density.tolist(), len(kept), mean, std, outside),
        len(values) - len(kept),
    )


def normal_density(x: float) -> float:
    """That of N(0, 0.01²)."""
    return math.exp(-0.5 * (x / STD) ** 2) / (STD * math.sqrt(2 * math.pi))
