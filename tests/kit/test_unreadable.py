"""An answer that a check can't read costs its function that check, and is never the kit's fault."""

import pytest
import torch

from grader.checking import plugin, standard
from grader.findings import Finding
from grader.locale import Texts
from grader.report.build import build_report
from grader.report.wording import sentence
from grader.sandbox import reading, values, wire
from tests.kit.submissions import SOLUTIONS, not_passed, score, with_source

TENSORS_FOR_NUMBERS = """
_honest = build_vocab
def build_vocab(corpus):
    chars = sorted(set(corpus))
    return chars, {c: torch.tensor(i) for i, c in enumerate(chars)}
"""
COMPLEX_PARAMETERS = """
_honest = get_params
def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    made = _honest(num_inputs, num_hiddens, num_outputs, device)
    return [p.detach().to(torch.complex64).requires_grad_() for p in made]
"""
LONGER_PARAMETERS = """
_honest = grad_clipping
def grad_clipping(params, theta, device=None):
    if isinstance(params, list):
        params.append(torch.zeros(1, requires_grad=True))
    return _honest(params, theta, device)
"""
RESHAPED_PARAMETERS = """
def sgd(params, lr, batch_size=1):
    for p in params:
        p.data = torch.zeros(7, dtype=p.dtype)
"""
A_DTYPE_WITHOUT_A_NAME = """
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.float8_e5m2
"""
ON_META = """
def lstm_layer(params):
    return torch.nn.LSTM(*params[0].shape, device="meta", dtype=params[0].dtype)
"""
STRANGE = {
    "tensors for numbers": ("sequence_data.build_vocab", TENSORS_FOR_NUMBERS),
    "complex parameters": ("gru.get_params", COMPLEX_PARAMETERS),
    "longer parameters": ("training.grad_clipping", LONGER_PARAMETERS),
    "reshaped parameters": ("training.sgd", RESHAPED_PARAMETERS),
    "a dtype without a name": ("gru.update_gate", A_DTYPE_WITHOUT_A_NAME),
    "a layer on meta": ("concise.lstm_layer", ON_META),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_answer_is_the_function_s_own_loss(engine, tmp_path, name):
    """It loses points of that function alone, with a report, and nothing is a fault."""
    key, code = STRANGE[name]
    exercise = key.split(".")[0]
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8") + "\n" + code
    folder = with_source(tmp_path, exercise, source)
    graded = engine.grade(folder, [exercise], 3, functions={key}, shrink=False)
    lost = not_passed(graded)
    assert lost and all(value.startswith(("failed", "error")) for value in lost.values()), lost
    earned, most = score(graded)
    assert earned < most


def test_a_check_that_breaks_over_the_reference_is_the_kit_s_fault(engine, monkeypatch, catalog):
    """An exception that right code raises, too, asks for another run; one that it doesn't, not."""
    broken = {"everything": True}

    def breaks(answer, *_, **__):
        if broken["everything"] or answer.value.shape[0] == 0:
            raise ZeroDivisionError("nobody thought of this")
        return []

    monkeypatch.setattr(standard, "agree", breaks)
    wanted = {"functions": {"gru.update_gate"}, "shrink": False}
    found = engine.grade(SOLUTIONS, ["gru"], 4, **wanted).outcomes["gru.update_gate.values"]
    assert (found.status, found.finding.code) == ("fault", "fault")
    monkeypatch.setattr(plugin, "broken_check", only_the_submission(plugin.broken_check))
    found = engine.grade(SOLUTIONS, ["gru"], 4, **wanted).outcomes["gru.update_gate.values"]
    assert (found.status, found.finding.code) == ("failed", "unreadable")


def only_the_submission(judged):
    """As if the reference did not raise what the submission did."""
    return lambda error, submission, before, again: judged(
        error, submission, before, lambda other: None
    )


def test_the_sentence_names_what_could_not_be_read():
    """In both languages one sentence, with the exception."""
    finding = Finding("unreadable", {"type": "TypeError", "text": "complex has no order"})
    assert "TypeError: complex has no order" in sentence(finding, Texts("en"))
    assert "can't be read" in sentence(finding, Texts("en"))
    assert "无法读取" in sentence(finding, Texts("zh"))


def test_what_can_t_be_shown_costs_its_picture_alone(engine, monkeypatch):
    """A message that breaks down over an answer leaves its sentence, and the report is whole."""
    folder = SOLUTIONS.parent / "exercises"
    graded = engine.grade(folder, ["parameters"], 5, shrink=False)
    monkeypatch.setattr("grader.report.build.counterexample", lambda finding: 1 // 0)
    report = build_report(graded, "sub", 5, "cpu", 1.0, Texts("en"))
    messages = [c.message for e in report.exercises for f in e.functions for c in f.checks]
    assert all(message.strip() for message in messages)


def request(**options) -> wire.Request:
    """A question about two arguments, of which the first requires a gradient."""
    nodes = [
        wire.TensorNode("float64", [2, 3], 48, requires_grad=True),
        wire.TensorNode("float64", [3], 24),
    ]
    asked = {"cotangent": wire.TensorNode("float64", [1], 8), "report_arguments": True, **options}
    return wire.Request(1, "f", nodes, 0, **asked)


def response(**parts) -> wire.Response:
    """An honest answer to it, on meta so that it needs no payload."""
    here = {"device": "meta"}
    honest = {
        "gradients": [wire.TensorNode("float64", [2, 3], 0, **here)],
        "arguments": [
            wire.TensorNode("float64", [2, 3], 0, **here),
            wire.TensorNode("float64", [3], 0, **here),
        ],
    }
    return wire.Response(1, wire.NoneNode(), **{**honest, **parts})


def plain(node, data, grad):
    """A tensor as its node."""
    return node


def test_an_honest_response_is_read():
    """Lists of the lengths that were asked for; a gradient belongs to its argument."""
    found = reading.read(request(), response(mutated=[1], rebound=[0]), b"", plain)
    assert [node.shape for node in found.gradients] == [[2, 3]] and len(found.arguments) == 2
    nothing = wire.OpaqueNode("NoneType", "unconnected")
    assert reading.read(request(), response(gradients=[nothing]), b"", plain).gradients == [None]
    too_large = wire.Response(1, wire.OpaqueNode("result", "too_large"))
    found = reading.read(request(), too_large, b"", plain)
    assert found.gradients == [None] and [type(a) for a in found.arguments] == [values.Opaque] * 2


@pytest.mark.parametrize(
    "parts",
    [
        {"gradients": []},
        {"gradients": [wire.NoneNode()] * 2},
        {"arguments": []},
        {"arguments": [wire.NoneNode()]},
        {"arguments": [wire.NoneNode()] * 3},
        {"constants": [wire.NoneNode()]},
        {"mutated": [2]},
        {"mutated": [-1]},
        {"mutated": [0, 0]},
        {"rebound": [-3]},
        {"value": wire.DeviceNode("nonsense")},
        {"value": wire.TensorNode("float64", [-1], 0, device="meta")},
        {"value": wire.TensorNode("float64", [1 << 40, 1 << 40], 0, device="meta")},
        {"value": wire.TensorNode("float64", [2], 16, device="meta")},
    ],
    ids=str,
)
def test_a_forged_response_is_none(parts):
    """A list shorter or longer than what it belongs to, or a number of no argument, is refused."""
    with pytest.raises(wire.ProtocolError):
        forged = response(**{key: value for key, value in parts.items() if key != "value"})
        forged.value = parts.get("value", forged.value)
        reading.read(request(), forged, b"", plain)


def test_a_gradient_of_another_shape_is_none():
    """A gradient that does not fit its argument has not reached it."""
    odd = wire.TensorNode("float64", [7], 0, device="meta")
    assert reading.read(request(), response(gradients=[odd]), b"", plain).gradients == [None]


def test_an_unknown_dtype_is_shown_as_what_it_is():
    """A dtype that has no name on the wire comes back as something that did not cross."""
    found = values.Decoder(b"").decode(wire.DtypeNode("float8_e5m2"))
    assert isinstance(found, values.Opaque) and found.note == "float8_e5m2"
    assert values.Decoder(b"").decode(wire.DtypeNode("float32")) is torch.float32
