"""Whether the orders of several epochs look like a fresh, fair shuffle each.

Every statistic is beyond its bound with a chance of about 2e-9, six sigma, if the orders are fair.
"""

import itertools
import math
from collections.abc import Iterator

import torch

from grader.checking.samples import SIGMAS

SHARED = 18  # neighbours that two fair orders have in common: Poisson of mean 2, so 1.5e-12 beyond
CHANCE = 2e-9  # of a position that always has the same window, by the number of windows


def what_repeats(orders: list[list[int]]) -> str | None:
    """The code of what is wrong: an order that comes twice, or one that is not random; or None."""
    if any(one == other for one, other in itertools.combinations(orders, 2)):
        return "order_repeats"
    if min(map(len, orders)) > 1 and _regular(orders):
        return "order_regular"
    if len(orders[0]) < 2 or any(sorted(order) != sorted(orders[0]) for order in orders):
        return None  # other windows in each epoch: another check's business
    return "order_regular" if _leans(orders) or _keeps(orders) else None


def _regular(orders: list[list[int]]) -> bool:
    """Whether one and the same step leads on from window to window."""
    steps = [b - a for order in orders for a, b in itertools.pairwise(order)]
    return max(steps.count(step) for step in set(steps)) > 0.5 * len(steps)


def _leans(orders: list[list[int]]) -> bool:
    """Whether early windows come early, or an epoch's order has to do with the one before."""
    ranks = [torch.tensor(order).argsort().argsort().double() for order in orders]
    natural = torch.arange(len(orders[0]), dtype=torch.float64)
    with_corpus = [_correlation(rank, natural) for rank in ranks]
    with_before = [_correlation(one, other) for one, other in itertools.pairwise(ranks)]
    # places instead of windows: an order that is turned keeps its neighbours' places
    places = [rank.argsort().double() for rank in ranks]
    in_places = [_correlation(one, other) for one, other in itertools.pairwise(places)]
    samples = (with_corpus, with_before, in_places)
    width = math.sqrt(len(natural) - 1)
    return any(abs(sum(each)) * width > SIGMAS * math.sqrt(len(each)) for each in samples)


def _correlation(one: torch.Tensor, other: torch.Tensor) -> float:
    return float(torch.corrcoef(torch.stack([one, other]))[0, 1])


def _keeps(orders: list[list[int]]) -> bool:
    """Whether a window keeps its place in every epoch, or two orders share many neighbours."""
    places = len(orders[0])
    fixed = any(len(set(windows)) == 1 for windows in zip(*orders, strict=True))
    if fixed and places ** (2.0 - len(orders)) < CHANCE:
        return True
    neighbours = [set(_neighbours(order)) for order in orders]
    pairs = itertools.combinations(neighbours, 2)
    return places > 2 * SHARED and any(len(one & other) > SHARED for one, other in pairs)


def _neighbours(order: list[int]) -> Iterator[tuple[int, int]]:
    return ((min(pair), max(pair)) for pair in itertools.pairwise(order))
