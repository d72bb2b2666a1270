"""Probes of the functions that use a model: writing, one epoch, whole courses of training.

The alphabet is one that nobody prints by chance.
"""

import contextlib
import dataclasses
import io
import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.audit.probe_calls import META, UNKNOWN, Draw, Look, Near
from grader.audit.probe_net import ALPHABET, CPU, NUMBERS, H, Net, Seen, V

UNCLIPPED = 1e6
SMALL_THETA = 0.05
TRAINED = 1e-6  # relative, of float64 parameters after some steps
CLIPPED = 1e-4  # the same with clipping, where an ε beside the norm is fine
FLOAT32 = 2e-3
CLOSE = 0.05  # of a printed perplexity: one decimal is enough


# predict_rnn


def _text(prefix: str, count: int, seed: int, dtype: torch.dtype = torch.float64) -> Look:
    """The text, and the parameters and their gradients after it."""

    def look(module: Any) -> Any:
        net = Net(seed, dtype)
        params = net.params()
        arguments = (net, params, net.first_state, H, V, CPU, list(ALPHABET), dict(NUMBERS))
        texts = [module.predict_rnn(prefix, count, *arguments) for _ in range(2)]
        untouched = [torch.equal(a, b) for a, b in zip(params, net.params(), strict=True)]
        return texts, untouched, [p.grad is None for p in params], sorted(set(net.asked))

    return look


def _shuffled(module: Any) -> Any:
    """A vocabulary in another order, given as a tuple."""
    net, letters = Net(11), "δβηαγζε"
    numbers = {char: index for index, char in enumerate(letters)}
    head = ("βαδ", 8, net, net.params(), net.first_state, H, V, CPU)
    return module.predict_rnn(*head, tuple(letters), numbers)


def _writes_on(module: Any) -> Any:
    """Where inputs and states are made."""
    net = Net(3, device=META, stop=True)
    arguments = ("βα", 3, net, net.params(), net.first_state, H, V, META, list(ALPHABET), NUMBERS)
    return _until_seen(net, module.predict_rnn, arguments)


def _until_seen(net: Net, function: Callable, arguments: tuple[Any, ...]) -> Any:
    """Where the first inputs are, and what first states were asked for.

    A function that does not come as far with tensors without data can't be asked.
    """
    try:
        function(*arguments)
    except Seen:
        return net.devices, net.asked
    except Exception:
        return UNKNOWN
    return "not called"


# train_epoch


def _batches(sizes: list[tuple[int, int]], seed: int = 3) -> list[tuple[Tensor, Tensor]]:
    draw = Draw(seed)
    return [(draw.integers(V, *size), draw.integers(V, *size)) for size in sizes]


EQUAL, UNEQUAL, SINGLE = [(2, 3)] * 3, [(2, 3), (4, 3), (1, 5)], [(3, 4)]
STATEFUL = [(2, 3), (2, 5), (2, 1)]  # one batch size, but T differs


def _epoch(
    sizes: list[tuple[int, int]],
    is_random: bool,
    theta: float = UNCLIPPED,
    lr: float = 0.5,
    dtype: torch.dtype = torch.float64,
    seed: int = 2,
    old_gradients: bool = False,
) -> Look:
    """The perplexity, the parameters afterwards, and whether states were cut from the graph."""

    def look(module: Any) -> Any:
        net, batches = Net(seed, dtype), _batches(sizes)
        params = net.params()
        for param in params if old_gradients else []:
            param.grad = torch.ones_like(param)
        given = [(X.clone(), Y.clone()) for X, Y in batches]
        perplexity = module.train_epoch(
            *(net, params, net.first_state, H, V, CPU), iter(given), lr, theta, is_random
        )
        tolerance = CLIPPED if theta < UNCLIPPED else TRAINED
        tolerance = FLOAT32 if dtype is torch.float32 else tolerance
        same = [
            torch.equal(X, x) and torch.equal(Y, y)
            for (X, Y), (x, y) in zip(batches, given, strict=True)
        ]
        return {
            "type": type(perplexity).__name__,
            "perplexity": Near(float(perplexity), max(tolerance, 2e-5)),
            "params": [Near(param.detach(), tolerance) for param in params],
            "kinds": [(p.is_leaf, p.requires_grad, p.dtype) for p in params],
            "graphs": (net.cut, net.kept),
            "untouched": same,
        }

    return look


def _integers(module: Any) -> Any:
    """Indices of another integer type, batches as a list of lists."""
    net = Net(5)
    params = net.params()
    batches = [[X.to(torch.int32), Y.to(torch.int32)] for X, Y in _batches(EQUAL)]
    module.train_epoch(net, params, net.first_state, H, V, CPU, batches, 0.3, UNCLIPPED, False)
    return [Near(param.detach(), TRAINED) for param in params]


