"""How much memory a value takes, and what is kept within a given room.

Whatever a submission returns, the grading process stays small: answers are remembered, and kept for
the diagnosis and for messages, as long as there is room. Honest ones are a thousand times smaller.
"""

from typing import Any

import torch

MIB = 1 << 20
REMEMBERED_BYTES = 32 * MIB  # of one function's answers
FUNCTION_BYTES = MIB // 2  # of a function's answers that are kept for the diagnosis in any case
KEPT_BYTES = 96 * MIB  # of those of a run
SHOWN_BYTES = 64 * MIB  # of all values that findings show
ITEM = 100  # bytes of an object beside what it holds


class Room:
    """So many bytes, to be taken until they are used up."""

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, size: int) -> bool:
        """Whether there was room for ``size`` more bytes; they are taken then."""
        if size > self.left:
            return False
        self.left -= size
        return True


class Remembered(dict[Any, Any]):
    """A dict that forgets what is oldest when its values become too heavy; never the newest."""

    def __init__(self, most: int = REMEMBERED_BYTES) -> None:
        super().__init__()
        self._most = most
        self._weights: dict[Any, int] = {}

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        self._weights.pop(key, None)
        self._weights[key] = weight(value)
        total = sum(self._weights.values()) if self._weights[key] > MIB else 0
        for old in [*self._weights][:-1] if total > self._most else []:
            total -= self._weights.pop(old)
            del self[old]
            if total <= self._most:
                break

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._weights.clear()


def weight(value: Any) -> int:
    """About how many bytes of memory a value takes: tensors, strings, what holds others."""
    total, queue = 0, [value]
    while queue:
        item = queue.pop()
        total += ITEM
        if isinstance(item, torch.Tensor):
            total += 0 if item.is_meta else item.numel() * item.element_size()
        elif isinstance(item, (str, bytes)):
            total += len(item)
        elif isinstance(item, (list, tuple)):
            queue += item
        elif isinstance(item, dict):
            queue += [*item.keys(), *item.values()]
        else:
            queue += _parts(item)
    return total


def _parts(item: Any) -> list[Any]:
    """What answers, findings and returned tensors hold, by the names of their fields."""
    held = getattr(item, "__dataclass_fields__", ())
    return [getattr(item, name) for name in _FIELDS if name in held]


_FIELDS = (
    "data grad value values items gradients arguments constants exchange payload program "
    "returned expected call printed"
).split()

__all__ = ["FUNCTION_BYTES", "ITEM", "KEPT_BYTES", "SHOWN_BYTES", "Remembered", "Room", "weight"]
