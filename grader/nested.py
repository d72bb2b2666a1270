"""Tensors inside nested lists, tuples and dicts."""

from collections.abc import Callable, Iterator
from typing import Any

import torch


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors of nested lists, tuples and dicts, in order."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)


def map_tensors(value: Any, function: Callable[[torch.Tensor], Any]) -> Any:
    """The same nested structure with ``function`` applied to every tensor."""
    if isinstance(value, torch.Tensor):
        return function(value)
    if isinstance(value, (list, tuple)):
        items = [map_tensors(item, function) for item in value]
        return tuple(items) if isinstance(value, tuple) else type(value)(items)
    if isinstance(value, dict):
        return {key: map_tensors(item, function) for key, item in value.items()}
    return value


def cast(value: Any, dtype: torch.dtype, requires_grad: bool = False) -> Any:
    """A copy with every floating tensor in ``dtype``, as leaves that require gradients or not."""

    def convert(tensor: torch.Tensor) -> torch.Tensor:
        if not tensor.is_floating_point():
            return tensor
        return tensor.detach().to(dtype).clone().requires_grad_(requires_grad)

    return map_tensors(value, convert)
