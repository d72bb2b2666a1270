"""Which tensors of a submission share memory, from what its worker says about where they lie.

Sharing means bytes in common: views of one buffer that don't overlap are as good as buffers of
their own. The places are the worker's word. Honest code has an honest worker; code that lies can
only call its own tensors separate, as it always could by calling their storages so. Whatever it
says, the work here grows with the bytes that it sent.
"""

import math
from collections.abc import Sequence

import numpy as np

from grader.submission import Returned


def owners(tensors: Sequence[Returned]) -> list[int]:
    """For each tensor the number of the first one it has bytes in common with; else its own."""
    found = list(range(len(tensors)))
    groups: dict[int, list[int]] = {}
    for index, tensor in enumerate(tensors):
        if tensor.node.storage >= 0 and tensor.node.nbytes > 0:
            groups.setdefault(tensor.node.storage, []).append(index)
    for group in groups.values():
        if len(group) > 1:
            first = _first_users([tensors[index] for index in group])
            for index, user in zip(group, first, strict=True):
                found[index] = group[user]
    return found


def shared_with(tensors: Sequence[Returned], earlier: Sequence[Returned]) -> list[int]:
    """Numbers of the ``tensors`` that have bytes in common with one of the ``earlier`` ones."""
    together = owners([*earlier, *tensors])[len(earlier) :]
    return [index for index, owner in enumerate(together) if owner < len(earlier)]


def _first_users(tensors: Sequence[Returned]) -> list[int]:
    """For each view of one storage the number of the first view that has one of its bytes."""
    unit = math.gcd(*(number for tensor in tensors for number in _steps(tensor)))
    parts = [_units(tensor, unit) for tensor in tensors]
    sizes = [len(part) for part in parts]
    _, first, places = np.unique(np.concatenate(parts), return_index=True, return_inverse=True)
    users = np.repeat(np.arange(len(tensors)), sizes)[first][places]
    ends = np.cumsum(sizes)
    return [int(users[end - size : end].min()) for size, end in zip(sizes, ends, strict=True)]


def _item_size(tensor: Returned) -> int:
    return tensor.node.nbytes // math.prod(tensor.node.shape)


def _strides(tensor: Returned) -> list[int]:
    """Bytes from one entry to the next along each axis; a dense tensor's need not be told."""
    node = tensor.node
    if len(node.strides) == len(node.shape):
        return node.strides
    sizes = [*node.shape[1:], 1]
    return [math.prod(sizes[axis:]) * _item_size(tensor) for axis in range(len(sizes))]


def _steps(tensor: Returned) -> list[int]:
    return [_item_size(tensor), tensor.node.start, *_strides(tensor)]


def _units(tensor: Returned, unit: int) -> np.ndarray:
    """The numbers of all units of memory that a view takes, ``unit`` bytes each."""
    taken = np.full(1, tensor.node.start // unit, dtype=np.int64)
    for size, stride in zip(tensor.node.shape, _strides(tensor), strict=True):
        taken = (taken[:, None] + np.arange(size) * (stride // unit)).reshape(-1)
    return (taken[:, None] + np.arange(_item_size(tensor) // unit)).reshape(-1)
