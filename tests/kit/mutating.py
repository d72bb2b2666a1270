"""Answers that are almost right: the solutions give them in this process, and they are changed.

A hostile worker can send any well-formed response. Here a right one is taken and changed at a few
places where it crosses the boundary: a tensor becomes a number, a list loses an item, numbers
become NaN, a gradient is missing. Whatever comes of it is judged.
"""

import contextlib
import importlib
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest

from grader import submission
from grader.checking import session
from grader.sandbox import client, wire, worker

SIZES = {
    **dict.fromkeys(("int8", "uint8", "bool"), 1),
    **dict.fromkeys(("float16", "bfloat16", "int16"), 2),
    **dict.fromkeys(("float32", "int32"), 4),
    **dict.fromkeys(("float64", "int64", "complex64"), 8),
    "complex128": 16,
}
SHAPES = ([], [1], [0], [2, 3], [3], [0, 3], [1] * 12, [2, 2, 2], [1] * 13)
INTEGERS = (0, 1, -1, 10**18, 2**63 - 1, -(2**63), 2**64 - 1)
FLOATS = (float("nan"), float("inf"), -float("inf"), -0.0, 1e308, 5e-324, 1.5)
TEXTS = ("", "x", "a" * 20_000, "::error::x", "\x1b[2J", "\x00", "\u202e", "=1+1", "学")
NAMES = ("nonsense", "cpu", "meta", "", "cuda:0", "cuda:99999999999999", "\0")
Slot = tuple[Any, Any]  # a list and a place in it, or an object and an attribute


class Mutator:
    """Changes responses at random; ``count`` of them so far."""

    def __init__(self, seed: int, share: float = 1.0) -> None:
        self.draw = random.Random(seed)
        self.share = share
        self.count = 0
        self.bytes: dict[int, bytes] = {}
        self.kept: list[Any] = []  # alive, so that an id stands for one node

    def __call__(self, response: wire.Response, payload: bytes) -> tuple[wire.Response, bytes]:
        """A response with a few changes, and its payload."""
        if response.error is not None or self.draw.random() >= self.share:
            return response, payload
        self.count += 1
        self.bytes, self.kept = {}, [response]
        lists = (response.gradients, response.arguments, response.constants)
        rest = payload
        for node in [response.value, *(node for each in lists for node in each)]:
            for tensor in tensors_of(node):
                self.bytes[id(tensor)], rest = rest[: tensor.nbytes], rest[tensor.nbytes :]
        for _ in range(self.draw.choice((1, 1, 1, 2, 4))):
            self._change(response)
        if self.draw.random() < 0.1:
            response.mutated = self.draw.choice(([], [0], [-1], [99], [0, 0]))
        nodes = [response.value, *response.gradients, *response.arguments, *response.constants]
        tensors = [tensor for node in nodes for tensor in tensors_of(node)]
        return response, b"".join(self.bytes.get(id(tensor), b"") for tensor in tensors)

    def _change(self, response: wire.Response) -> None:
        slots = [(response, "value")]
        for each in (response.gradients, response.arguments, response.constants):
            slots += [(each, index) for index in range(len(each))]
        for holder, key in list(slots):
            slots += slots_in(holder[key] if isinstance(holder, list) else getattr(holder, key))
        holder, key = self.draw.choice(slots)
        node = holder[key] if isinstance(holder, list) else getattr(holder, key)
        if isinstance(node, wire.TensorNode) and self.draw.random() < 0.7:
            self._change_tensor(node)
        elif isinstance(node, wire.SequenceNode) and self.draw.random() < 0.7:
            self._change_items(node)
        elif isinstance(holder, list):
            holder[key] = self.leaf()
        else:
            setattr(holder, key, self.leaf())
        if self.draw.random() < 0.05:
            each = self.draw.choice((response.gradients, response.arguments))
            each[:] = each[:-1] if self.draw.random() < 0.5 else [*each, self.leaf()]

    def _change_tensor(self, node: wire.TensorNode) -> None:
        content = self.bytes.get(id(node), b"")
        what = self.draw.randrange(8)
        if what == 0:
            size = SIZES.get(node.dtype)
            node.dtype = self.draw.choice([name for name, own in SIZES.items() if own == size])
        elif what == 1:
            node.shape = node.shape[::-1]
        elif what == 2:
            node.device, node.nbytes, self.bytes[id(node)] = "meta", 0, b""
        elif what == 3:
            node.requires_grad, node.is_leaf = not node.requires_grad, self.draw.random() < 0.5
        elif what == 4:
            self.bytes[id(node)] = bytes(self.draw.choice((0, 0x7F, 0xFF)) for _ in content)
        elif what == 5:
            node.storage = self.draw.randrange(-1, 4)
        elif what == 6:
            node.kind = self.draw.choice(("tensor", "parameter", "array", "odd"))
        else:
            node.grad = self.tensor()

    def _change_items(self, node: wire.SequenceNode) -> None:
        what = self.draw.randrange(5)
        if what == 0:
            node.items = node.items[: self.draw.randrange(len(node.items) + 1)]
        elif what == 1:
            node.items = [*node.items, *node.items[-1:], self.leaf()]
        elif what == 2:
            node.items = node.items[::-1]
        elif what == 3:
            kinds = ("list", "tuple", "generator", "iterator", "parameters", "odd")
            node.kind = self.draw.choice(kinds)
        else:
            node.items = [self.leaf()] * self.draw.choice((1, 3, 500))

    def tensor(self) -> wire.TensorNode:
        """Any small tensor."""
        dtype, shape = self.draw.choice(list(SIZES)), list(self.draw.choice(SHAPES))
        count = 1
        for size in shape:
            count *= size
        device = self.draw.choice(("cpu", "cpu", "cpu", "meta", "cuda:0", "nonsense"))
        content = b"" if device == "meta" else self.draw.randbytes(count * SIZES[dtype])
        node = wire.TensorNode(dtype, shape, len(content), device)
        self.bytes[id(node)] = content
        self.kept.append(node)
        return node

    def leaf(self, depth: int = 0) -> wire.Node:
        """Any small value."""
        draw, choice = self.draw, self.draw.choice
        what = draw.randrange(11)
        if what < 4:
            return self.tensor()
        if what == 4 and depth < 3:
            items = [self.leaf(depth + 1) for _ in range(draw.randrange(4))]
            if draw.random() < 0.5:
                return wire.SequenceNode(choice(("list", "tuple", "parameters", "odd")), items)
            return wire.MappingNode(items, [self.leaf(depth + 1) for _ in items])
        others: list[wire.Node] = [
            wire.IntNode(choice(INTEGERS)),
            wire.FloatNode(choice(FLOATS)),
            wire.TextNode(choice(TEXTS), choice((0, 1, -5, 10**12))),
            wire.NoneNode(),
            wire.BoolNode(draw.random() < 0.5),
            wire.OpaqueNode(choice(("Tensor", "", "x" * 500)), choice(("", "too_large", "odd"))),
            wire.DeviceNode(choice(NAMES)),
            wire.DtypeNode(choice(("nonsense", "float32", "bfloat16", ""))),
            wire.HandleNode(choice((0, 1, -1, 2**63 - 1)), "LSTM", ["LSTM", "RNNBase", "Module"]),
            wire.HandleNode(1, "x" * 300, []),
            wire.StandInNode("cell", []),
        ]
        return choice(others)


