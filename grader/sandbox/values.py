"""Python values to wire nodes and back: tensors as raw bytes, everything else by exact type.

Both sides use it. In the worker the functions of torch are captured here, at import, before any
line of a submission runs. Nothing is ever called *on* a value that a submission made except those
captured functions, and only on plain tensors: a subclass or an unknown object becomes an
``OpaqueNode`` that names its type.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.sandbox import limits, wire

_PLAIN_TENSORS: dict[type, str] = {
    torch.Tensor: "tensor",
    nn.Parameter: "parameter",
    nn.Buffer: "tensor",
}
_PARAMETER_LISTS = (nn.ParameterList,)
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.float64, torch.float32, torch.float16, torch.bfloat16),
        *(torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool),
        *(torch.complex64, torch.complex128),
    )
}
_DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_NUMPY_DTYPES = set(_DTYPE_NAMES) - {torch.bfloat16}
_LARGEST_EXTENT = 1 << 48  # elements or bytes
_detach = torch.Tensor.detach
_reshape = torch.Tensor.reshape
_contiguous = torch.Tensor.contiguous
_view = torch.Tensor.view
_to_numpy = torch.Tensor.numpy
_resolve_conj = torch.Tensor.resolve_conj
_resolve_neg = torch.Tensor.resolve_neg
_to = torch.Tensor.to
_numel = torch.Tensor.numel
_storage = torch.Tensor.untyped_storage
_offset, _stride = torch.Tensor.storage_offset, torch.Tensor.stride
_is_contiguous = torch.Tensor.is_contiguous
_from_numpy = torch.from_numpy


def dtype_name(dtype: torch.dtype) -> str:
    """``torch.float32`` → "float32"; an exotic dtype keeps its own name."""
    return _DTYPE_NAMES.get(dtype, str(dtype).removeprefix("torch."))


class Encoder:
    """Turns values into nodes and collects the tensors' bytes.

    Args:
        result_bytes: tensors beyond this many bytes in all become opaque.
        take: how many items to draw from an iterator at most; 0 leaves iterators opaque.
        storages: numbers given to addresses so far, to tell what two messages share.
        handle: keeps a module and gives it a number; None leaves modules opaque.
    """

    def __init__(
        self,
        result_bytes: int = limits.PAYLOAD_BYTES,
        take: int = 0,
        storages: dict[int, int] | None = None,
        handle: Callable[[nn.Module], wire.HandleNode] | None = None,
    ) -> None:
        self.chunks: list[bytes] = []
        self.left = result_bytes
        self.items = limits.ITEMS
        self.take = take
        self.storages = {} if storages is None else storages
        self.handle = handle
        self.tensors: list[torch.Tensor] = []  # in the order of the nodes

    @property
    def payload(self) -> bytes:
        """All tensors' bytes, in the order of their nodes."""
        return b"".join(self.chunks)

    def encode(self, value: Any, depth: int = 0) -> wire.Node:
        """One value as a node; never fails on what it does not know, but says what it was."""
        self.items -= 1
        if self.items < 0:
            return wire.OpaqueNode(_type_name(value), "too_many")
        kind = type(value)
        if kind in _PLAIN_TENSORS:
            return self._tensor(value, _PLAIN_TENSORS[kind])
        if kind in _SCALARS:
            return _SCALARS[kind](value)
        if depth >= limits.DEPTH:
            return wire.OpaqueNode(_type_name(value), "too_deep")
        return self._container(value, kind, depth)

    def _container(self, value: Any, kind: type, depth: int) -> wire.Node:
        if issubclass(kind, (list, tuple)):
            return self._sequence("list" if issubclass(kind, list) else "tuple", value, depth)
        if issubclass(kind, _PARAMETER_LISTS):
            return self._sequence("parameters", list(value), depth)
        if issubclass(kind, (dict, Mapping)):
            return self._mapping(value, depth)
        if issubclass(kind, torch.Tensor):
            return wire.OpaqueNode(_type_name(value), "tensor_subclass")
        for scalar in (int, float, str):  # np.float64, IntEnum, ... by their value
            if issubclass(kind, scalar):
                return _SCALARS[scalar](scalar(value))
        if issubclass(kind, np.floating):  # np.float32 is no float, but as good as one
            return wire.FloatNode(float(value))
        if issubclass(kind, (np.ndarray, np.generic)):
            return self._array(value)
        if self.handle is not None and issubclass(kind, nn.Module):
            return self.handle(value)
        if self.take and hasattr(kind, "__iter__"):
            return self._drawn(value, depth)
        return wire.OpaqueNode(_type_name(value))

    def _sequence(self, kind: str, items: Any, depth: int) -> wire.Node:
        nodes = []
        for item in items:
            if self.items < 0:
                return wire.OpaqueNode(kind, "too_many")
            nodes.append(self.encode(item, depth + 1))
        return wire.SequenceNode(kind, nodes)

    def _mapping(self, value: Mapping, depth: int) -> wire.Node:
        keys, values = [], []
        for key, item in value.items():
            if self.items < 0:
                return wire.OpaqueNode("dict", "too_many")
            keys.append(self.encode(key, depth + 1))
            values.append(self.encode(item, depth + 1))
        return wire.MappingNode(keys, values)

    def _drawn(self, value: Any, depth: int) -> wire.Node:
        items: list[wire.Node] = []
        for item in value:
            if len(items) >= self.take:
                return wire.OpaqueNode(_type_name(value), "endless")
            items.append(self.encode(item, depth + 1))
        return wire.SequenceNode("iterator", items)

    def _array(self, value: Any) -> wire.Node:
        try:
            tensor = _from_numpy(np.array(value))
        except TypeError:
            return wire.OpaqueNode(_type_name(value))
        return self._tensor(tensor, "array")

    def _tensor(self, value: torch.Tensor, kind: str, with_grad: bool = True) -> wire.Node:
        dtype = dtype_name(value.dtype)
        if value.layout is not torch.strided:
            return wire.OpaqueNode("Tensor", "sparse")
        if dtype not in _DTYPES:
            return wire.OpaqueNode("Tensor", dtype)
        if value.dim() > limits.DEPTH:
            return wire.OpaqueNode("Tensor", "too_deep")
        shape, device = list(value.shape), str(value.device)
        nbytes, number = 0, -1
        if value.device.type != "meta":
            nbytes = _numel(value) * value.element_size()
            if nbytes > self.left:
                return wire.OpaqueNode("Tensor", "too_large")
            self.left -= nbytes
            self.chunks.append(tensor_bytes(value))
            number = self.storages.setdefault(_storage(value).data_ptr(), len(self.storages))
        node = wire.TensorNode(dtype, shape, nbytes, device, kind, value.requires_grad)
        node.is_leaf, node.storage = value.is_leaf, number
        if number >= 0:
            node.start = int(_offset(value)) * value.element_size()
            if not _is_contiguous(value):
                node.strides = [int(step) * value.element_size() for step in _stride(value)]
        self.tensors.append(value)
        if with_grad and node.is_leaf and node.requires_grad:
            grad = value.grad
            if grad is not None and type(grad) in _PLAIN_TENSORS:
                encoded = self._tensor(grad, "tensor", with_grad=False)
                node.grad = encoded if isinstance(encoded, wire.TensorNode) else None
                self.tensors.pop()
        return node


