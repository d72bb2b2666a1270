"""The grading process stays small, whatever comes back."""

import resource
import subprocess
import sys

import msgspec
import pytest
import torch

from grader import catalog as catalogs
from grader import weighing
from grader.checking import bounded, plugin
from grader.findings import Finding
from grader.report.counterexample import jsonable
from grader.report.display import shown, tag
from grader.sandbox import client, limits, wire
from grader.submission import Returned
from tests.kit.submissions import SOLUTIONS, long, with_source

LARGE = """

def rnn_step(X, H, W_xh, W_hh, b_h):
    return torch.full((4_000_000,), 7, dtype=torch.uint8)
"""
EVERYWHERE = """

def _large(answer):
    return lambda *a, **k: answer()
for _name, _value in list(globals().items()):
    if callable(_value) and getattr(_value, "__module__", "") == __name__ and _name[0] != "_":
        globals()[_name] = _large(lambda: ANSWER)
"""
ANSWERS = {
    "tensors": "torch.full((4_000_000,), __import__('random').randrange(99), dtype=torch.uint8)",
    "lists": "[str(__import__('random').random()) for _ in range(9_000)]",
}
MOST_MIB = 700
IGNORES_ITS_LIMIT = (
    "import sys, torch\n"
    "_values = sys.modules['grader.sandbox.values']\n"
    "def _init(self, *args, honest=_values.Encoder.__init__, **more):\n"
    "    honest(self, *args, **more)\n"
    "    self.left = 1 << 40\n"
    "_values.Encoder.__init__ = _init\n"
    "def large(): return torch.zeros(8 << 20, dtype=torch.uint8)\n"
)


def _returned(data: torch.Tensor) -> Returned:
    name = str(data.dtype).removeprefix("torch.")
    return Returned(wire.TensorNode(name, list(data.shape), data.nbytes), data)


def test_findings_of_a_run_have_so_much_room_and_no_more(engine, tmp_path, monkeypatch):
    """Megabytes in every answer: what findings keep of them stays within the room."""
    monkeypatch.setattr(plugin, "SHOWN_BYTES", 8 << 20)
    source = (SOLUTIONS / "rnn.py").read_text(encoding="utf-8") + LARGE
    found = engine.grade(with_source(tmp_path, "rnn", source), ["rnn"], 5, shrink=False)
    values = [o.finding.returned for o in found.outcomes.values() if o.finding]
    tensors = [value for value in values if isinstance(value, Returned)]
    assert any(value.data is None for value in tensors)
    assert sum(map(weighing.weight, values)) < (8 << 20) + len(values) * bounded.SMALL
    assert {tag(value) for value in tensors} == {"u8[4000000]"}


def test_what_is_cut_is_shown_as_before():
    """Kind, shape, length and small parts of a large value look as they did when it was whole."""
    small, large = _returned(torch.ones(2, 3)), _returned(torch.ones(900, 3))
    for value in (large, [small, large], (large, (small,)), [1.5] * 1000, {"a": large}, "x" * 5000):
        cut = bounded.cut(value)
        assert weighing.weight(cut) < 16_000
        assert (tag(cut), shown(cut, None, None, 80)) == (tag(value), shown(value, None, None, 80))
        assert jsonable(cut) == jsonable(value)
    finding = Finding("values", returned=[small, large], has_values=True)
    assert bounded.bounded(finding, weighing.Room(1 << 20)) is finding


def test_what_is_remembered_has_a_weight():
    """The oldest answers are forgotten when all are too heavy; the newest never is."""
    known = weighing.Remembered(3 << 20)
    for number in range(5):
        known[number] = torch.zeros(2 << 20, dtype=torch.uint8)
        known["small"] = 1
    assert 4 in known and "small" in known and 0 not in known and 1 not in known
    known.clear()
    assert not known


def test_sizes_hold_when_a_message_arrives(tmp_path):
    """A worker that ignores what it may send is not listened to: text, lists, tensors."""
    (tmp_path / "probe.py").write_text(IGNORES_ITS_LIMIT)
    template = client.Template()
    worker = template.spawn(str(tmp_path), "probe")
    worker.loaded()
    request = wire.Request(7, "large", [], 1, wire.NoneNode(), result_bytes=limits.RESULT_BYTES)
    with pytest.raises(client.WorkerLost) as lost:
        worker.ask(request, b"")
    assert lost.value.reason == "protocol"
    template.close()
    frame = wire.Frame("gru.py", 1, "f", "x" * (limits.LINE_CHARS + 1))
    for answer in (
        wire.Response(7, wire.NoneNode(), error=wire.RaisedError("E", "m" * 3000, [])),
        wire.Response(7, wire.NoneNode(), error=wire.RaisedError("E" * 99, "m", [])),
        wire.Response(7, wire.NoneNode(), error=wire.RaisedError("E", "m", [frame])),
        wire.Response(7, wire.NoneNode(), siblings=["a"] * 60),
    ):
        with pytest.raises(wire.ProtocolError):
            wire.unpack_response(msgspec.msgpack.encode(answer))


@long
@pytest.mark.parametrize("kind", ANSWERS)
def test_a_grading_process_stays_below_700_mib(tmp_path, kind):
    """Every function answers as largely as it may: Linux tells the peak."""
    for path in SOLUTIONS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        tail = EVERYWHERE.replace("ANSWER", ANSWERS[kind])
        (tmp_path / path.name).write_text(text + "\nimport torch\n" + tail)
    command = [sys.executable, "-m", "grader", "grade", "rnn", "gru", "lstm", "deep", "training"]
    options = ["--no-timing", "--submission", str(tmp_path), "--json", str(tmp_path / "r.json")]
    done = subprocess.run([*command, *options], cwd=catalogs.ROOT, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_MIB * 1024
