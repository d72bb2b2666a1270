"""The questions of a run put to a trusted function, and replies in a form that can be compared.

The trusted function is called by the worker's own code, so what comes back has been through the
same boundary as the submission's answers. Modules that it makes are kept here, and the numbers by
which the questions name them are translated.
"""

import contextlib
import dataclasses
import io
import math
import types
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import torch

from grader.checking import errors, memory, nesting, printed
from grader.exchanges import Exchange
from grader.sandbox import loading, values, wire, worker
from grader.submission import Returned

TOLERANCE = {"float64": 1e-8, "float32": 1e-4}  # two ways to compute the same, with gradients
CLIPPED = 1e-5  # an ε beside the norm, or a norm summed up in float32
REPLAY_S = 2.0  # of processor time: no known mistake takes a tenth of that, if it ends
NOWHERE = "/nowhere"  # no frame of an exception lies in a submission here


@dataclasses.dataclass(frozen=True, eq=False)
class Reply:
    """What came back for one question, in a form that can be compared.

    What no check looks at is left out: a missing gradient is one of zeros, and where a function
    returns something the ``.grad`` of its arguments is a leftover.

    Attributes:
        error: the exception's type, and its message without names, if one was raised.
        form: how the result is nested; the first of two parts may take several forms.
        numbers: all numbers of the result in order, as float64.
        words: what else it holds: strings, None, what did not cross; each tensor's dtype, shape
            and memory, unless the result may take several forms; what was printed, if that counts.
        gradients: for each argument that wants one: its numbers.
        changed: numbers of the arguments that were changed, and of those that lost their .grad.
    """

    error: str
    form: str
    numbers: torch.Tensor
    words: tuple[str, ...]
    gradients: tuple[torch.Tensor, ...]
    changed: tuple[tuple[int, ...], tuple[int, ...]]
    tolerance: float

    def equals(self, other: "Reply") -> bool:
        """Whether both could come from the same code."""
        return (
            (self.error, self.words, self.changed) == (other.error, other.words, other.changed)
            and self.form == other.form
            and self._close(self.numbers, other.numbers)
            and len(self.gradients) == len(other.gradients)
            and all(map(self._close, self.gradients, other.gradients))
        )

    def _close(self, left: torch.Tensor, right: torch.Tensor) -> bool:
        if left.shape != right.shape:
            return False
        both = (left - right).abs() <= self.tolerance * (1 + right.abs())
        same = both | (left == right) | (left.isnan() & right.isnan())
        return bool(same.all())


class Replay:
    """One trusted function that is asked a run's questions, in their order."""

    def __init__(self, function: Callable) -> None:
        self._function = function
        self._numbers: dict[int, int] = {}  # of modules: the submission's, and ours
        self._names: dict[str, str] = {}  # of their parameters

    def ask(self, exchange: Exchange) -> Reply:
        """The function's reply to the question of ``exchange``.

        Raises:
            KeyError: if the question is about a module that the submission made and this did not.
        """
        request = self._translated(exchange.request)
        module = types.SimpleNamespace(**{request.function: self._function})
        with contextlib.redirect_stdout(io.StringIO()) as shown, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what wrong versions do
            with loading.time_limit(REPLAY_S):  # one may never end on what somebody else was asked
                response, data = worker.execute(request, exchange.payload, module, NOWHERE, "")
        theirs, mine = exchange.response.value, response.value
        if isinstance(theirs, wire.HandleNode) and isinstance(mine, wire.HandleNode):
            self._numbers[theirs.number] = mine.number
        if request.function == "@parameters":
            self._match_names(theirs, mine)
        return reply_of(response, data, request, exchange.starts, shown.getvalue())

    def _translated(self, request: wire.Request) -> wire.Request:
        """The same question in our modules' numbers and names of parameters."""
        if not request.function.startswith("@"):
            return request
        (first, *others) = request.arguments
        assert isinstance(first, wire.HandleNode)
        given: list[wire.Node] = [wire.HandleNode(self._numbers[first.number])]
        for node in others:
            if request.function == "@load" and isinstance(node, wire.MappingNode):
                keys = [self._renamed(key) for key in node.keys]
                node = wire.MappingNode(keys, node.values)
            given.append(node)
        copied = {name: getattr(request, name) for name in wire.Request.__struct_fields__}
        return wire.Request(**{**copied, "arguments": given})

    def _renamed(self, key: wire.Node) -> wire.Node:
        assert isinstance(key, wire.TextNode)
        name = self._names.get(key.text, key.text)
        return wire.TextNode(name, len(name))

    def _match_names(self, theirs: wire.Node, mine: wire.Node) -> None:
        """Pair the parameters of both modules: by name, else in order, by shape."""
        given, own = _shapes(theirs), _shapes(mine)
        self._names = {name: name for name in given if own.get(name) == given[name]}
        free: dict[tuple[int, ...], list[str]] = {}
        for name in reversed(own):
            if name not in self._names:
                free.setdefault(own[name], []).append(name)
        for name in given:
            if name not in self._names and free.get(given[name]):
                self._names[name] = free[given[name]].pop()


def _shapes(node: wire.Node) -> dict[str, tuple[int, ...]]:
    if not isinstance(node, wire.MappingNode):
        return {}
    return {
        key.text: tuple(value.shape)
        for key, value in zip(node.keys, node.values, strict=False)
        if isinstance(key, wire.TextNode) and isinstance(value, wire.TensorNode)
    }