def tensor_bytes(tensor: torch.Tensor) -> bytes:
    """The elements of a tensor in row-major order, as bytes, whatever its strides or device."""
    if tensor.dtype in _NUMPY_DTYPES and tensor.device.type == "cpu" and not tensor.is_conj():
        return _to_numpy(_resolve_neg(_detach(tensor))).tobytes()
    plain = _resolve_neg(_resolve_conj(_detach(tensor)))
    flat = _contiguous(_reshape(_to(plain, "cpu"), (-1,)))
    return _to_numpy(_view(flat, torch.uint8)).tobytes() if _numel(flat) else b""


def _type_name(value: Any) -> str:
    return type.__getattribute__(type(value), "__name__")[:80]


def _int(value: int) -> wire.Node:
    if -(2**63) <= value < 2**63:
        return wire.IntNode(value)
    return wire.OpaqueNode("int", "too_large")


def _text(value: str) -> wire.Node:
    text = value[: limits.TEXT_CHARS].encode("utf-8", "replace").decode()
    return wire.TextNode(text, len(value))


_SCALARS: dict[type, Callable[[Any], wire.Node]] = {
    type(None): lambda _: wire.NoneNode(),
    bool: lambda value: wire.BoolNode(value),
    int: _int,
    float: lambda value: wire.FloatNode(value),
    str: _text,
    torch.device: lambda value: wire.DeviceNode(str(value)),
    torch.dtype: lambda value: wire.DtypeNode(dtype_name(value)),
}


