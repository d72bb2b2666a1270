"""Reading a response on the trusted side: everything that others rely on is looked at first.

A worker that the submission has taken over may send any well-formed response. Lists that belong to
lists of the request have their lengths, numbers of arguments are such, and gradients have the
shapes of what they are gradients of. Values are of any kind: to judge them is the checks' business.
"""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from grader.sandbox import changes, recording, values, wire


@dataclasses.dataclass(frozen=True)
class Read:
    """A response as values. ``gradients`` has None where there is none.

    ``changed`` are the numbers of the arguments that came back with other numbers or another form.
    """

    value: Any
    gradients: list[Any]
    arguments: list[Any]
    constants: list[Any]
    changed: list[int]


def read(
    request: wire.Request,
    response: wire.Response,
    payload: bytes,
    tensor: Callable[..., Any],
    sent: bytes = b"",
) -> Read:
    """The values in a response to ``request``.

    Args:
        tensor: makes a tensor from its node, its data (None on meta) and its gradient.
        sent: the bytes that went with the request.

    Raises:
        wire.ProtocolError: if the response contradicts the request, its payload or the limits.
    """
    timed = request.timed is not None
    leaves = [] if timed or isinstance(request.cotangent, wire.NoneNode) else _leaves(request)
    asked = len(request.arguments) if request.report_arguments and not timed else 0
    if _was_too_large(response):
        nothing = values.Opaque("result", "too_large")
        return Read(nothing, [None] * len(leaves), [nothing] * asked, [], [])
    _require(len(response.gradients) == len(leaves), "gradients")
    _require(len(response.arguments) == asked, "arguments")
    _require(len(response.constants) <= (recording.CONSTANTS if request.record else 0), "constants")
    for numbers in (response.mutated, response.rebound):
        _require(all(0 <= number < len(request.arguments) for number in numbers), "numbers")
        _require(len(set(numbers)) == len(numbers), "numbers")
    decoder = values.Decoder(payload, tensor)
    value = decoder.decode(response.value)
    gradients = [
        decoded if isinstance(node, wire.TensorNode) and node.shape == leaf.shape else None
        for node, leaf in zip(response.gradients, leaves, strict=True)
        for decoded in [decoder.decode(node)]
    ]
    start = decoder.offset
    arguments = [decoder.decode(node) for node in response.arguments]
    back = memoryview(payload)[start:]
    changed = changes.changed(request.arguments, sent, response.arguments, back)
    made = [(node, decoder.decode(node)) for node in response.constants]
    constants = [constant for node, constant in made if isinstance(node, wire.TensorNode)]
    return Read(value, gradients, arguments, constants, changed)


def _was_too_large(response: wire.Response) -> bool:
    """Whether a worker could send nothing of its answer, because all in all it was too large."""
    value, rest = response.value, (response.gradients, response.arguments, response.constants)
    return isinstance(value, wire.OpaqueNode) and value.note == "too_large" and not any(rest)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise wire.ProtocolError(what)


def _leaves(request: wire.Request) -> list[wire.TensorNode]:
    """The tensors of a request that require gradients, in the order in which a worker reads."""
    return [leaf for node in request.arguments for leaf in _tensors(node) if leaf.requires_grad]


def _tensors(node: wire.Node) -> Iterator[wire.TensorNode]:
    if isinstance(node, wire.TensorNode):
        yield node
    elif isinstance(node, wire.SequenceNode):
        for item in node.items:
            yield from _tensors(item)
    elif isinstance(node, wire.MappingNode):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _tensors(key)
            yield from _tensors(value)
    elif isinstance(node, wire.StandInNode):
        for item in node.values:
            yield from _tensors(item)
