"""The styles are correct: each behaves like the solutions, asked here without the grader.

A style that the grader fails says nothing about the grader unless the style is known to be right.
So this file shares no code with the checks: few small cases, the solutions beside them.
"""

import importlib
import sys
import types
from itertools import product
from pathlib import Path

import pytest
import torch
from torch import nn

import solutions.gru
import solutions.lstm
import solutions.parameters
import solutions.rnn
import solutions.sequence_data
import solutions.training

STYLES = Path(__file__).parent / "styles"
DTYPES = {torch.float64: 1e-10, torch.float32: 3e-5}
# n, d, h, q, T: all different, all one, one step, one sequence
SIZES = [(3, 4, 5, 2, 6), (1, 1, 1, 1, 1), (2, 3, 4, 5, 1), (1, 5, 2, 3, 4)]
CELLS = {"rnn": 1, "gru": 1, "lstm": 2}  # matrices in a state
FORMS = [torch.stack, tuple, torch.stack, list]  # of the inputs
GATE = "X H Wx Wh b"
STEPS = {
    "rnn": {"rnn_step": GATE},
    "gru": {
        **{"reset_gate": GATE, "update_gate": GATE},
        **{"candidate_state": "X H G Wx Wh b", "next_state": "G H H"},
    },
    "lstm": {
        **dict.fromkeys(("input_gate", "forget_gate", "output_gate", "candidate_memory"), GATE),
        **{"next_memory": "G H G H", "next_state": "G H"},
    },
}


def files(*exercises):
    """A parameter for each style's file of these exercises."""
    paths = [path for name in exercises for path in sorted(STYLES.glob(f"*/{name}.py"))]
    return pytest.mark.parametrize(
        "module", paths, indirect=True, ids=[f"{p.parent.name}-{p.stem}" for p in paths]
    )


