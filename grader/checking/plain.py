"""Plain data, for questions and right answers: a digest of it, and its form in a file.

Plain data are tensors, numbers, strings and None, and lists, tuples, dicts and dataclasses of them.
The file's form is msgpack with a fixed schema; nothing in it is code.
"""

import dataclasses
import hashlib
import math
import struct
from collections.abc import Iterator
from typing import Any

import msgspec
import torch

DIGEST = 16  # bytes
MOST_DIMENSIONS, LARGEST_EXTENT = 16, 1 << 48  # of a tensor
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (torch.float64, torch.float32, torch.int64, torch.int32, torch.bool)
}


class _Tensor(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    dtype: str
    shape: list[int]
    data: bytes


class _Items(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    kind: str
    items: "list[_Node]"


class _Pairs(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    keys: "list[_Node]"
    values: "list[_Node]"


class _Plain(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    value: bool | int | float | str | None


_Node = _Tensor | _Items | _Pairs | _Plain
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Node).decode


def pack(value: Any) -> bytes:
    """An answer as bytes.

    Raises:
        TypeError: if it is no plain data.
    """
    return _encode(_node(value))


def unpack(content: bytes | msgspec.Raw) -> Any:
    """What was packed.

    Raises:
        msgspec.DecodeError: if the bytes have another schema, or contradict themselves.
    """
    try:
        return _value(_decode(content))
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError("not plain data") from error


def digest(question: str, arguments: Any) -> str:
    """A name for a question, the same on every machine."""
    state = hashlib.sha256(question.encode())
    for part in _parts(arguments):
        state.update(struct.pack("<q", len(part)))
        state.update(part)
    return state.digest()[:DIGEST].hex()


def _parts(value: Any) -> Iterator[bytes]:
    if isinstance(value, torch.Tensor):
        yield f"tensor {value.dtype} {list(value.shape)}".encode()
        yield _bytes(value)
    elif isinstance(value, dict):
        yield f"dict {len(value)}".encode()
        for key, item in value.items():
            yield from _parts(key)
            yield from _parts(item)
    elif isinstance(value, (list, tuple)):
        yield f"{'list' if isinstance(value, list) else 'tuple'} {len(value)}".encode()
        for item in value:
            yield from _parts(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__.encode()
        yield from _parts([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif value is None or isinstance(value, (bool, int, float, str, torch.dtype, torch.device)):
        yield f"{type(value).__name__} {value!r}".encode()
    else:
        raise TypeError(f"a question is plain data, and this is a {type(value).__name__}")


def _bytes(tensor: torch.Tensor) -> bytes:
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _node(value: Any) -> _Node:
    if isinstance(value, torch.Tensor):
        name = str(value.dtype).removeprefix("torch.")
        return _Tensor(name, list(value.shape), _bytes(value))
    if isinstance(value, dict):
        return _Pairs([_node(key) for key in value], [_node(item) for item in value.values()])
    if isinstance(value, Iterator):
        value = list(value)
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return _Items(kind, [_node(item) for item in value])
    if value is None or isinstance(value, (bool, int, float, str)):
        return _Plain(value)
    raise TypeError(f"an answer is plain data, and this is a {type(value).__name__}")


def _value(node: _Node) -> Any:
    if isinstance(node, _Tensor):
        return _tensor(node)
    if isinstance(node, _Pairs):
        keys = [_value(key) for key in node.keys]
        plain = all(key is None or isinstance(key, (bool, int, float, str)) for key in keys)
        if not plain or len(keys) != len(node.values):
            raise msgspec.DecodeError("not the items of a dict")
        return dict(zip(keys, map(_value, node.values), strict=True))
    if isinstance(node, _Items):
        items = [_value(item) for item in node.items]
        return items if node.kind == "list" else tuple(items)
    return node.value


def _tensor(node: _Tensor) -> torch.Tensor:
    dtype = _DTYPES.get(node.dtype)
    extent = math.prod(max(size, 1) for size in node.shape[:MOST_DIMENSIONS])
    if dtype is None or len(node.shape) > MOST_DIMENSIONS or extent > LARGEST_EXTENT:
        raise msgspec.DecodeError("not a tensor")
    if any(size < 0 for size in node.shape):
        raise msgspec.DecodeError("not a shape")
    if math.prod(node.shape) * dtype.itemsize != len(node.data):
        raise msgspec.DecodeError("not as many numbers as a shape says")
    if not node.data:
        return torch.zeros(node.shape, dtype=dtype)
    return torch.frombuffer(bytearray(node.data), dtype=dtype).reshape(node.shape).clone()
