"""What the audit takes for a difference: every mistake, and no mere difference of form."""

import importlib
import signal
import sys
import types
from pathlib import Path

import pytest
import torch

from grader import catalog as catalogs
from grader.audit import behaviour as audited
from grader.audit import probes
from grader.audit.behaviour import behaviour, load, same
from grader.audit.probe_calls import UNKNOWN, Near
from grader.misconceptions import Misconception, misconceptions, submission_source
from grader.misconceptions.fast import gru_cost, lstm_cost
from grader.misconceptions.shared import cost

EXERCISES = {exercise.name: exercise for exercise in catalogs.load().exercises}
KEYS = [(name, function.name) for name, e in EXERCISES.items() for function in e.functions]
STYLES = Path(__file__).parent / "styles"
CHOSEN = ("classes", "einsum", "numpy_arrays", "second_edition")
COSTLY = (cost, gru_cost, lstm_cost)
EVERY = 6  # of the known mistakes one in so many is looked at; the audit itself grades all

_expected: dict[tuple[str, str], list] = {}


def _reference(exercise: str) -> str:
    return (catalogs.ROOT / "solutions" / f"{exercise}.py").read_text(encoding="utf-8")


def _of_reference(exercise: str, function: str) -> list:
    key = (exercise, function)
    if key not in _expected:
        solution = importlib.import_module(f"solutions.{exercise}")
        _expected[key] = behaviour(exercise, function, solution)
    return _expected[key]


def _is_reference(exercise: str, function: str, module: types.ModuleType) -> bool:
    return same(behaviour(exercise, function, module), _of_reference(exercise, function))


def _changed(exercise: str, old: str, new: str) -> types.ModuleType:
    source = _reference(exercise)
    assert source.count(old) == 1, old
    return load(exercise, source.replace(old, new))


@pytest.mark.parametrize(("exercise", "function"), KEYS)
def test_a_solution_behaves_as_itself(exercise: str, function: str):
    """From its source it does the same, raises nowhere, and every look tells something."""
    assert _is_reference(exercise, function, load(exercise, _reference(exercise)))
    found = _of_reference(exercise, function)
    assert [record for record in found if str(record).startswith("raises")] == []
    assert UNKNOWN not in found


@pytest.mark.parametrize("known", misconceptions()[::EVERY], ids=str)
def test_a_mistake_behaves_unlike_the_solution(known: Misconception):
    """No known mistake is taken for right code in another form, but one whose harm is its cost."""
    module = load(known.exercise, submission_source(known, _reference(known.exercise)))
    assert _is_reference(known.exercise, known.function, module) == _only_costs(known)


def _only_costs(known: Misconception) -> bool:
    """Right in every value and gradient: it is written among the mistakes of cost."""
    if known.exercise not in ("rnn", "gru", "lstm", "fast"):
        return False
    return any(known.name in vars(module) for module in COSTLY)


@pytest.fixture(scope="module")
def styled(tmp_path_factory: pytest.TempPathFactory):
    """Modules of correct code in other styles: each style a package of its own."""
    root = tmp_path_factory.mktemp("styles")
    sys.path.insert(0, str(root))

    def module(style: str, exercise: str) -> types.ModuleType:
        package = root / f"styled_{style}"
        if not package.exists():
            package.mkdir()
            for name in EXERCISES:
                own = STYLES / style / f"{name}.py"
                text = own.read_text(encoding="utf-8") if own.exists() else _reference(name)
                for old, new in (("from exercises.", "from ."), ("from exercises ", "from . ")):
                    text = text.replace(old, new)
                (package / f"{name}.py").write_text(text, encoding="utf-8")
        return importlib.import_module(f"{package.name}.{exercise}")

    yield module
    sys.path.remove(str(root))
    for name in [name for name in sys.modules if name.startswith("styled_")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("style", "exercise"),
    [(s, e) for s in CHOSEN for e in EXERCISES if (STYLES / s / f"{e}.py").exists()],
)
def test_form_is_no_difference(style: str, exercise: str, styled):
    """Correct code of another hand behaves as the solution in every function."""
    module = styled(style, exercise)
    names = [function.name for function in EXERCISES[exercise].functions]
    assert [name for name in names if not _is_reference(exercise, name, module)] == []


@pytest.mark.parametrize(
    ("exercise", "function", "old", "new"),
    [
        ("rnn", "rnn_step", "X @ W_xh + H @ W_hh + b_h)", "H @ W_hh + X @ W_xh + b_h)"),
        (
            "rnn",
            "init_rnn_state",
            "return (torch.zeros((batch_size, num_hiddens), device=device),)",
            "return [torch.zeros((batch_size, num_hiddens), device=device)]",
        ),
        ("rnn", "rnn", "return outputs, (H,)", "return torch.stack(outputs), [H]"),
        ("rnn", "rnn", "return outputs, (H,)", "return torch.cat(outputs), [H]"),
        ("sequence_data", "build_vocab", "sorted(set(corpus))", "sorted(set(corpus))[::-1]"),
        (
            "training",
            "grad_clipping",
            "grad.mul_(theta / norm)",
            "grad.mul_(theta / (norm + 1e-6))",
        ),
        ("training", "train_and_predict_rnn", '[-1]:.3f}"', '[-1]:.1f}"'),
    ],
)
def test_what_the_interface_leaves_free(exercise: str, function: str, old: str, new: str):
    """Order, containers, an ε and rounding in print are no difference."""
    assert _is_reference(exercise, function, _changed(exercise, old, new))