class Decoder:
    """Turns nodes back into values, reading tensors from the payload in order.

    Args:
        payload: the bytes that came with the nodes.
        tensor: makes a leaf from (node, data or None); by default a plain torch tensor.
        standin: makes a function from a StandInNode and its decoded values.
        handle: finds the object of a HandleNode; by default a ``Handle`` that describes it.
        place: the device for what the nodes have on "cpu".
    """

    def __init__(
        self,
        payload: bytes,
        tensor: Callable[[wire.TensorNode, torch.Tensor | None, Any], Any] | None = None,
        standin: Callable[[str, list[Any]], Any] | None = None,
        handle: Callable[[int], Any] | None = None,
        place: str = "cpu",
    ) -> None:
        self.payload = memoryview(payload)
        self.offset = 0
        self.make_tensor = tensor or _plain_tensor
        self.make_standin = standin
        self.find = handle
        self.place = place
        self.items = limits.ITEMS * 2

    def decode(self, node: wire.Node, depth: int = 0) -> Any:
        """The value of one node.

        Raises:
            wire.ProtocolError: if the node contradicts the payload or the limits.
        """
        self.items -= 1
        if self.items < 0 or depth > limits.DEPTH + 2:
            raise wire.ProtocolError("too many items")
        match node:
            case wire.TensorNode():
                return self._tensor(node)
            case wire.SequenceNode(kind, items):
                return _sequence(kind, [self.decode(item, depth + 1) for item in items])
            case wire.MappingNode(keys, values):
                return self._mapping(keys, values, depth)
            case wire.DeviceNode(name):
                return self._device(name)
            case wire.DtypeNode(name):
                return _DTYPES[name] if name in _DTYPES else Opaque("dtype", name)
            case wire.TextNode(text, _):
                return text
            case wire.IntNode(value) | wire.FloatNode(value) | wire.BoolNode(value):
                return value
            case wire.NoneNode():
                return None
            case wire.StandInNode(name, values) if self.make_standin:
                return self.make_standin(name, [self.decode(item, depth + 1) for item in values])
            case wire.HandleNode(number, type_name, kinds):
                return self.find(number) if self.find else Handle(number, type_name, tuple(kinds))
        return Opaque(node.type_name, node.note) if isinstance(node, wire.OpaqueNode) else None

    def _device(self, name: str) -> torch.device:
        try:
            return torch.device(self.place if name == "cpu" else name)
        except (RuntimeError, ValueError, OverflowError):
            raise wire.ProtocolError("device") from None

    def _mapping(self, keys: list[wire.Node], values: list[wire.Node], depth: int) -> dict:
        if len(keys) != len(values):
            raise wire.ProtocolError("mapping")
        decoded = {}
        for key, value in zip(keys, values, strict=True):
            name = self.decode(key, depth + 1)
            item = self.decode(value, depth + 1)
            if type(name) in (str, int, float, bool, type(None)):
                decoded[name] = item
        return decoded

    def _tensor(self, node: wire.TensorNode) -> Any:
        data = self._data(node)
        grad = self._tensor(node.grad) if node.grad is not None else None
        if node.device == "cpu" != self.place:
            node.device = self.place
        return self.make_tensor(node, data, grad)

    def _data(self, node: wire.TensorNode) -> torch.Tensor | None:
        if node.dtype not in _DTYPES or len(node.shape) > limits.DEPTH or node.nbytes < 0:
            raise wire.ProtocolError("tensor")
        dtype, count, extent = _DTYPES[node.dtype], 1, 1
        for size in node.shape:
            count *= size
            extent *= max(size, 1)
            if size < 0 or extent > _LARGEST_EXTENT:  # torch can't even describe it
                raise wire.ProtocolError("shape")
        places = (node.start, *node.strides)
        if len(node.strides) not in (0, len(node.shape)) or not all(
            0 <= place <= _LARGEST_EXTENT for place in places
        ):
            raise wire.ProtocolError("place")
        if node.device == "meta":
            if node.nbytes:
                raise wire.ProtocolError("size")
            return None
        end = self.offset + node.nbytes
        if count * dtype.itemsize != node.nbytes or end > len(self.payload):
            raise wire.ProtocolError("size")
        chunk, self.offset = self.payload[self.offset : end], end
        if not count:
            return torch.empty(node.shape, dtype=dtype)
        return torch.frombuffer(bytearray(chunk), dtype=dtype).reshape(node.shape)


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A result that did not cross the boundary: its type's name, and a code for the reason."""

    type_name: str
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Handle:
    """An object of the submission that stayed in the worker; ``kinds`` are its torch.nn classes."""

    number: int
    type_name: str
    kinds: tuple[str, ...]


class ParameterSequence(list):
    """A list that came from, or goes to, an ``nn.ParameterList``."""


def _sequence(kind: str, items: list[Any]) -> Any:
    if kind == "tuple":
        return tuple(items)
    if kind == "generator":
        return (item for item in items)
    if kind == "parameters":
        return ParameterSequence(items)
    return items


def _plain_tensor(node: wire.TensorNode, data: torch.Tensor | None, grad: Any) -> torch.Tensor:
    """A tensor as an argument: on its device, a leaf, with its gradient."""
    if data is None:
        tensor = torch.empty(node.shape, dtype=_DTYPES[node.dtype], device="meta")
    else:
        tensor = data.to(node.device)
    if node.kind == "parameter":
        tensor = nn.Parameter(tensor, requires_grad=node.requires_grad)
    elif node.requires_grad:
        tensor.requires_grad_()
    if grad is not None:
        tensor.grad = grad
    return tensor
