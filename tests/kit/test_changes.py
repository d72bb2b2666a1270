"""Whether a call changed its arguments is seen on this side, from what was sent and came back."""

import struct

import pytest
from torch import nn

from grader.sandbox import changes, handles, wire


def tensor(*numbers: float, shape: list[int] | None = None) -> tuple[wire.TensorNode, bytes]:
    """A float64 tensor as its node and its bytes."""
    content = struct.pack(f"{len(numbers)}d", *numbers)
    return wire.TensorNode("float64", shape or [len(numbers)], len(content)), content


def sent(*parts: tuple[wire.TensorNode, bytes]) -> tuple[list[wire.Node], bytes]:
    """Arguments of a call: a list of all tensors but the last, then the last one."""
    nodes = [node for node, _ in parts]
    return [wire.SequenceNode("generator", nodes[:-1]), nodes[-1]], b"".join(b for _, b in parts)


GIVEN = sent(tensor(1.0, 2.0), tensor(3.0), tensor(4.0, float("nan")))


@pytest.mark.parametrize(
    ("back", "found"),
    [
        (sent(tensor(1.0, 2.0), tensor(3.0), tensor(4.0, float("nan"))), []),
        (sent(tensor(1.0, 2.5), tensor(3.0), tensor(4.0, float("nan"))), [0]),
        (sent(tensor(1.0, 2.0), tensor(3.0), tensor(5.0, float("nan"))), [1]),
        (sent(tensor(1.0, 2.0, shape=[2, 1]), tensor(3.0), tensor(4.0, float("nan"))), [0]),
        (sent(tensor(1.0, 2.0), tensor(3.0), tensor(3.0), tensor(4.0, float("nan"))), [0]),
        (sent(tensor(1.0, 2.0), tensor(4.0, float("nan"))), [0]),
    ],
)
def test_a_changed_argument_is_found_by_its_bytes(back, found):
    """Another number, another shape, an item more or less; NaN stays what it was."""
    assert changes.changed(*GIVEN, back[0], memoryview(back[1])) == found


def test_what_stays_in_the_worker_can_t_be_compared():
    """Functions, modules and what was too large come back as other things, and are no change."""
    given = [wire.StandInNode("cell", []), wire.HandleNode(1), wire.SequenceNode("list", [])]
    opaque = wire.OpaqueNode("list", "too_large")
    back = [wire.OpaqueNode("function"), wire.HandleNode(2), opaque]
    assert changes.changed(given, b"", back, memoryview(b"")) == []


def test_plain_values_are_compared_with_their_types():
    """True is not 1, a tuple no list, and a key that is new is a change."""
    given = [wire.IntNode(1), wire.SequenceNode("tuple", []), wire.MappingNode([], [])]
    new = wire.MappingNode([wire.TextNode("a", 1)], [wire.IntNode(1)])
    back = [wire.BoolNode(True), wire.SequenceNode("list", []), new]
    assert changes.changed(given, b"", back, memoryview(b"")) == [0, 1, 2]


class Own(nn.LSTM):
    """Torch's own class with a constructor of its own."""

    def __init__(self) -> None:
        super().__init__(2, 3)


class Loop(Own):
    """A class that computes in its own way."""

    def forward(self, inputs, state=None):
        """Something else than an LSTM."""
        return inputs, state


class Namesake(nn.Module):
    """A class that calls itself what it is not."""

    def forward(self, inputs):
        """Nothing."""
        return inputs


def test_a_class_of_torch_is_known_by_what_it_is():
    """Neither a name nor a module makes a class torch's, nor does a forward of one's own."""
    Namesake.__name__, Namesake.__module__ = "LSTM", "torch.nn.modules.rnn"
    replaced = nn.LSTM(2, 3)
    replaced.forward = lambda *_: None
    assert handles.kinds_of(nn.LSTM(2, 3)) == ["LSTM", "RNNBase", "Module"]
    assert handles.kinds_of(Own()) == ["LSTM", "RNNBase", "Module"]
    for other in (Loop(), Namesake(), replaced):
        assert handles.kinds_of(other) == ["Module"]


def test_a_patched_class_of_torch_is_no_longer_torch_s(monkeypatch):
    """A forward that was put into torch's class after this was imported is not torch's."""
    monkeypatch.setattr(nn.GRU, "forward", lambda *_: None)
    assert handles.kinds_of(nn.GRU(2, 3)) == ["Module"]
