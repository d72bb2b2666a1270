"""The misconceptions of rnn, gru and lstm, and their registry: each is wrong, and says how."""

import ast
import inspect
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from grader.misconceptions import Misconception, misconceptions, submission_source, wrong
from solutions import gru, lstm, rnn
from tests.kit.behaviours import same

EXERCISES = {"rnn": rnn, "gru": gru, "lstm": lstm}
GROUPS = {"rnn": 1, "gru": 3, "lstm": 4}
STATES = {"rnn": 1, "gru": 1, "lstm": 2}
ALL = [known for exercise in EXERCISES for known in misconceptions(exercise)]
KEYS = [
    f"{exercise}.{name}"
    for exercise, module in EXERCISES.items()
    for name, item in vars(module).items()
    if inspect.isfunction(item) and item.__module__ == module.__name__
]
ENOUGH, ENOUGH_IN_ALL = 6, 130  # for each function, in all
SIZES = ((3, 2, 4, 5, 3), (1, 3, 2, 2, 2), (2, 2, 2, 2, 1))  # n d h q T
COURSE = (40, 50, 30)  # d h q, large enough for statistics
SEED = 3


def behaviour(key: str, function: Callable) -> list:
    """Everything that ``function`` does, as a version of ``key``; compare with ``same``.

    Random numbers are not recorded, only what can be told of a sample.
    """
    torch.manual_seed(SEED)
    name = key.split(".")[1]
    looks = _parameters if name == "get_params" else _computed
    looks = _first_states if name.startswith("init_") else looks
    records = []
    for look in looks(key):
        try:
            records.append(look(function))
        except Exception as error:  # whatever it raises is how it behaves
            records.append(f"raises {type(error).__name__}")
    return records


def _computed(key: str) -> Iterator[Callable]:
    """Values, gradients, arguments left alone, a second call; then precision, device and forms."""
    for size in SIZES:
        yield lambda function, size=size: _values(key, function, *_arguments(key, size))
    yield lambda function: _values(key, function, *_arguments(key, SIZES[0]))
    for dtype, device in ((torch.float32, "cpu"), (torch.float64, "meta")):
        changed = [_to(value, dtype, device) for value in _arguments(key, SIZES[0])]
        yield lambda function, changed=changed: [
            (result.dtype, result.device.type) for result in _results(key, function(*changed))
        ]
    if key.split(".")[0] == key.split(".")[1]:
        for form in (tuple, torch.stack):
            inputs, *others = _arguments(key, SIZES[0])
            changed = [form([X.detach() for X in inputs]), *others]
            yield lambda function, changed=changed: _values(key, function, *changed)


def _values(key: str, function: Callable, *arguments: Any) -> Any:
    before = [leaf.detach().clone() for leaf in _leaves(arguments)]
    lengths = [len(argument) for argument in arguments]
    results = _results(key, function(*arguments))
    untouched = all(map(torch.equal, before, _leaves(arguments)))
    weights = [torch.linspace(0.5, 1.5, result.numel()).view_as(result) for result in results]
    sum((w * r).sum() for w, r in zip(weights, results, strict=True)).backward()
    return {
        "results": [result.detach() for result in results],
        "gradients": [leaf.grad for leaf in _leaves(arguments)],
        "untouched": untouched and lengths == [len(argument) for argument in arguments],
    }


def _results(key: str, returned: Any) -> list[Tensor]:
    """The tensors of a result in the one form; what the interface does not allow raises."""
    exercise, name = key.split(".")
    if exercise != name:
        return [returned.contiguous()]
    outputs, state = returned
    if not isinstance(state, (tuple, list)):
        raise TypeError("a state is a tuple or a list")
    if isinstance(outputs, Tensor):
        return [outputs.reshape(-1, outputs.shape[-1]), *state]
    return [torch.cat(list(outputs)), *state]


