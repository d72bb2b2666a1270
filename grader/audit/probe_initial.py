"""Probes of what makes parameters and first states: of random numbers, only what a sample tells."""

import math
import types
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.audit.probe_calls import META, Look, state_of
from grader.audit.probe_cells import SIZES, sizes_by_name

STD = 0.01  # of the notes' N(0, 0.01²)
SIGMAS = 6.0  # a right sample is outside with a chance of 2e-9
COURSE = {"d": 80, "h": 100, "q": 60, "L": 3}  # large enough for statistics


def parameter_looks(solution: types.ModuleType) -> list[Look]:
    """Probes of an exercise's ``get_params``."""
    sizes = [sizes_by_name(solution.get_params, each) for each in [COURSE, *SIZES]]
    return _looks("get_params", [tuple(each) for each in sizes])


def _looks(function: str, cases: list[tuple[Any, ...]]) -> list[Look]:
    """Of the first case the distribution, too; of the others what small ones tell."""

    def look(watch: Callable, *arguments: Any) -> Look:
        return lambda module: watch(getattr(module, function), *arguments)

    found = [look(_sample, *cases[0])]
    found += [look(_kinds_of, *case) for case in cases[1:]]
    return found + [look(_devices, *cases[-1], device) for device in (META, "meta")]


def _listed(value: Any) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else list(value)


def _kinds(value: Any) -> Any:
    """How many there are, their shapes, whether they are leaves, and which are zero."""
    return [
        (tuple(p.shape), p.dtype, p.is_leaf, p.requires_grad, p.device.type, bool(p.any()))
        for p in _listed(value)
    ]


def _kinds_of(function: Callable, *arguments: Any) -> Any:
    return _kinds(function(*arguments))


def _devices(function: Callable, *arguments: Any) -> Any:
    return [(tuple(p.shape), p.dtype, p.device.type) for p in _listed(function(*arguments))]


def _sample(function: Callable, *sizes: Any) -> Any:
    """Two calls: each tensor's distribution, and that no two of them are alike or share memory."""
    first, second = (_listed(function(*sizes)) for _ in range(2))
    drawn = [p.detach().double() for p in [*first, *second] if p.any()]
    return {
        "kinds": [_kinds(value) for value in (first, second)],
        "draws": [_statistics(p.detach().double()) for p in [*first, *second]],
        "own": len({p.data_ptr() for p in [*first, *second]}),
        "bare": isinstance(function(*sizes), Tensor),
        "unlike": _unlike(drawn),
    }


def _unlike(samples: list[Tensor]) -> bool:
    """Whether no two samples have anything to do with each other, as far as one can see."""
    if not samples:
        return True
    size = min(sample.numel() for sample in samples)
    rows = torch.stack([sample.reshape(-1)[:size] for sample in samples])
    rows = rows / rows.norm(dim=1, keepdim=True)
    return float((rows @ rows.T).tril(-1).abs().max()) < SIGMAS / math.sqrt(size)


def _statistics(values: Tensor) -> Any:
    """Whether a tensor is all zero, or has the moments of a sample of N(0, 0.01²)."""
    if not values.any():
        return "zero"
    size, z = values.numel(), values / STD
    bounds = {
        "mean": (float(z.mean()), 0.0, 1.0),
        "variance": (float((z**2).mean()), 1.0, 2.0),
        "third": (float((z**3).mean()), 0.0, 15.0),
        "fourth": (float((z**4).mean()), 3.0, 96.0),
    }
    found = {
        name: abs(value - right) < SIGMAS * math.sqrt(variance / size)
        for name, (value, right, variance) in bounds.items()
    }
    sums = [z.sum(dim=axis).flatten() for axis in range(z.dim())] if z.dim() > 1 else []
    found["distinct"] = all(len(each.unique()) == len(each) for each in sums)
    found["independent"] = all(_unit(each / math.sqrt(size / len(each))) for each in sums)
    return found


def _unit(sums: Tensor) -> bool:
    """Whether sums over rows or columns vary as those of independent numbers do."""
    return abs(float((sums**2).mean()) - 1) < SIGMAS * math.sqrt(2 / len(sums))


def state_looks(solution: types.ModuleType, function: str) -> list[Look]:
    """Probes of an ``init_·_state``: zeros of a floating type, each with memory of its own."""
    maker = getattr(solution, function)
    cases = [sizes_by_name(maker, each) for each in SIZES]

    def look(watch: Callable, *arguments: Any) -> Look:
        return lambda module: watch(getattr(module, function), *arguments)

    found = [look(_zeros, *case) for case in cases]
    return found + [look(_places, *cases[0], device) for device in (META, "meta")]


def _zeros(function: Callable, *sizes: int) -> Any:
    first, second = (state_of(function(*sizes)) for _ in range(2))
    kinds = [(tuple(m.shape), m.is_floating_point(), m.device.type, bool(m.any())) for m in first]
    return kinds, len({m.data_ptr() for m in [*first, *second]}), [m.requires_grad for m in first]


def _places(function: Callable, *arguments: Any) -> Any:
    return [(matrix.device.type, tuple(matrix.shape)) for matrix in state_of(function(*arguments))]


LOOKS: dict[str, list[Look]] = {
    "normal_param": _looks("normal_param", [((150, 120),), ((3, 1),), ((5,),), ((2, 3, 4),)]),
    "zero_param": _looks("zero_param", [(7,), (1,), (30,)]),
    "gate_params": _looks("gate_params", [(110, 140), (3, 1), (1, 4)]),
    "output_params": _looks("output_params", [(140, 110), (1, 3), (4, 1)]),
}
