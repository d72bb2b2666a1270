"""Which arguments of a call came back changed, from what was sent and what was sent back.

The worker says so itself, and a submission can take the worker over. So where it is asked to send
the arguments back as they are after the call, they are compared here, byte for byte. Objects that
stay in the worker can't be; nor can what was too large to come back.
"""

from grader.sandbox import wire

_LIMITS = ("too_large", "too_many", "too_deep")
_NUMBERS = (wire.IntNode, wire.FloatNode, wire.BoolNode)


def changed(
    given: list[wire.Node], payload: bytes, returned: list[wire.Node], data: memoryview
) -> list[int]:
    """The numbers of the arguments whose structure or numbers are others than those given.

    Args:
        given, payload: as they were sent.
        returned, data: as they came back.
    """
    ours, theirs = _Bytes(memoryview(payload)), _Bytes(data)
    found = []
    for number, (before, after) in enumerate(zip(given, returned, strict=False)):
        if _flat(before, ours) != _flat(after, theirs) and not _is_out_of_reach(before, after):
            found.append(number)
    return found


class _Bytes:
    """The tensors' bytes of a message, in the order of its nodes."""

    def __init__(self, content: memoryview) -> None:
        self.content = content
        self.offset = 0

    def next(self, count: int) -> bytes:
        """Those of the next tensor."""
        self.offset += count
        return bytes(self.content[self.offset - count : self.offset])


def _flat(node: wire.Node, content: _Bytes) -> list[object]:
    """What counts of a node, and of all below it, in their order."""
    if isinstance(node, wire.TensorNode):
        found: list[object] = ["tensor", node.dtype, tuple(node.shape), content.next(node.nbytes)]
        if node.grad is not None:
            _flat(node.grad, content)  # a gradient may come and go
        return found
    if isinstance(node, wire.SequenceNode):
        kind = "tuple" if node.kind == "tuple" else "list"  # of a generator come its items
        inner = [part for item in node.items for part in _flat(item, content)]
        return [kind, len(node.items), *inner]
    if isinstance(node, wire.MappingNode):
        pairs = [part for pair in zip(node.keys, node.values, strict=False) for part in pair]
        return ["map", len(pairs), *(part for item in pairs for part in _flat(item, content))]
    if isinstance(node, wire.TextNode):
        return ["text", node.text]
    if isinstance(node, _NUMBERS):
        return [type(node).__name__, repr(node.value)]  # NaN is NaN
    if isinstance(node, wire.StandInNode):
        for item in node.values:
            _flat(item, content)
    return []


def _is_out_of_reach(before: wire.Node, after: wire.Node) -> bool:
    """Whether an argument, or a part of it, stayed in the worker or did not fit into the answer."""
    kept = (wire.StandInNode, wire.HandleNode, wire.DeviceNode, wire.DtypeNode, wire.NoneNode)
    return isinstance(before, kept) or _has_limit(after)


def _has_limit(node: wire.Node) -> bool:
    if isinstance(node, wire.SequenceNode):
        return any(_has_limit(item) for item in node.items)
    if isinstance(node, wire.MappingNode):
        return any(_has_limit(item) for item in (*node.keys, *node.values))
    return isinstance(node, wire.OpaqueNode) and node.note in _LIMITS
