"""What a sample of N(0, 0.01²) must look like: its histogram, its symmetry, and no order in it.

Each statistic has a band of six sigma, so a right sample is outside with a chance of 2e-9. Sorted,
skewed or few-valued numbers can have the right mean and deviation; these bands they miss.
"""

import math
from collections.abc import Iterator, Sequence

import torch

from grader.findings import fail
from grader.submission import Answer

STD = 0.01
SIGMAS = 6.0  # a right sample is outside with a chance of 2e-9
FARTHEST = 3.25  # Kolmogorov's distance times √count: beyond it with a chance of 1.4e-9
LAGS = (1, 2, 3)  # neighbours, and those a little farther
FEWEST = 30  # pairs of neighbours that say something


def in_band(
    answer: Answer, name: str, statistic: str, actual: float, wanted: float, width: float
) -> None:
    """A statistic is where it must be.

    Raises:
        CheckStopped: if not, with the band.
    """
    if not abs(actual - wanted) <= width:
        raise fail(
            f"statistic_{statistic}",
            answer=answer,
            name=name,
            returned=f"{actual:.4g}",
            expected=f"{wanted:.4g}",
            low=f"{wanted - width:.4g}",
            high=f"{wanted + width:.4g}",
        )


def looks_drawn(answer: Answer, name: str, tensors: Sequence[torch.Tensor]) -> None:
    """Together the entries have the normal curve's histogram, and none tells of its neighbour.

    Raises:
        CheckStopped: with the statistic that is off.
    """
    sample = torch.cat([tensor.reshape(-1) for tensor in tensors])
    count = sample.numel()
    centred = sample - sample.mean()
    skewness = float((centred**3).mean() / centred.square().mean() ** 1.5)
    in_band(answer, name, "skewness", skewness, 0.0, SIGMAS * math.sqrt(6 / count))
    distance = kolmogorov(sample)
    in_band(answer, name, "histogram", distance, 0.0, FARTHEST / math.sqrt(count))
    for tensor in tensors:
        for left, right in _neighbours(tensor):
            if left.numel() >= FEWEST:
                found, width = correlation(left, right), SIGMAS / math.sqrt(left.numel())
                in_band(answer, name, "neighbours", found, 0.0, width)


def kolmogorov(sample: torch.Tensor) -> float:
    """The greatest distance between a sample's distribution and that of N(0, 0.01²)."""
    curve = torch.special.ndtr(sample.sort().values / STD)
    steps = torch.arange(len(sample) + 1, dtype=torch.float64) / len(sample)
    return float(torch.maximum(curve - steps[:-1], steps[1:] - curve).max())


def correlation(left: torch.Tensor, right: torch.Tensor) -> float:
    """The correlation of two samples of mean zero; 0 where there is nothing in one of them."""
    left, right = left.reshape(-1), right.reshape(-1)
    length = float(left.norm() * right.norm())
    return float(left @ right) / length if length else 0.0


def _neighbours(tensor: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Entries beside those that stand 1, 2 and 3 places on, along each dimension."""
    for axis in range(tensor.dim()):
        for lag in LAGS:
            if tensor.shape[axis] > lag:
                length = tensor.shape[axis] - lag
                yield tensor.narrow(axis, 0, length), tensor.narrow(axis, lag, length)


def same_draw(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors of one shape came from one draw: equal, negated, scaled, in part."""
    if torch.equal(one, other):
        return True
    enough = one.numel() >= FEWEST
    return enough and abs(correlation(one, other)) > SIGMAS / math.sqrt(one.numel())


def is_fresh(answer: Answer, name: str, before: torch.Tensor, after: torch.Tensor) -> None:
    """A later call drew other numbers.

    Raises:
        CheckStopped: if they have to do with those of the call before.
    """
    if before.shape == after.shape and same_draw(before, after):
        raise fail("not_fresh", answer=answer, name=name)