def _arguments(key: str, size: tuple[int, ...]) -> list[Any]:
    """Arguments that hide nothing: leaves of order 1 in float64, biases and states included."""
    n, d, h, q, T = size
    generator = torch.Generator().manual_seed(SEED)
    exercise, function = key.split(".")

    def leaf(*shape: int) -> Tensor:
        drawn = torch.randn(shape, generator=generator, dtype=torch.float64)
        return drawn.requires_grad_()

    if exercise == function:
        params = [leaf(*s) for _ in range(GROUPS[exercise]) for s in ((d, h), (h, h), (h,))]
        state = tuple(leaf(n, h) for _ in range(STATES[exercise]))
        return [[leaf(n, d) for _ in range(T)], state, [*params, leaf(h, q), leaf(q)]]
    shapes = {"X": (n, d), "W_x": (d, h), "W_h": (h, h), "b": (h,)}
    names = inspect.signature(getattr(EXERCISES[exercise], function)).parameters
    return [
        leaf(*shapes.get(name[:-1] if "_" in name[:-1] else name[:1], (n, h))) for name in names
    ]


def _leaves(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    return [leaf for item in value for leaf in _leaves(item)]


def _to(value: Any, dtype: torch.dtype, device: str) -> Any:
    if isinstance(value, Tensor):
        return value.detach().to(device, dtype)
    return type(value)(_to(item, dtype, device) for item in value)


def _first_states(key: str) -> Iterator[Callable]:
    """Zeros (n, h) of a floating type, each with its own memory, on the device asked for."""

    def look(function: Callable, device: str | None, n: int, h: int) -> Any:
        state = function(n, h, device)
        if not isinstance(state, (tuple, list)):
            raise TypeError("a state is a tuple or a list")
        kinds = [(m.is_floating_point(), m.device.type, m.shape) for m in state]
        return kinds, [bool(matrix.any()) for matrix in state if device is None]

    yield lambda function: look(function, None, 3, 4)
    yield lambda function: look(function, None, 1, 2)
    yield lambda function: look(function, "meta", 2, 3)
    yield lambda function: len({matrix.data_ptr() for matrix in function(2, 3)})


def _parameters(key: str) -> Iterator[Callable]:
    """Order, shapes, leaves, statistics, own memory, new numbers at each call, and the device."""

    def drawn(function: Callable) -> list[Tensor]:
        return list(function(*COURSE))

    def weights(function: Callable) -> list[Tensor]:
        return [p.detach() for p in drawn(function) if p.dim() == 2]

    yield lambda function: [p.shape for p in function(2, 3, 4)]
    yield lambda function: [(p.shape, p.dtype, p.is_leaf, p.requires_grad) for p in drawn(function)]
    yield lambda function: [_sample(p.detach().double()) for p in drawn(function)]
    yield lambda function: any(map(torch.equal, weights(function), weights(function)))
    yield lambda function: len({p.data_ptr() for p in drawn(function)})
    yield lambda function: len({float(W.sum()) for W in weights(function)})
    yield lambda function: [p.device.type for p in function(2, 3, 4, torch.device("meta"))]


def _sample(values: Tensor) -> Any:
    if not values.any():
        return "zero"
    mean, std = float(values.mean()), float(values.std())
    kurtosis = float(((values - mean) ** 4).mean()) / std**4
    return abs(std / 0.01 - 1) < 0.1, abs(mean) < 0.001, abs(kurtosis - 3) < 0.6


@pytest.fixture(scope="module")
def expected() -> dict[str, list]:
    """How the solutions behave."""
    return {key: behaviour(key, _solution(key)) for key in KEYS}


def _solution(key: str) -> Callable:
    exercise, function = key.split(".")
    return getattr(EXERCISES[exercise], function)


@pytest.mark.parametrize("key", KEYS)
def test_solution_behaves_the_same_each_time(key: str, expected: dict):
    """Two looks at a solution agree and none raises, so a difference means something."""
    assert same(behaviour(key, _solution(key)), expected[key])
    assert not [record for record in expected[key] if str(record).startswith("raises")]


def _joined_outputs(inputs: Any, state: Any, params: Any) -> Any:
    outputs, state = gru.gru(inputs, state, params)
    return torch.cat(outputs), list(state)


def _concatenated_gate(X: Tensor, H: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(torch.cat([X, H], 1) @ torch.cat([W_x, W_h]) + b)


@pytest.mark.parametrize(
    ("key", "variant"),
    [
        ("gru.gru", _joined_outputs),
        ("lstm.forget_gate", _concatenated_gate),
        ("gru.next_state", lambda Z, H, H_tilde: H_tilde + Z * (H - H_tilde)),
        ("rnn.get_params", lambda *sizes: list(rnn.get_params(*sizes))),
        ("lstm.init_lstm_state", lambda *sizes: list(lstm.init_lstm_state(*sizes))),
    ],
)
def test_right_variant_behaves_as_the_solution(key: str, variant: Callable, expected: dict):
    """What the interface leaves open is no difference in behaviour."""
    assert same(behaviour(key, variant), expected[key])


@pytest.mark.parametrize("known", ALL, ids=str)
def test_misconception_differs_and_composes(known: Misconception, expected: dict):
    """A misconception is unlike the solution, and alike in a submission made of the solution."""
    key = f"{known.exercise}.{known.function}"
    found = behaviour(key, known.call)
    assert not same(found, expected[key])
    composed = _module(known)
    assert same(behaviour(key, getattr(composed, known.function)), found)


def _module(known: Misconception) -> types.ModuleType:
    """The composed submission as a module beside the solutions; nothing else in it has changed."""
    text = Path(EXERCISES[known.exercise].__file__).read_text(encoding="utf-8")
    submission = submission_source(known, text)
    right, made = ({ast.unparse(node) for node in ast.parse(t).body} for t in (text, submission))
    assert [node.split("(")[0] for node in right - made] == [f"def {known.function}"]
    ours = (f"def {known.function}(", "import", "from")
    assert all(node.startswith(ours) for node in made - right)
    module = types.ModuleType(f"solutions.{known.exercise}_wrong")
    module.__package__ = "solutions"
    exec(compile(submission, known.id, "exec"), vars(module))
    return module


def test_texts_are_whole_sentences():
    """Text and hint are whole sentences in both languages, without a field left open."""
    for known in ALL:
        for words in (known.text, known.hint):
            assert words["en"][-1] in ".?", known.id
            assert words["zh"][-1] in "。？）", known.id
            assert any("一" <= char <= "鿿" for char in words["zh"]), known.id
            assert not {"{", "}"} & set(words["en"] + words["zh"]), known.id


def test_there_are_enough_misconceptions():
    """Every function has its share of wrong versions, no id comes twice, none is of another."""
    assert all(len(misconceptions(*key.split("."))) >= ENOUGH for key in KEYS)
    assert len({known.id for known in ALL}) == len(ALL) >= ENOUGH_IN_ALL
    assert {f"{known.exercise}.{known.function}" for known in ALL} == set(KEYS)


def test_unknown_exercise_has_none():
    """An exercise without a module of misconceptions has none."""
    assert misconceptions("no_such_exercise") == []


def _version(X):
    return math.sqrt(X)  # noqa: F821 -- never called


WORDS = {"en": "It is wrong.", "zh": "错了。", "hint_en": "Look.", "hint_zh": "看一看。"}


@pytest.mark.parametrize(
    ("functions", "change", "remedy"),
    [
        ((), {}, "name in @wrong"),
        (("x.f",), {"zh": " "}, "write one sentence"),
        (("x.f",), {"hint_en": "Use {nothing}."}, "can't be filled in"),
        (("x.f", "x.f"), {}, "another name"),
    ],
)
def test_bad_registration_says_what_to_do(
    functions: tuple, change: dict, remedy: str, monkeypatch: pytest.MonkeyPatch
):
    """No function, an empty text, an unknown field and a name used twice are refused."""
    monkeypatch.setattr("grader.misconceptions._registry", {})
    with pytest.raises(ValueError, match=remedy):
        wrong(*functions, **{**WORDS, **change})(_version)


def test_composing_adds_imports_after_the_docstring():
    """What the wrong version needs is imported once, after docstring and __future__ imports."""
    known = Misconception("x", "f", "m", "def f(X):\n    return math.sqrt(np.abs(X))", {}, {})
    head = '"""Doc."""\n\nfrom __future__ import annotations\n'
    text = submission_source(
        known, f"{head}\nimport math\n\n\n@staticmethod\ndef f(X):\n    return 0\n"
    )
    assert text == f"{head}\nimport numpy as np\n\nimport math\n\n\n{known.source}\n"


def test_composing_refuses_what_can_not_work():
    """A function that is not there, and a name that nobody defines, are refused with the reason."""
    known = Misconception("x", "f", "m", "def f(X):\n    return helper(X)", {}, {})
    with pytest.raises(ValueError, match="0 times"):
        submission_source(known, "g = 1\n")
    with pytest.raises(ValueError, match="helper"):
        submission_source(known, "def f(X):\n    return X\n")
