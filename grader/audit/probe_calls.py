"""Looking at one call: results, gradients, arguments left alone; in forms that can be compared."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from grader.nested import map_tensors, tensors_in

META = torch.device("meta")
UNREADABLE = ("item()", "_local_scalar_dense", "aten::nonzero")
Look = Callable[[Any], Any]  # from a module to what its function did


class _Unknown:
    """What can't be told, or is free: it agrees with everything."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()


@dataclasses.dataclass(frozen=True)
class Near:
    """A number or a tensor for which the interface allows more than rounding."""

    value: Any
    tolerance: float


class Draw:
    """Tensors of order 1 from a seeded generator, in float64."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, *shape: int, scale: float = 1.0) -> Tensor:
        return scale * torch.randn(shape, generator=self.generator, dtype=torch.float64)

    def integers(self, high: int, *shape: int) -> Tensor:
        """Whole numbers in [0, high), int64."""
        return torch.randint(high, shape, generator=self.generator)


def leaves(value: Any, grad: bool = True) -> Any:
    """A copy whose floating tensors are leaves, which ask for gradients or not."""

    def leaf(tensor: Tensor) -> Tensor:
        copy = tensor.detach().clone()
        return copy.requires_grad_() if grad and copy.is_floating_point() else copy

    return map_tensors(value, leaf)


def moved(value: Any, dtype: torch.dtype, device: str | torch.device = "cpu") -> Any:
    """A copy whose floating tensors are of ``dtype`` and on ``device``."""

    def move(tensor: Tensor) -> Tensor:
        return tensor.detach().to(device, dtype if tensor.is_floating_point() else None, copy=True)

    return map_tensors(value, move)


def sequence(value: Any, length: int, joined: bool = False) -> Tensor:
    """T matrices in any allowed form as one (T·n, ...) tensor; ``joined``: it may be one already.

    Raises:
        TypeError: if it is none, or not of ``length``.
    """
    if isinstance(value, Tensor):
        if value.dim() == 3 and len(value) == length:
            return value.reshape(-1, value.shape[-1])
        if value.dim() == 2 and joined:
            return value
        raise TypeError("no sequence of matrices")
    if not isinstance(value, (list, tuple)) or len(value) != length:
        raise TypeError("no sequence of matrices")
    return torch.cat([matrix_of(item) for item in value])


def matrix_of(value: Any) -> Tensor:
    """A matrix; raises TypeError for anything else."""
    if not isinstance(value, Tensor) or value.dim() != 2:
        raise TypeError("no matrix")
    return value


def state_of(value: Any) -> list[Tensor]:
    """The matrices of a state; raises TypeError for a bare tensor."""
    if not isinstance(value, (tuple, list)):
        raise TypeError("a state is a tuple or a list")
    return [matrix_of(item) for item in value]


def call(function: Callable, arguments: list[Any], wrap: Callable[[Any], list[Tensor]]) -> Any:
    """Results, all gradients of a weighted sum of them, arguments after it, and a second call."""
    given = leaves(arguments)
    inside = list(tensors_in(given))
    before = [tensor.detach().clone() for tensor in inside]
    form = _form(given)
    results = wrap(function(*given))
    untouched = _form(given) == form and all(map(torch.equal, before, inside))
    _weighted(results)
    again = wrap(function(*given))
    return {
        "results": [result.detach().clone() for result in results],
        "gradients": [_gradient(leaf) for leaf in inside if leaf.is_floating_point()],
        "untouched": untouched and all(map(torch.equal, before, inside)),
        "again": all(_equal(a.detach(), b.detach()) for a, b in zip(results, again, strict=True)),
    }


def values(function: Callable, arguments: list[Any], wrap: Callable[[Any], list[Tensor]]) -> Any:
    """Results and arguments after the call, where nothing is differentiated."""
    given = leaves(arguments, grad=False)
    inside = list(tensors_in(given))
    before = [tensor.clone() for tensor in inside]
    form = _form(given)
    results = [result.detach().clone() for result in wrap(function(*given))]
    again = wrap(function(*given))
    return {
        "results": results,
        "untouched": _form(given) == form and all(map(torch.equal, before, inside)),
        "again": len(again) == len(results) and all(map(_equal, results, again)),
    }


def on_meta(function: Callable, arguments: list[Any], wrap: Callable[[Any], list[Tensor]]) -> Any:
    """Devices, dtypes and shapes of the results for arguments without data.

    A function that reads values can't be asked; that is no fault.
    """
    try:
        results = wrap(function(*moved(arguments, torch.float64, META)))
    except (RuntimeError, NotImplementedError, TypeError) as error:
        if any(words in str(error) for words in UNREADABLE):
            return UNKNOWN
        raise
    return [(result.device.type, result.dtype, tuple(result.shape)) for result in results]


def _form(value: Any) -> Any:
    """Which objects stand where."""
    if isinstance(value, (list, tuple)):
        return [id(value), *map(_form, value)]
    return id(value)


def _weighted(results: Iterable[Tensor]) -> None:
    total: Any = 0.0
    for index, result in enumerate(results):
        if result.requires_grad:
            places = torch.arange(result.numel(), dtype=result.dtype).view_as(result)
            total = total + (result * torch.sin(1 + index + places)).sum()
    if isinstance(total, Tensor):
        total.backward()


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _equal(left: Tensor, right: Tensor) -> bool:
    return left.shape == right.shape and torch.allclose(left, right, 1e-9, 1e-9, equal_nan=True)
