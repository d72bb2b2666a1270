"""A device where nothing is missing: meta tensors with their numbers behind them, on the CPU.

On torch's ``meta`` device code can be seen to make its tensors where it should, but nothing there
can be read: ``.item()``, ``if tensor:``, ``nonzero``, a ``torch.Generator`` raise, though they work
on every real device. Here they work too. Each buffer on meta has one on the CPU; an operation is
carried out there, and what comes out is a meta tensor again, a view of whatever it is a view of.
Tensors of two devices don't mix, as on an accelerator.

A buffer that meta made unseen reads as zeros: what is asked for here is where tensors are, and
numbers only so that the code can go on.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

COPIES = ("_to_copy", "copy_", "copy")  # between devices
INDEXED = ("index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index")
_tensor, _as_tensor = torch.tensor, torch.as_tensor
_storage, _offset = torch.Tensor.untyped_storage, torch.Tensor.storage_offset
_stride, _set, _empty = torch.Tensor.stride, torch.Tensor.set_, torch.empty


class Mirror(TorchDispatchMode):
    """Numbers for all meta tensors while it is entered, and for those that ``put`` made."""

    def __init__(self) -> None:
        super().__init__()
        self._there: dict[int, torch.UntypedStorage] = {}  # meta's buffer, by the CPU's
        self._here: dict[int, torch.UntypedStorage] = {}  # the CPU's, by meta's

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # as in recording.py

    def put(self, tensor: torch.Tensor) -> torch.Tensor:
        """The meta tensor that has this CPU tensor behind it."""
        here = _storage(tensor)
        if here._cdata not in self._there:
            self._pair(_buffer(here.nbytes(), "meta"), here)
        return _view(tensor, self._there[here._cdata], "meta")

    def get(self, tensor: torch.Tensor) -> torch.Tensor:
        """The CPU tensor behind a meta tensor; others as they are."""
        if not tensor.is_meta:
            return tensor
        there = _storage(tensor)
        if there._cdata not in self._here:
            self._pair(there, _buffer(there.nbytes(), "cpu"))
        return _view(tensor, self._here[there._cdata], "cpu")

    def _pair(self, there: torch.UntypedStorage, here: torch.UntypedStorage) -> None:
        """Keep both, so that a number goes on meaning one buffer."""
        self._there[here._cdata], self._here[there._cdata] = there, here

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Carry an operation out on the numbers behind its tensors."""
        keywords = dict(kwargs or {})
        tensors = list(_tensors([args, keywords]))
        on_meta = any(tensor.is_meta for tensor in tensors)
        place = keywords.get("device")
        to_meta = on_meta if place is None else torch.device(place).type == "meta"
        if not on_meta and not to_meta:
            return func(*args, **keywords)
        if on_meta:
            _do_not_mix(func._opname, args, tensors)
        behind = [self.get(tensor) for tensor in tensors]
        given = {id(tensor): here for tensor, here in zip(tensors, behind, strict=True)}
        origin = {id(here): tensor for tensor, here in zip(tensors, behind, strict=True)}
        args, keywords = _mapped((args, keywords), lambda tensor: given[id(tensor)])
        if place is not None:
            keywords["device"] = torch.device("cpu")
        result = func(*args, **keywords)

        def beyond(tensor: torch.Tensor) -> torch.Tensor:
            if id(tensor) not in origin:
                return self.put(tensor) if to_meta else tensor
            changed = origin[id(tensor)]  # in place
            if changed.is_meta and _layout(changed) != _layout(tensor):  # squeeze_ and the like
                there = self.put(tensor)
                _set(changed, _storage(there), _offset(there), there.shape, _stride(there))
            return changed

        return _mapped(result, beyond)


def _do_not_mix(name: str, args: tuple, tensors: list[torch.Tensor]) -> None:
    """As on an accelerator: single numbers may be on the CPU, and indices into what is not."""
    if name in COPIES:
        return
    if name in INDEXED and args[0].is_meta:
        tensors = list(_tensors(args[2:]))
    if any(tensor.dim() and not tensor.is_meta for tensor in tensors):
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, "
            "meta and cpu!"
        )


def _buffer(size: int, device: str) -> torch.UntypedStorage:
    make = torch.zeros if device == "cpu" else _empty
    return _storage(make(size, dtype=torch.uint8, device=device))


def _view(like: torch.Tensor, storage: torch.UntypedStorage, device: str) -> torch.Tensor:
    view = _empty(0, dtype=like.dtype, device=device)
    return _set(view, storage, _offset(like), like.shape, _stride(like))


def _layout(tensor: torch.Tensor) -> tuple:
    return tensor.shape, _stride(tensor), _offset(tensor)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, (list, tuple)):
        items = [_mapped(item, change) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {name: _mapped(item, change) for name, item in value.items()}
    return value


class _GeneratorThere(torch.Generator):
    """A generator for meta, which has none: the CPU's, where the numbers are."""

    there: torch.device

    def __new__(cls, device: Any = "cpu") -> "_GeneratorThere":
        there = torch.device(device)
        where = "cpu" if there.type == "meta" else there
        made = super().__new__(cls, where)  # type: ignore[call-arg]  # torch's stub has __init__
        made.there = there
        return made

    @property
    def device(self) -> torch.device:  # type: ignore[override]  # torch's stub has an attribute
        """The device that it was asked for."""
        return self.there


def _with_numbers(make: Callable) -> Callable:
    """``torch.tensor`` puts numbers on meta without an operation: lost, but for this detour."""

    def made(data: Any, *args: Any, **keywords: Any) -> torch.Tensor:
        place = keywords.get("device")
        if isinstance(data, (list, tuple)):
            data = _mapped(data, lambda tensor: tensor.tolist())
        elsewhere = place is None or torch.device(place).type != "meta"
        if elsewhere or isinstance(data, torch.Tensor):
            return make(data, *args, **keywords)
        wants_gradient = keywords.pop("requires_grad", False)
        here = make(data, *args, **{**keywords, "device": "cpu"})
        return here.to(place).requires_grad_(wants_gradient)

    return made


_SUBSTITUTES = (
    (torch.Generator, _GeneratorThere),
    (_tensor, _with_numbers(_tensor)),
    (_as_tensor, _with_numbers(_as_tensor)),
)


@contextlib.contextmanager
def entered(mirror: Mirror, package: str) -> Iterator[None]:
    """Run under ``mirror``, with what meta lacks under torch's names and under a package's."""
    places = [torch, *(m for n, m in list(sys.modules.items()) if n.startswith(f"{package}."))]
    replaced = [
        (vars(module), name, value, substitute)
        for module in places
        for name, value in list(vars(module).items())
        for original, substitute in _SUBSTITUTES
        if value is original
    ]
    try:
        for namespace, name, _, substitute in replaced:
            namespace[name] = substitute
        with mirror:
            yield
    finally:
        for namespace, name, value, substitute in replaced:
            if namespace.get(name) is substitute:
                namespace[name] = value
