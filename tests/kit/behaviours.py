"""What a function of sequence_data, parameters or training does, seen on small cases.

``behaviour("training.sgd", function)`` calls the function and returns nested lists, tuples and
dicts; two functions behave alike if ``same`` says so of what it returned for both. Freely chosen
random numbers are never compared: of them, only what can be told of a sample is recorded.
"""

import contextlib
import io
import itertools
import math
import random
import re
from collections.abc import Callable
from typing import Any

import torch

from tests.kit.toy_net import VOCAB, init_toy_state, make_toy_params, toy_net

CLOSE = 1e-6
META = torch.device("meta")


def behaviour(key: str, function: Callable) -> Any:
    """Everything that ``function`` did, as a version of the function ``key``."""
    random.seed(5)
    torch.manual_seed(5)
    return [_observed(case, function) for case in CASES[key]]


def same(left: Any, right: Any) -> bool:
    """Whether two records agree: structure, dtype, shape, graph and device, values closely."""
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return _kind(left) == _kind(right) and _close(left, right)
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=CLOSE, abs_tol=CLOSE)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def _kind(tensor: torch.Tensor) -> tuple:
    return tensor.dtype, tensor.shape, tensor.device.type, tensor.requires_grad, tensor.is_leaf


def _close(left: torch.Tensor, right: torch.Tensor) -> bool:
    return left.is_meta or torch.allclose(left.double(), right.double(), CLOSE, CLOSE)


def _observed(case: Callable, function: Callable) -> Any:
    try:
        return case(function)
    except Exception as error:  # whatever it raises is how it behaves
        return f"raises {type(error).__name__}"


def _index_cases(key: str) -> list[Callable]:
    """one_hot or to_onehot: indices of several dtypes, an argument to leave alone, a device."""
    shape = (4,) if key == "one_hot" else (2, 3)
    values = torch.tensor([2, 0, 1, 1, 3, 0])[: math.prod(shape)].reshape(shape)

    def of_dtype(dtype: torch.dtype) -> Callable:
        return lambda function: function(values.clone().to(dtype), 5)

    def pure(function: Callable) -> Any:
        given = values.clone()
        function(given, 5)
        return given

    cases = [of_dtype(dtype) for dtype in (torch.int64, torch.int32, torch.float32)]
    cases += [pure, lambda function: function(values.to(META), 5)]
    if key == "one_hot":
        cases.append(lambda function: function(values.clone(), 5, torch.float64))
    return cases


def _windows(length: int, n: int, T: int) -> Callable:
    """data_iter_random on a corpus that tells positions: what holds of any right order."""

    def case(function: Callable) -> Any:
        corpus = [100 + i for i in range(length)]
        epochs = [list(function(corpus, n, T)) for _ in range(3)]
        orders = [[int(x) - 100 for X, _ in epoch for x in X[:, 0]] for epoch in epochs]
        steps = [b - a for order in orders for a, b in itertools.pairwise(order)]
        return {
            "shapes": [[(tuple(X.shape), tuple(Y.shape)) for X, Y in e] for e in epochs],
            "runs": all(bool((X.diff() == 1).all()) for e in epochs for X, _ in e),
            "shifted": all(bool((Y == X + 1).all()) for e in epochs for X, Y in e),
            "on the grid": all(start % T == 0 for order in orders for start in order),
            "once": all(len(set(order)) == len(order) for order in orders),
            "used": [len(set(order)) for order in orders],
            "fresh": len(set(map(tuple, orders))) > 1 or len(orders[0]) < 8,
            "mixed": 2 * steps.count(T) < len(steps) or len(steps) < 8,
        }

    return case


def _rows(length: int, n: int, T: int) -> Callable:
    """data_iter_consecutive: every batch is known."""
    corpus = [100 + i for i in range(length)]
    return lambda function: [(X.tolist(), Y.tolist()) for X, Y in function([*corpus], n, T)]


