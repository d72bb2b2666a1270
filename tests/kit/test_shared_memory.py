"""What counts as sharing memory: bytes in common, not a buffer in common."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checking import memory
from grader.sandbox import values, wire
from grader.submission import Returned
from tests.kit.submissions import SOLUTIONS, not_passed, with_source

buffer = torch.arange(24.0)
table = buffer.reshape(4, 6)

LAYOUTS = {
    "own buffers": ([torch.zeros(2, 3), torch.zeros(2, 3)], [0, 1]),
    "layers of one": (list(torch.zeros(3, 2, 4).unbind(0)), [0, 1, 2]),
    "halves of the columns": (list(torch.zeros(3, 8).chunk(2, 1)), [0, 1]),
    "every other entry": ([buffer[::2], buffer[1::2]], [0, 1]),
    "transposed halves": ([table.T[:3], table[:, 3:]], [0, 1]),
    "twice the same": ([buffer, buffer], [0, 0]),
    "a view and the whole": ([table[1], table], [0, 0]),
    "one entry in common": ([table[:2, :3], table[1:, 2:]], [0, 0]),
    "through another dtype": ([buffer[:2], buffer.view(torch.float64)[:2]], [0, 0]),
    "beside it in another dtype": ([buffer[:2], buffer.view(torch.int16)[4:6]], [0, 1]),
    "the first that has a part": ([buffer[:4], buffer[8:12], buffer[2:10]], [0, 1, 0]),
    "one row for all": ([torch.zeros(1, 3).expand(5, 3), torch.zeros(1, 3).expand(5, 3)], [0, 1]),
    "without entries": ([buffer[:0], buffer[:0]], [0, 1]),
}


def _returned(tensors: list[torch.Tensor]) -> list[Returned]:
    encoder = values.Encoder()
    node = encoder.encode(tensors)
    return values.Decoder(encoder.payload, Returned).decode(node)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_memory_is_shared_where_bytes_are(layout):
    """Each tensor is told the first one that has one of its bytes."""
    tensors, owners = LAYOUTS[layout]
    assert memory.owners(_returned(tensors)) == owners


def test_an_earlier_answer_can_have_the_memory():
    """A view of what was returned before is not new, its neighbour is."""
    before, same, other = _returned([buffer[:6], buffer[5:7], buffer[7:9]])
    assert memory.shared_with([same, other], [before]) == [0]


integers = st.integers(0, 2**48)


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.lists(st.tuples(integers, st.lists(integers, min_size=2, max_size=2)), min_size=2))
def test_no_claim_about_places_is_too_much(claims):
    """Whatever a worker says about where its tensors lie, an answer is found."""
    nodes = [
        wire.TensorNode("float32", [2, 3], 24, storage=1, start=start, strides=strides)
        for start, strides in claims
    ]
    owners = memory.owners([Returned(node, torch.zeros(2, 3)) for node in nodes])
    assert all(owner <= index for index, owner in enumerate(owners))


@pytest.mark.parametrize("place", [{"start": -1}, {"strides": [4]}, {"strides": [2**60, 4]}])
def test_an_impossible_place_is_refused(place):
    """It does not fit the tensor, or no memory is that large."""
    node = wire.TensorNode("float32", [2, 1], 8, **place)
    with pytest.raises(wire.ProtocolError):
        values.Decoder(bytes(8)).decode(node)


STATES = {
    "torch.zeros(2, n, h, device=device).unbind(0)": True,
    "tuple(torch.zeros((2, n, h), device=device))": True,
    "torch.zeros(n, 2 * h, device=device).chunk(2, 1)": True,
    "list(torch.zeros(n, h, 2, device=device).unbind(2))": True,
    "(torch.zeros(n, h, device=device),) * 2": False,
    "torch.zeros(n, h, device=device).expand(2, n, h).unbind(0)": False,
    "(lambda b: (b[:n], b[1:]))(torch.zeros(n + 1, h, device=device))": False,
    "torch.zeros(2, n, 1, device=device).expand(2, n, h).unbind(0)": True,
}


def test_states_may_be_views_that_do_not_overlap(engine, tmp_path):
    """An LSTM's two states out of one buffer are right; with one entry in common they are not."""
    source = (SOLUTIONS / "lstm.py").read_text(encoding="utf-8")
    for number, (state, right) in enumerate(STATES.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = f"\n\ndef init_lstm_state(n, h, device=None):\n    return {state}\n"
        graded = engine.grade(
            with_source(folder, "lstm", source + own),
            ["lstm"],
            functions={"lstm.init_lstm_state"},
            shrink=False,
        )
        lost = not_passed(graded)
        assert (not lost) == right, (state, lost)
        assert all("shared_storage" in finding for finding in lost.values())
