"""Right answers: those of the reference, or what a course recorded of them.

Checks ask for them in one way only:

    reference = answers.reference("solutions.gru")
    reference.reset_gate(X, H, W_xr, W_hr, b_r)

In the kit this calls the function. A student's edition has no solutions: there the answer is looked
up under a digest of the question, that is, of the function's name and its arguments to the last bit
(they are multiples of 1/8: exact on every machine). So a question must be plain data, and so must
its answer: tensors, numbers, strings, None, and lists, tuples and dicts of them. While a release
records, both happen: the function is called, and its answer is kept.

The file is msgpack with a fixed schema (``Recorded``); nothing in it is code.
"""

import dataclasses
import functools
import hashlib
import importlib
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import torch

from grader import edition as editions
from grader.nested import map_tensors

SCHEMA = 1
DIGEST = 16  # bytes
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (torch.float64, torch.float32, torch.int64, torch.int32, torch.bool)
}


class NotRecorded(Exception):
    """A question that this edition has no answer to."""


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


class Recorded(msgspec.Struct):
    """The file of recorded answers.

    Attributes:
        answers: by the question's digest, in hexadecimal.
        draws: for each spec, seed and count the sizes and seeds of the bank's cases, so that the
            same cases are looked at whatever hypothesis would draw.
    """

    schema: int
    answers: dict[str, msgspec.Raw]
    draws: dict[str, list[tuple[list[int], int]]]


class Book:
    """Where answers come from. This one calls the reference, and keeps nothing."""

    recording = False
    recorded = False

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The right answer to a question about plain data."""
        return compute()

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """The cases that ``draw`` gives, or where they are recorded their sizes and seeds."""
        return draw()


class Recorder(Book):
    """A book that also keeps every answer."""

    recording = True

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.drawn: dict[str, list[tuple[list[int], int]]] = {}

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The right answer, kept."""
        key = digest(question, arguments)
        if key not in self.answers:
            self.answers[key] = _encode(_node(compute()))
        return _value(_decode(self.answers[key]))

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """What is drawn; its sizes and seeds are kept."""
        cases = draw()
        self.drawn[name] = [(list(case.sizes.values()), case.seed) for case in cases]
        return cases

    def content(self) -> bytes:
        """The file: the same bytes for the same answers, in whichever order they came."""
        answers = {key: msgspec.Raw(value) for key, value in sorted(self.answers.items())}
        draws = dict(sorted(self.drawn.items()))
        return _encode(Recorded(SCHEMA, answers, draws))


class RecordedBook(Book):
    """A book that can only look answers up."""

    recorded = True

    def __init__(self, content: bytes) -> None:
        """Read a file.

        Raises:
            msgspec.ValidationError: if it is none of this schema.
        """
        found = msgspec.msgpack.decode(content, type=Recorded)
        if found.schema != SCHEMA:
            raise msgspec.ValidationError(f"answers of schema {found.schema}, not {SCHEMA}")
        self._answers, self._draws = found.answers, found.draws

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The recorded answer.

        Raises:
            NotRecorded: if there is none.
        """
        found = self._answers.get(digest(question, arguments))
        if found is None:
            raise NotRecorded(question)
        return _value(_decode(found))

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """The sizes and seeds that were drawn.

        Raises:
            NotRecorded: if nothing was.
        """
        found = self._draws.get(name)
        if found is None:
            raise NotRecorded(name)
        return found


@functools.cache
def _book() -> list[Book]:
    if not editions.is_student():
        return [Book()]
    return [RecordedBook((editions.ROOT / editions.ANSWERS).read_bytes())]


def book() -> Book:
    """Where this process's right answers come from."""
    return _book()[0]


def record() -> Recorder:
    """From now on keep every answer; to be called before any check is imported."""
    recorder = Recorder()
    _book()[:] = [recorder]
    return recorder


@dataclasses.dataclass(frozen=True)
class Right:
    """A function that gives right answers; called, or looked up."""

    module: str
    name: str

    def __call__(self, *arguments: Any) -> Any:
        """Its answer."""
        return book().answer(str(self), arguments, lambda: self.live(*arguments))

    @property
    def live(self) -> Callable:
        """The function itself.

        Raises:
            ModuleNotFoundError: in a student's edition.
        """
        return getattr(importlib.import_module(self.module), self.name)

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Reference:
    """A module of right answers by its name; it need not be there."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Right:
        if name.startswith("__"):
            raise AttributeError(name)
        return Right(self._module, name)


def reference(module: str) -> Reference:
    """The functions of ``solutions.gru``, say, for checks."""
    return Reference(module)


def live(function: Callable) -> Callable:
    """What is called for a ``Right``, or the function itself."""
    return function.live if isinstance(function, Right) else function


def form_of(value: Any) -> Any:
    """A question's arguments without their numbers: shapes and plain values are left."""
    return map_tensors(value, lambda tensor: ("tensor", list(tensor.shape)))


def zeros_like(value: Any) -> Any:
    """An answer without its numbers."""
    return map_tensors(value, torch.zeros_like)


def digest(question: str, arguments: Any) -> str:
    """A name for a question, the same on every machine."""
    state = hashlib.sha256(question.encode())
    for part in _parts(arguments):
        state.update(struct.pack("<q", len(part)))
        state.update(part)
    return state.digest()[:DIGEST].hex()


def probe() -> str:
    """What a seeded generator gives here: where it differs, other questions would be drawn."""
    generator = torch.Generator().manual_seed(2026)
    normal = (torch.randn(40, generator=generator, dtype=torch.float64) * 64).round()
    drawn = [normal, torch.rand(8, generator=generator, dtype=torch.float64)]
    drawn += [torch.randint(1000, (8,), generator=generator)]
    return digest("probe", [*drawn, torch.randperm(16, generator=generator)])


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
        dtype = _DTYPES[node.dtype]
        if not node.data:
            return torch.zeros(node.shape, dtype=dtype)
        return torch.frombuffer(bytearray(node.data), dtype=dtype).reshape(node.shape).clone()
    if isinstance(node, _Pairs):
        return {_value(k): _value(v) for k, v in zip(node.keys, node.values, strict=True)}
    if isinstance(node, _Items):
        items = [_value(item) for item in node.items]
        return items if node.kind == "list" else tuple(items)
    return node.value


__all__ = ["NotRecorded", "book", "digest", "record", "reference"]