def _sample(call: Callable) -> Callable:
    """A function that makes parameters: what can be told of them from two calls, and on meta."""

    def case(function: Callable) -> Any:
        first, second = (_listed(call(function, None)) for _ in range(2))
        pairs = list(zip(first, second, strict=True))
        return {
            "kinds": [_kind(p) for p in first],
            "draws": [_statistics(p.detach()) for p in first],
            "own": all(a is not b for a, b in pairs),
            "repeated": [bool(a.any()) and torch.equal(a, b) for a, b in pairs],
            "meta": [p.device.type for p in _listed(call(function, META))],
        }

    return case


def _listed(value: Any) -> list[torch.Tensor]:
    return [value] if isinstance(value, torch.Tensor) else list(value)


def _statistics(tensor: torch.Tensor) -> Any:
    """Whether a tensor is all zero, or looks like N(0, 0.01²) without equal rows or columns."""
    if not tensor.any():
        return "zero"
    if tensor.numel() < 1000:
        return "small"
    values = tensor.double() / 0.01
    kurtosis = float(((values - values.mean()) ** 4).mean() / values.var() ** 2)
    distinct = all(len(tensor.unique(dim=axis)) > 1 for axis in range(tensor.dim()))
    spread = abs(float(values.std()) - 1) < 0.1
    return spread, abs(float(values.mean())) < 0.1, 2.6 < kurtosis < 3.4, distinct