def _trains_on(module: Any) -> Any:
    """Where inputs and states are made; the batches are there already."""
    net = Net(3, device=META, stop=True)
    batches = [(X.to(META), Y.to(META)) for X, Y in _batches(EQUAL)]
    head = (net, net.params(), net.first_state, H, V, META)
    return _until_seen(net, module.train_epoch, (*head, batches, 0.5, 1.0, False))


# train_and_predict_rnn


@dataclasses.dataclass(frozen=True)
class Course:
    """Settings of a training. A random one is compared wholly only if an epoch is one batch."""

    is_random: bool
    length: int
    num_epochs: int = 5
    num_steps: int = 3
    lr: float = 0.8
    theta: float = UNCLIPPED
    batch_size: int = 2
    pred_period: int = 2
    pred_len: int = 6
    prefixes: tuple[str, ...] = ("αβ", "δ")
    seed: int = 4
    as_tensor: bool = False
    dtype: torch.dtype = torch.float64

    def __call__(self, module: Any) -> Any:
        """What it returns; the texts it prints, and of which epochs it prints the perplexity."""
        net = Net(self.seed, self.dtype, scale=1.0)
        corpus = Draw(self.seed + 4).integers(V, self.length)
        given = corpus.clone() if self.as_tensor else corpus.tolist()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            params, perplexities = module.train_and_predict_rnn(
                *(net, net.get_params, net.first_state, H, V, CPU, given),
                *(list(ALPHABET), dict(NUMBERS), self.is_random, self.num_epochs),
                *(self.num_steps, self.lr, self.theta, self.batch_size),
                *(self.pred_period, self.pred_len, list(self.prefixes)),
            )
        tolerance = CLIPPED if self.theta < UNCLIPPED else TRAINED
        tolerance = FLOAT32 if self.dtype is torch.float32 else tolerance
        return {
            "params": [Near(param.detach(), tolerance) for param in params],
            "kinds": [(p.is_leaf, p.requires_grad, p.dtype) for p in params],
            "perplexities": [Near(float(p), max(tolerance, 2e-5)) for p in perplexities],
            "types": {type(p).__name__ for p in perplexities},
            "texts": self._texts(printed.getvalue()),
            "numbers": [_prints(printed.getvalue(), float(p)) for p in perplexities],
            "asked": net.asked[0],
            "corpus": list(given) == corpus.tolist(),
        }

    def _texts(self, printed: str) -> list[str]:
        lengths = {len(prefix) + self.pred_len for prefix in self.prefixes}
        return [word for word in re.findall(f"[{ALPHABET}]+", printed) if len(word) in lengths]


def _prints(text: str, number: float) -> bool:
    """Whether a number close to ``number`` stands in a text."""
    found = re.findall(r"\d+\.\d+(?:[eE][-+]?\d+)?", text)
    return any(abs(float(item) - number) <= CLOSE * 1.01 for item in found)


TEXTS: list[Look] = [
    _text("αβγδ", 9, 3),
    _text("δ", 8, 3),
    _text("βα", 9, 7),
    _text("ζζηα", 1, 11),
    _text("γα", 0, 11),
    _text("γεβ", 7, 5, torch.float32),
    _shuffled,
    _writes_on,
]
EPOCHS: list[Look] = [
    _epoch(EQUAL, False),
    _epoch(EQUAL, True),
    _epoch(UNEQUAL, True),
    _epoch(STATEFUL, False, seed=6),
    _epoch(UNEQUAL, True, SMALL_THETA, 3.0),
    _epoch(STATEFUL, False, SMALL_THETA, 3.0),
    _epoch(EQUAL, False, 1.0, 0.7, seed=9),
    _epoch(SINGLE, False, old_gradients=True),
    _epoch(SINGLE, True, lr=0.0),
    _epoch(EQUAL, False, dtype=torch.float32, lr=0.1),
    _integers,
    _trains_on,
]
COURSES: list[Look] = [
    Course(False, 22),
    Course(True, 7),
    Course(True, 7, theta=0.3, num_epochs=3, pred_period=1, as_tensor=True, seed=7),
    Course(False, 22, theta=0.3, num_epochs=4, pred_period=3, as_tensor=True, seed=7),
    Course(True, 25, lr=0.0, num_epochs=2, pred_len=3),  # whatever the order, the same
    Course(False, 13, num_epochs=3, batch_size=1, num_steps=4, pred_len=0, prefixes=("αδγ",)),
    Course(False, 22, num_epochs=2, dtype=torch.float32, lr=0.1, pred_period=9),
]