@pytest.mark.parametrize(
    ("exercise", "function", "old", "new"),
    [
        ("rnn", "rnn_step", "return torch.tanh", "return (1 + 1e-8) * torch.tanh"),
        ("rnn", "rnn_step", "torch.tanh(X @ W_xh", "torch.tanh(X.detach() @ W_xh"),
        ("rnn", "rnn_step", "torch.tanh(X @ W_xh", "torch.tanh(X.float().to(X.dtype) @ W_xh"),
        ("rnn", "rnn_step", "torch.tanh(X @ W_xh", "torch.tanh(X.cpu() @ W_xh"),
        ("rnn", "rnn_step", "return torch.tanh", "H.data += 1\n    return torch.tanh"),
        ("rnn", "rnn", "return outputs, (H,)", "return outputs, H"),
        ("training", "train_epoch", "loss.item() *", "loss *"),
        ("training", "train_epoch", "param.grad = None", "pass"),
        ("training", "train_and_predict_rnn", "epoch % pred_period == 0", "True"),
        ("training", "perplexity", ".exp().item()", ".exp()"),
        ("sequence_data", "data_iter_random", "torch.randperm", "torch.arange"),
        ("parameters", "normal_param", "* 0.01)", "* 0.011)"),
        ("parameters", "normal_param", "torch.randn(shape", "1.732 * torch.rand(shape"),
        ("concise", "lstm_layer", "dtype=W_xi.dtype, ", ""),
    ],
)
def test_what_the_interface_promises(exercise: str, function: str, old: str, new: str):
    """Small numbers, gradients, precision, devices, memory and printing all count."""
    assert not _is_reference(exercise, function, _changed(exercise, old, new))


def test_a_helper_is_seen_through_its_callers():
    """What is wrong in a private function shows in the graded ones that call it, and only there."""
    module = _changed(
        "bptt", "torch.tanh(X @ W_xh + states[-1]", "torch.tanh(X @ W_xh - states[-1]"
    )
    names = [function.name for function in EXERCISES["bptt"].functions]
    assert [name for name in names if not _is_reference("bptt", name, module)] == [
        "rnn_backward",
        "state_gradient_norms",
    ]


def test_endless_loops_end(monkeypatch: pytest.MonkeyPatch):
    """A version that never returns is stopped, and so is one that can't even be loaded."""
    monkeypatch.setattr(audited, "LIMIT_S", 0.2)
    module = _changed(
        "rnn", "    return torch.tanh", "    while True:\n        pass\n    return torch.tanh"
    )
    assert behaviour("rnn", "rnn_step", module) == ["raises Timeout"]
    with pytest.raises(TimeoutError, match="rnn does not end"):
        load("rnn", "while True:\n    pass\n")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_loading_leaves_nothing_behind(capsys: pytest.CaptureFixture):
    """A throw-away module prints nothing and is not registered; the caller's numbers go on."""
    before, numbers = set(sys.modules), torch.get_rng_state()
    module = load("rnn", 'print("hello")\n' + _reference("rnn"))
    behaviour("rnn", "get_params", module)
    assert capsys.readouterr().out == ""
    assert not [name for name in set(sys.modules) - before if name.startswith("solutions.rnn")]
    assert torch.equal(torch.get_rng_state(), numbers)


def test_unknown_parameters_are_named(monkeypatch: pytest.MonkeyPatch):
    """Where nobody knows what to give, the error says which parameter, and what to write."""
    toy = types.ModuleType("solutions.toy_exercise")
    exec("def scaled(X, factor):\n    return X * factor\n", vars(toy))
    monkeypatch.setitem(sys.modules, toy.__name__, toy)
    with pytest.raises(LookupError, match=r"toy_exercise\.scaled.*'factor'.*PROBES = "):
        behaviour("toy_exercise", "scaled", toy)


def test_an_exercise_can_bring_its_own_probes(monkeypatch: pytest.MonkeyPatch):
    """The table PROBES of an exercise's misconceptions is taken."""
    toy = types.ModuleType("solutions.toy_exercise")
    exec("def scaled(X, factor):\n    return X * factor\n", vars(toy))
    wrong = types.ModuleType("toy")
    exec("def scaled(X, factor):\n    return X + factor\n", vars(wrong))
    monkeypatch.setitem(sys.modules, toy.__name__, toy)
    cases = [(torch.ones(2, 3, dtype=torch.float64), 2.5)]
    monkeypatch.setattr(probes, "_own_probes", lambda exercise: {"scaled": lambda: cases})
    probes.looks.cache_clear()
    found = [behaviour("toy_exercise", "scaled", module) for module in (toy, toy, wrong)]
    probes.looks.cache_clear()
    assert same(found[0], found[1]) and not same(found[0], found[2])


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (torch.ones(2), torch.ones(2, dtype=torch.float64), False),
        (torch.ones(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64) + 1e-7, False),
        (torch.ones(2, dtype=torch.float64), torch.ones(2, dtype=torch.float64) + 1e-12, True),
        (torch.ones(2), torch.ones(1, 2), False),
        (torch.ones(2), torch.ones(2, device="meta"), False),
        (torch.tensor([torch.nan]), torch.tensor([torch.nan]), True),
        (torch.tensor([torch.nan]), torch.tensor([1.0]), False),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), False),
        (Near(1.0, 1e-2), Near(1.001, 1e-2), True),
        (Near(1.0, 1e-2), Near(1.1, 1e-2), False),
        ({"a": [1, (2.0, None)]}, {"a": [1, (2.0 + 1e-9, None)]}, True),
        ([1], (1,), False),
        (1, True, False),
        ([1], [1, 2], False),
        ("raises ValueError", [torch.ones(2)], False),
        (UNKNOWN, torch.ones(2), True),
    ],
)
def test_records_agree_or_not(left, right, equal: bool):
    """Structure, dtype, shape and device wholly; values closely."""
    assert same(left, right) is equal
    assert same(right, left) is equal