def reply_to(exchange: Exchange) -> Reply:
    """The submission's own reply.

    Raises:
        wire.ProtocolError: if it contradicts itself.
    """
    shown = exchange.printed.decode("utf-8", "replace")
    return reply_of(exchange.response, exchange.data, exchange.request, exchange.starts, shown)


def reply_of(
    response: wire.Response,
    data: bytes,
    request: wire.Request,
    starts: tuple[str, ...] = (),
    shown: str = "",
) -> Reply:
    """A response in a form that can be compared.

    Args:
        starts: how texts that are printed begin, if what is printed is part of the reply.
        shown: what was printed.

    Raises:
        wire.ProtocolError: if it contradicts itself.
    """
    decoder = values.Decoder(data, Returned)
    value = decoder.decode(response.value)
    gradients = [decoder.decode(node) for node in response.gradients]
    after = [decoder.decode(node) for node in response.arguments]
    numbers: list[torch.Tensor] = []
    words: list[str] = []
    kinds: set[str] = set()
    if request.function == "@parameters":
        value = _registered(value)
    # what returns nothing is there for its effects; else .grad is a leftover
    effects = isinstance(response.value, wire.NoneNode)
    _collect([value, after], numbers, words, kinds, grads=effects)
    form = nesting.form(value)
    if form.replace("sequence", "").strip("( )") == "":  # batches: their dtypes are free
        words += [str(list(tensor.shape)) for tensor in _tensors(value)]
    elif "*" not in form:
        words += _facts(value, own=not _tensors_of(request.arguments))
    words += printed.facts(shown, starts, value) if starts else []
    flat = torch.cat(numbers) if numbers else torch.zeros(0, dtype=torch.float64)
    return Reply(
        error=errors.plain(response.error) if response.error else "",
        form=form,
        numbers=flat,
        words=tuple(words),
        gradients=_gradients(gradients, request),
        changed=(tuple(response.mutated), tuple(response.rebound) if effects else ()),
        tolerance=_tolerance(kinds, bool(response.mutated)),
    )


def _tolerance(kinds: set[str], changed: bool) -> float:
    """What two ways to compute the same may differ by; after a clipped step, by torch's own ε."""
    usual = TOLERANCE["float32" if "float32" in kinds or not kinds else "float64"]
    return max(usual, CLIPPED) if changed else usual


def _gradients(found: list[Any], request: wire.Request) -> tuple[torch.Tensor, ...]:
    """The numbers of each gradient; one that is missing is zero."""
    wanted = [node for node in _tensors_of(request.arguments) if node.requires_grad]
    if len(wanted) != len(found):
        return tuple(_numbers(each) for each in found if isinstance(each, Returned))
    return tuple(
        _numbers(each)
        if isinstance(each, Returned)
        else torch.zeros(math.prod(node.shape), dtype=torch.float64)
        for each, node in zip(found, wanted, strict=True)
    )


def _tensors_of(nodes: Iterable[wire.Node]) -> list[wire.TensorNode]:
    found: list[wire.TensorNode] = []
    for node in nodes:
        if isinstance(node, wire.TensorNode):
            found.append(node)
        elif isinstance(node, wire.SequenceNode):
            found += _tensors_of(node.items)
        elif isinstance(node, (wire.MappingNode, wire.StandInNode)):
            found += _tensors_of(node.values)
    return found


def _registered(value: Any) -> Any:
    """Parameters by name: of torch's own layers as they are, of other modules their shapes.

    How a module calls its parameters, and what they are at first, is its own business.
    """
    if not isinstance(value, dict) or any(str(name).startswith("weight_ih") for name in value):
        return value
    return sorted(f"{_facts(item)}" for item in value.values())


def _collect(
    value: Any, numbers: list[torch.Tensor], words: list[str], kinds: set[str], grads: bool = True
) -> None:
    if isinstance(value, Returned):
        if value.data is None:
            words.append("no data")
        else:
            numbers.append(_numbers(value))
            kinds.add(value.node.dtype)
        if value.grad is not None and grads:
            _collect(value.grad, numbers, words, kinds)
    elif isinstance(value, dict):
        words += sorted(
            {f"{nesting.kind(key)}: {nesting.kind(item)}" for key, item in value.items()}
        )
        _collect([*value.keys(), *value.values()], numbers, words, kinds, grads)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, numbers, words, kinds, grads)
    elif isinstance(value, (bool, int, float)):
        numbers.append(torch.tensor([float(value)], dtype=torch.float64))
        kinds.add("float64")
    elif isinstance(value, values.Handle):
        words.append(" ".join(value.kinds))
    else:
        words.append(str(value))


def _facts(value: Any, own: bool = True) -> list[str]:
    """Each tensor's dtype, shape and part in the graph, and if ``own`` a number for its memory."""
    tensors = _tensors(value)
    memories: dict[int, int] = {}
    facts = []
    for tensor, owner in zip(tensors, memory.owners(tensors), strict=True):
        node = tensor.node
        number = memories.setdefault(owner, len(memories)) if own else ""
        leaf = f"{node.requires_grad} {node.is_leaf}"
        facts.append(f"{node.dtype} {list(node.shape)} {leaf} {number}")
    return facts


def _tensors(value: Any) -> list[Returned]:
    if isinstance(value, Returned):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for item in value for t in _tensors(item)] if isinstance(value, (list, tuple)) else []


def _numbers(tensor: Returned) -> torch.Tensor:
    assert tensor.data is not None
    data = torch.view_as_real(tensor.data) if tensor.data.is_complex() else tensor.data
    return data.detach().reshape(-1).double()