def _forget():
    names = [name for name in sys.modules if name.split(".")[0] == "exercises"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def module(request):
    """One file of a style, loaded with its folder as the package ``exercises``."""
    before = _forget()
    package = types.ModuleType("exercises")
    package.__path__ = [str(request.param.parent)]
    sys.modules["exercises"] = package
    try:
        yield importlib.import_module(f"exercises.{request.param.stem}")
    finally:
        _forget()
        sys.modules.update(before)


def short_name(module):
    """The exercise's name."""
    return module.__name__.split(".")[-1]


def reference_of(module):
    """The solution of the same exercise."""
    return sys.modules[f"solutions.{short_name(module)}"]


def tensors_in(value):
    """All tensors of nested sequences, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value for tensor in tensors_in(item)]


def flat(value):
    """One vector of all numbers: a list of T matrices, (T, n, q) and (T·n, q) become the same."""
    return torch.cat([tensor.reshape(-1) for tensor in tensors_in(value)])


def agree(function, reference, arguments, dtype):
    """The same values and the same gradients of a random projection, and nothing changed."""
    results = []
    for called in (function, reference):
        copies = [_copy(argument, dtype) for argument in arguments]
        leaves = tensors_in(copies)
        before = [leaf.detach().clone() for leaf in leaves]
        result = called(*copies)
        assert all(t.dtype == dtype for t in tensors_in(result))
        vector = flat(result)
        weights = torch.linspace(-1, 2, vector.numel(), dtype=dtype)
        grads = torch.autograd.grad((vector * weights).sum(), leaves)
        assert all(torch.equal(a, b) for a, b in zip(before, leaves, strict=True))
        results.append([vector.detach(), *grads])
    for found, wanted in zip(*results, strict=True):
        torch.testing.assert_close(found, wanted, rtol=DTYPES[dtype], atol=DTYPES[dtype])


def _copy(argument, dtype):
    if isinstance(argument, torch.Tensor):
        return argument.detach().to(dtype, copy=True).requires_grad_()
    return type(argument)(_copy(item, dtype) for item in argument)


def drawn(*shape):
    """Random numbers in float64."""
    return torch.randn(*shape, dtype=torch.float64)


def step_arguments(code, n, d, h):
    """Arguments of a step, from their kinds; G is a gate's value, a fraction."""
    shapes = {"X": (n, d), "H": (n, h), "G": (n, h), "Wx": (d, h), "Wh": (h, h), "b": (h,)}
    found = [drawn(*shapes[kind]) for kind in code.split()]
    return [a.sigmoid() if kind == "G" else a for kind, a in zip(code.split(), found, strict=True)]


def net_arguments(exercise, n, d, h, q, T):
    """``inputs``, ``state`` and ``params`` of a whole network."""
    shapes = [p.shape for p in sys.modules[f"solutions.{exercise}"].get_params(d, h, q)]
    state = tuple(drawn(n, h) for _ in range(CELLS[exercise]))
    return [drawn(n, d) for _ in range(T)], state, [0.6 * drawn(*shape) for shape in shapes]


@files(*CELLS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_gates_and_steps_equal_the_solutions(module, dtype):
    """Values and gradients of every small function, in both precisions, for all sizes."""
    torch.manual_seed(1)
    reference = reference_of(module)
    for (name, code), (n, d, h, _, _) in product(STEPS[short_name(module)].items(), SIZES):
        arguments = step_arguments(code, n, d, h)
        agree(getattr(module, name), getattr(reference, name), arguments, dtype)


@files(*CELLS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_networks_equal_the_solutions(module, dtype):
    """Values and gradients of the whole network, whichever sequences it is given."""
    torch.manual_seed(2)
    name = short_name(module)
    reference = getattr(reference_of(module), name)
    for sizes, form in [(SIZES[0], tuple), (SIZES[0], list), *zip(SIZES, FORMS, strict=True)]:
        inputs, state, params = net_arguments(name, *sizes)
        held = list(state) if form is list else state
        agree(getattr(module, name), reference, (form(inputs), held, form_of(params, form)), dtype)
        outputs, last = getattr(module, name)(form(inputs), state, nn.ParameterList(params))
        assert isinstance(last, (tuple, list))
        assert [tuple(s.shape) for s in last] == [tuple(s.shape) for s in state]
        assert flat(outputs).numel() == sizes[0] * sizes[3] * sizes[4]


def form_of(params, form):
    """Parameters as a list or a tuple."""
    return tuple(params) if form is tuple else list(params)


@files(*CELLS)
def test_cells_work_on_another_device(module):
    """No function names a device: meta tensors go in and come out."""
    name = short_name(module)
    n, d, h, q, T = 3, 4, 5, 2, 6
    for function, code in STEPS[name].items():
        arguments = [a.to("meta") for a in step_arguments(code, n, d, h)]
        result = getattr(module, function)(*arguments)
        assert (result.device.type, tuple(result.shape)) == ("meta", (n, h))
    state = tuple(tensors_in(getattr(module, f"init_{name}_state")(n, h, torch.device("meta"))))
    params = module.get_params(d, h, q, "meta")
    result = getattr(module, name)([torch.empty(n, d, device="meta")] * T, state, params)
    assert {t.device.type for t in tensors_in([*result, state, list(params)])} == {"meta"}


@files(*CELLS)
def test_first_parameters_and_states(module):
    """N(0, 0.01²) and zeros in the notes' order, trainable leaves, fresh at each call."""
    name, sizes = short_name(module), (40, 50, 30)
    wanted = reference_of(module).get_params(*sizes)
    initial(list(module.get_params(*sizes)), list(module.get_params(*sizes)), wanted)
    state = getattr(module, f"init_{name}_state")(3, 4)
    assert isinstance(state, (tuple, list))
    assert len(state) == len({s.data_ptr() for s in state}) == CELLS[name]
    for matrix in state:
        assert torch.equal(matrix, torch.zeros(3, 4))


def initial(params, again, wanted):
    """Shapes of ``wanted``; matrices normal, vectors zero; nothing shared between calls."""
    assert [tuple(p.shape) for p in params] == [tuple(p.shape) for p in wanted]
    assert len({p.untyped_storage().data_ptr() for p in [*params, *again]}) == 2 * len(params)
    for p, other in zip(params, again, strict=True):
        assert p.is_leaf
        assert p.requires_grad
        assert p.dtype == torch.float32
        if p.dim() == 2:
            assert abs(p.mean()) < 0.002
            assert 0.008 < p.std() < 0.012
            assert not torch.equal(p, other)
        else:
            assert not p.any()


@files("parameters")
def test_parameters(module):
    """The four makers of parameters."""
    wanted = solutions.parameters
    for name, sizes in (("gate_params", (40, 50)), ("output_params", (50, 30))):
        made = [list(getattr(module, name)(*sizes)) for _ in range(2)]
        initial(*made, getattr(wanted, name)(*sizes))
        assert {p.device.type for p in getattr(module, name)(*sizes, "meta")} == {"meta"}
    for name, size in (("normal_param", (40, 50)), ("zero_param", 7)):
        made = [[getattr(module, name)(size)] for _ in range(2)]
        initial(*made, [getattr(wanted, name)(size)])
        assert getattr(module, name)(size, device=torch.device("meta")).device.type == "meta"
    assert module.normal_param([2, 3]).shape == (2, 3)


@files("sequence_data")
def test_encoding(module):
    """Vocabulary and one-hot vectors, from whole numbers of any type."""
    for text in ("x", "hello world", "学而时习之,不亦说乎\n", list("abca")):
        characters, numbers = module.build_vocab(text)
        assert sorted(characters) == sorted(set(text))
        assert dict(numbers) == {c: i for i, c in enumerate(characters)}
    for n, T, q in ((4, 3, 5), (1, 1, 1), (1, 2, 3)):
        X = torch.randint(q, (n, T))
        for kind in (torch.int64, torch.int32, torch.float32, torch.float64):
            for dtype in DTYPES:
                found = module.one_hot(X[:, 0].to(kind), q, dtype)
                wanted = solutions.sequence_data.one_hot(X[:, 0], q, dtype)
                assert found.dtype == dtype
                assert torch.equal(found, wanted)
            found = list(module.to_onehot(X.to(kind), q))
            wanted = solutions.sequence_data.to_onehot(X, q)
            assert len(found) == T
            assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))
    assert module.one_hot(torch.empty(3, device="meta"), 4).device.type == "meta"


def rows(batches):
    """(X, Y) pairs as nested lists of whole numbers."""
    return [(X.long().tolist(), Y.long().tolist()) for X, Y in batches]


@files("sequence_data")
@pytest.mark.parametrize("form", [list, torch.tensor], ids=["list", "tensor"])
def test_iterators(module, form):
    """Both samplings over corpora of every length around the borders, empty ones too."""
    wanted = solutions.sequence_data
    for n, T in ((2, 3), (1, 1), (3, 1), (1, 4)):
        for length in (1, 2, n, n * T, n * T + 1, n * (T + 1), 3 * n * T, 3 * n * T + 1, 31):
            numbers = [(7 * k) % 101 for k in range(length)]
            corpus = form(numbers)
            found = rows(module.data_iter_consecutive(corpus, n, T))
            assert found == rows(wanted.data_iter_consecutive(numbers, n, T))
            random = rows(module.data_iter_random(corpus, n, T, torch.device("cpu")))
            windows = [numbers[k : k + T + 1] for k in range(0, length - T, T)]
            pairs = [(x, y) for X, Y in random for x, y in zip(X, Y, strict=True)]
            assert len(random) == len(windows) // n
            assert all(len(X) == len(Y) == n for X, Y in random)
            left = [(w[:-1], w[1:]) for w in windows]
            for pair in pairs:
                left.remove(pair)
            assert torch.as_tensor(corpus).tolist() == numbers
    long = [rows(module.data_iter_random(form(list(range(101))), 5, 2)) for _ in range(2)]
    assert long[0] != long[1]
    for iterate in (module.data_iter_random, module.data_iter_consecutive):
        batches = list(iterate(list(range(30)), 2, 3, "meta"))
        assert [tuple(t.shape) for pair in batches for t in pair] == [(2, 3)] * 2 * len(batches)
        assert {t.device.type for pair in batches for t in pair} == {"meta"}
