"""Modules that stay in the worker, and exercises that do without autograd."""

import pytest
import torch

from grader.checking.modules import layer_argument, layer_shapes, module_from
from grader.findings import CheckStopped
from grader.locale import Texts
from grader.report.wording import sentence
from grader.sandbox.values import Handle
from grader.submission import Submission
from tests.kit.submissions import SOLUTIONS, not_passed, statuses, with_source


@pytest.fixture
def concise(engine):
    """The solution's `concise`, ready to be asked."""
    submission = Submission(SOLUTIONS, engine._template, 0)
    yield submission.exercise("concise")
    submission.close()


def _model(concise):
    params = [torch.randn(*shape) for shape in layer_shapes("GRU", 5, 3, 1, False)]
    arguments = {"rnn_layer": layer_argument("GRU", 1, False, params), "vocab_size": 5}
    return module_from(concise.RNNModel, arguments, "Module"), params


def test_a_module_comes_back_as_a_number(concise):
    """What crosses is a handle that describes the module, and nothing of the object."""
    module, _ = _model(concise)
    assert isinstance(module.handle, Handle)
    assert (module.handle.type_name, module.handle.kinds) == ("RNNModel", ("Module",))


def test_parameters_are_read_and_loaded_as_values(concise):
    """Values put into a module are the values that it has from then on."""
    module, params = _model(concise)
    _, found = module.parameters()
    assert torch.equal(found["rnn.weight_ih_l0"].data, params[0])
    module.load({"rnn.weight_ih_l0": torch.full((9, 5), 0.25)})
    assert float(module.parameters()[1]["rnn.weight_ih_l0"].data.sum()) == 9 * 5 * 0.25


def test_a_number_that_was_never_handed_out_is_an_error(concise):
    """A handle from nowhere raises in the worker, which goes on serving."""
    module, _ = _model(concise)
    module.handle = Handle(99, "Nothing", ())
    with pytest.raises(CheckStopped):
        module.parameters()
    assert _model(concise)[0].handle.number > 0


def test_the_oldest_modules_are_let_go(concise):
    """A worker keeps a bounded number of modules."""
    first, _ = _model(concise)
    for _ in range(40):
        last, _ = _model(concise)
    with pytest.raises(CheckStopped):
        first.parameters()
    assert last.parameters()[1]


NINE = "W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h"


@pytest.mark.parametrize("names", [NINE, f"{NINE}, W_hq, b_q"], ids=["nine", "eleven"])
def test_gru_layer_like_may_unpack_nine_parameters_or_eleven(engine, tmp_path, names):
    """Both readings of "its parameters" have full marks."""
    source = (SOLUTIONS / "concise.py").read_text(encoding="utf-8")
    changed = source.replace(f"{NINE}, *_ = params", f"{names} = params")
    assert changed != source
    graded = engine.grade(with_source(tmp_path, "concise", changed), ["concise"], 3)
    assert not_passed(graded) == {}


TERMS = {
    "without_direct_path": ("grad_next * Z + grad_RH * R", "grad_RH * R"),
    "without_candidate_path": ("grad_next * Z + grad_RH * R", "grad_next * Z"),
    "without_tanh_slope": (" * (1 - H_tilde**2)", ""),
    "without_carried": ("(grad_states[t] + carried)", "grad_states[t]"),
    "without_slope": (" * (1 - states[t + 1] ** 2)", ""),
}


@pytest.mark.parametrize(
    "code", ["direct_path", "candidate_path", "tanh_slope", "carried", "slope"]
)
def test_a_wrong_gradient_names_the_missing_term(engine, tmp_path, code):
    """The message about a gradient by hand says which term is missing."""
    right, wrong = TERMS[f"without_{code}"]
    source = (SOLUTIONS / "bptt.py").read_text(encoding="utf-8")
    changed = source.replace(right, wrong)
    assert changed != source
    graded = engine.grade(with_source(tmp_path, "bptt", changed), ["bptt"], 5)
    found = {o.finding.code for o in graded.outcomes.values() if o.finding}
    assert f"without_{code}" in found
    finding = next(
        o.finding for o in graded.outcomes.values() if o.finding and "without" in o.finding.code
    )
    for language in ("en", "zh"):
        assert sentence(finding, Texts(language))


def test_autograd_raises_with_a_hint_to_do_without(engine, tmp_path):
    """Whoever takes autograd in `bptt` reads that it is off; the others keep their marks."""
    source = (SOLUTIONS / "bptt.py").read_text(encoding="utf-8")
    source += (
        "\n\ndef rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):\n"
        "    with torch.inference_mode(False):\n        return None\n"
    )
    graded = engine.grade(with_source(tmp_path, "bptt", source), ["bptt"], 5)
    assert statuses(graded, "bptt.rnn_backward") == {"error"}
    assert statuses(graded, "bptt.gru_step_backward") == {"passed"}
    finding = graded.outcomes["bptt.rnn_backward.values"].finding
    assert "autograd is switched off" in sentence(finding, Texts("en"))