def _random(*shape: int, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _loss(scale: float, dtype: torch.dtype) -> Callable:
    """sequence_loss: its value, and its gradient."""

    def case(function: Callable) -> Any:
        outputs = (_random(3, 2, 5) * scale).to(dtype).requires_grad_()
        loss = function(list(outputs), torch.tensor([[0, 3, 1], [4, 4, 2]]))
        loss.backward()
        return loss.detach(), outputs.grad

    return case


def _leaves(missing: tuple[int, ...] = ()) -> list[torch.Tensor]:
    """Parameters with gradients of very different size; those ``missing`` have none."""
    leaves = []
    for index, (shape, scale) in enumerate([((3, 2), 3.0), ((2,), 0.5), ((4,), 1.0)]):
        leaf = _random(*shape, seed=index).requires_grad_()
        leaf.grad = None if index in missing else scale * _random(*shape, seed=9 + index)
        leaves.append(leaf)
    return leaves


def _stepped(call: Callable, missing: tuple[int, ...] = ()) -> Callable:
    """grad_clipping or sgd: the parameters afterwards, and the gradient tensors held before."""

    def case(function: Callable) -> Any:
        leaves = _leaves(missing)
        held = [leaf.grad for leaf in leaves]
        call(function, leaves)
        return leaves, held, [leaf.grad for leaf in leaves]

    return case


def _twice(function: Callable) -> Any:
    """sgd called on new parameters a second time: nothing is remembered."""
    function(_leaves(), 0.5, 2)
    leaves = _leaves()
    function(leaves, 0.5, 2)
    return leaves


def _detached(count: int) -> Callable:
    """detach_state: what comes back, and whether the argument is still part of the graph."""

    def case(function: Callable) -> Any:
        state = [_random(2, 3, seed=index).requires_grad_() * 1 for index in range(count)]
        result = function(tuple(state))
        if isinstance(result, list):  # a state is a tuple or a list
            result = tuple(result)
        return result, [matrix.requires_grad for matrix in state]

    return case


def _text(prefix: str, count: int, seed: int) -> Callable:
    """predict_rnn: the text."""
    tail = (3, len(VOCAB), torch.device("cpu"), list(VOCAB), {c: i for i, c in enumerate(VOCAB)})
    head = (prefix, count, toy_net)

    def case(function: Callable) -> Any:
        return function(*head, make_toy_params(seed, len(VOCAB), 3), init_toy_state, *tail)

    return case


def _epoch(is_random: bool, theta: float) -> Callable:
    """train_epoch: the perplexity, and the parameters afterwards."""
    sizes = [(2, 3), (4, 3), (1, 5)] if is_random else [(2, 3)] * 3
    generator = torch.Generator().manual_seed(3)
    batches = [
        tuple(torch.randint(len(VOCAB), size, generator=generator) for _ in "XY") for size in sizes
    ]

    def case(function: Callable) -> Any:
        params = make_toy_params(2, len(VOCAB), 3)
        head = (toy_net, params, init_toy_state, 3, len(VOCAB), torch.device("cpu"))
        fresh = ((X.clone(), Y.clone()) for X, Y in batches)
        perplexity = function(*head, fresh, 0.5, theta, is_random)
        return float(perplexity), [param.detach() for param in params]

    return case


def _course(is_random: bool) -> Callable:
    """train_and_predict_rnn: what it returns, and the numbers and the texts that it prints.

    The corpus of the random case makes a single batch, so that its order doesn't matter.
    """
    length = 7 if is_random else 22
    corpus = torch.randint(len(VOCAB), (length,), generator=torch.Generator().manual_seed(8))
    numbers = {char: index for index, char in enumerate(VOCAB)}

    def get_params(num_inputs: int, num_hiddens: int, num_outputs: int, device: Any) -> list:
        return make_toy_params(4, num_inputs, num_hiddens)

    def case(function: Callable) -> Any:
        head = (toy_net, get_params, init_toy_state, 4, len(VOCAB), torch.device("cpu"))
        data = (corpus.tolist(), list(VOCAB), numbers, is_random)
        settings = {"num_epochs": 5, "num_steps": 3, "lr": 0.8, "clipping_theta": 0.3}
        output = {"batch_size": 2, "pred_period": 2, "pred_len": 6, "prefixes": ["ab", "d"]}
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            params, perplexities = function(*head, *data, *(settings | output).values())
        text = printed.getvalue()
        printed_numbers = [float(number) for number in re.findall(r"\d+\.\d+", text)]
        texts = [word for word in text.split() if len(word) > 6 and set(word) <= set(VOCAB)]
        trained = [param.detach() for param in params]
        return trained, list(perplexities), printed_numbers, texts

    return case


def _clip(theta: float) -> Callable:
    return lambda function, leaves: function(leaves, theta)


CASES: dict[str, list[Callable]] = {
    "sequence_data.build_vocab": [
        lambda function: function("hello world\n"),
        lambda function: function("学而时习之,不亦说乎?学而不思则罔"),
    ],
    "sequence_data.one_hot": _index_cases("one_hot"),
    "sequence_data.to_onehot": _index_cases("to_onehot"),
    "sequence_data.data_iter_random": [_windows(97, 4, 3), _windows(24, 1, 6), _windows(30, 3, 4)],
    "sequence_data.data_iter_consecutive": [_rows(31, 2, 4), _rows(24, 2, 3), _rows(30, 3, 3)],
    "parameters.normal_param": [_sample(lambda function, device: function((60, 50), device))],
    "parameters.zero_param": [_sample(lambda function, device: function(7, device))],
    "parameters.gate_params": [_sample(lambda function, device: function(40, 50, device))],
    "parameters.output_params": [_sample(lambda function, device: function(50, 40, device))],
    "training.sequence_loss": [
        _loss(1.0, torch.float64),
        _loss(1.0, torch.float32),
        _loss(900.0, torch.float64),
    ],
    "training.perplexity": [lambda f, x=x: float(f(x)) for x in (0.0, 0.7, math.log(27), 6.0)],
    "training.grad_clipping": [
        _stepped(_clip(0.5)),
        _stepped(_clip(100.0)),
        _stepped(_clip(0.5), missing=(1,)),
        _stepped(lambda function, leaves: function((leaf for leaf in leaves), 0.5)),
    ],
    "training.sgd": [
        _stepped(lambda function, leaves: function(leaves, 0.5)),
        _stepped(lambda function, leaves: function(leaves, 0.5, 4)),
        _twice,
    ],
    "training.detach_state": [_detached(1), _detached(2)],
    "training.predict_rnn": [_text("abcd", 9, 3), _text("d", 8, 3), _text("ba", 9, 7)],
    "training.train_epoch": [_epoch(False, 100.0), _epoch(True, 100.0), _epoch(True, 0.05)],
    "training.train_and_predict_rnn": [_course(False), _course(True)],
}