def tensors_of(node: Any) -> Iterator[wire.TensorNode]:
    """The tensors of a node, in the order of their bytes."""
    if isinstance(node, wire.TensorNode):
        yield node
        if node.grad is not None:
            yield from tensors_of(node.grad)
    elif isinstance(node, wire.SequenceNode):
        for item in node.items:
            yield from tensors_of(item)
    elif isinstance(node, wire.MappingNode):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from tensors_of(key)
            yield from tensors_of(value)


def slots_in(node: Any) -> Iterator[Slot]:
    """Every place inside a node where another node stands."""
    lists = [node.items] if isinstance(node, wire.SequenceNode) else []
    lists = [node.keys, node.values] if isinstance(node, wire.MappingNode) else lists
    for each in lists:
        for index, item in enumerate(each):
            yield each, index
            yield from slots_in(item)


class _NoTemplate:
    """In the place of the processes: there are none."""

    def __init__(self, *_: Any) -> None:
        self.stop = None

    def serves_meta(self) -> bool:
        return True

    def close(self) -> None:
        pass


class _NoWorker:
    """In the place of a worker: asked for what a call called, it is gone."""

    output, output_dropped, layers, called = b"", 0, ["seccomp"], []
    is_loaded = serves_meta = True
    wall_used = cpu_used = 0.0
    header_bytes = 0
    pid, device = 0, "cpu"

    def ask(self, *_: Any) -> None:
        raise client.WorkerLost("died", {})

    def drop(self) -> None:
        pass


@contextlib.contextmanager
def answering(mutate: Mutator) -> Iterator[session.Engine]:
    """An engine whose answers are the solutions', given in this process and changed."""
    here = _NoWorker()
    honest: set[int] = set()  # the reference, where a check that broke down is tried over it
    beside = submission.Submission.beside

    def beside_honest(asked, folder):
        other = beside(asked, folder)
        honest.add(id(other))
        kept.append(other)
        return other

    kept: list[submission.Submission] = []  # so that no other gets its id

    def exchange(function, own, request, payload, call):
        name = function.exercise.name
        place = "grader.referee.replay" if name == "replay" else f"solutions.{name}"
        module = importlib.import_module(place)
        asked = wire.unpack_request(wire.pack(request, b"")[8:])  # nothing of it is shared
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            response, data = worker.execute(asked, payload, module, "/nowhere", name)
        own.output = printed.getvalue().encode()
        if name == "replay" or id(function.exercise.submission) in honest:
            return response, data
        response, data = mutate(wire.unpack_response(wire.pack(response, b"")[8:]), data)
        try:
            return wire.unpack_response(wire.pack(response, b"")[8:]), data
        except wire.ProtocolError:  # it would have been refused on arrival
            return wire.Response(request.nonce, wire.NoneNode()), b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "Template", _NoTemplate)
        own = submission.Function
        patch.setattr(own, "_ready_worker", lambda function, call, meta: here)
        patch.setattr(own, "_exchange", exchange)
        patch.setattr(own, "_end_worker", lambda function: None)
        patch.setattr(own, "_give_back", lambda function: None)
        patch.setattr(submission.Submission, "beside", beside_honest)
        yield session.Engine(template=_NoTemplate())
