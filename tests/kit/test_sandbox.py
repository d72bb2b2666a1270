"""The sandbox by itself: a strict wire, confinement that holds, and recovery when it breaks."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checking.session import Engine
from grader.sandbox import client, limits, values, wire
from tests.kit.submissions import SOLUTIONS, score, statuses, with_source

PROBE = """
import os


def look(what):
    attempts = {
        "secret": lambda: os.environ.get("GATECHECK_SECRET", "no secret"),
        "passwd": lambda: open("/etc/passwd").read(),
        "write": lambda: open("x", "w").write("x"),
        "fork": lambda: os.fork(),
        "socket": lambda: __import__("socket").socket(),
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "signal": lambda: os.kill(os.getppid(), 0),
        "parent": lambda: open(f"/proc/{os.getppid()}/environ", "rb").read(10),
    }
    try:
        return str(attempts[what]())
    except OSError as error:
        return "refused: " + type(error).__name__
"""


@pytest.fixture(scope="module")
def template():
    """A template of its own for these tests."""
    warm = client.Template()
    yield warm
    warm.close()


def ask(worker: client.Worker, function: str, *arguments: object) -> object:
    """One call of a worker's function; its result."""
    encoder = values.Encoder()
    nodes = [encoder.encode(argument) for argument in arguments]
    request = wire.Request(7, function, nodes, 1, wire.NoneNode())
    response, payload = worker.ask(request, encoder.payload)
    assert response.error is None, response.error
    return values.Decoder(payload).decode(response.value)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_response_or_a_protocol_error(data):
    """Nothing that a worker sends makes decoding fail in another way."""
    try:
        response = wire.unpack_response(data)
        values.Decoder(data).decode(response.value)
    except wire.ProtocolError:
        pass


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(
    st.sampled_from(["float32", "float64", "int8", "nonsense", ""]),
    st.lists(st.integers(-3, 2**62), max_size=5),
    st.integers(-5, 2**40),
)
def test_a_lying_tensor_is_a_protocol_error(dtype, shape, nbytes):
    """A shape, a size or a dtype that does not fit the payload is refused before it is used."""
    node = wire.TensorNode(dtype, shape, nbytes)
    try:
        values.Decoder(b"12345678").decode(node)
    except wire.ProtocolError:
        pass


def test_frames_beyond_the_limits_are_refused():
    """Four announced gigabytes are never waited for."""
    with pytest.raises(wire.ProtocolError):
        wire.frame_size(b"\xff" * 8)
    with pytest.raises(wire.ProtocolError):
        wire.unpack_response(b"\x91" * 100_000)


@pytest.mark.skipif(not Path("/sys/kernel/security").exists(), reason="needs Linux")
def test_every_layer_holds(template, tmp_path, monkeypatch):
    """A worker reads no secret and no file, writes nothing, starts nothing, signals nobody."""
    monkeypatch.setenv("GATECHECK_SECRET", "LEAKED")
    (tmp_path / "probe.py").write_text(PROBE)
    fresh = client.Template()
    worker = fresh.spawn(str(tmp_path), "probe")
    worker.loaded()
    if not {"landlock", "seccomp"} <= set(worker.layers):
        fresh.close()
        pytest.skip(f"this kernel has only {worker.layers}")
    assert ask(worker, "look", "secret") == "no secret"
    for what in ("passwd", "write", "fork", "socket", "exec", "signal", "parent"):
        assert str(ask(worker, "look", what)).startswith("refused"), what
    worker.kill()
    fresh.close()


def test_without_confinement_the_report_says_so(tmp_path):
    """Where no layer can be had, grading goes on and names none."""
    with Engine(confine=False) as engine:
        graded = engine.grade(SOLUTIONS, ["parameters"], functions={"parameters.zero_param"})
    assert graded.layers == []
    assert statuses(graded, "parameters.zero_param") == {"passed"}


def test_a_template_that_is_killed_is_replaced(tmp_path):
    """The run goes on with a new template, and no check is lost."""
    with Engine() as engine:
        os.kill(engine._template.pid, signal.SIGKILL)
        graded = engine.grade(SOLUTIONS, ["parameters"])
    assert score(graded)[0] == score(graded)[1]


def test_memory_does_not_grow_with_what_comes_back(engine, tmp_path):
    """Many large results and floods of print leave the trusted process as it was."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += (
        "\n\ndef update_gate(X, H, W_xz, W_hz, b_z):\n"
        "    print('x' * 3_000_000)\n"
        "    return torch.zeros(900_000)\n"
    )
    folder = with_source(tmp_path, "gru", source)
    keys = {"gru.update_gate"}
    engine.grade(folder, ["gru"], 1, functions=keys, shrink=False)
    before = _resident()
    for seed in range(3):
        engine.grade(folder, ["gru"], seed, functions=keys, shrink=False)
    assert _resident() - before < 128 * limits.MIB


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
