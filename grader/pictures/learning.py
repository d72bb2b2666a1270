"""Perplexity over epochs, computed on this side; no number that a submission reports is used.

In ``training`` the submission's ``train_epoch`` trains a small net of the sandbox's own, and the
parameters that come back are tried on the text here. In the exercises with cells it is the other
way round: the network is the submission's, and the training is ours. Its outputs come back, the
loss and its gradient with respect to them are computed here, and it is asked for the gradients of
the parameters that follow.
"""

import math
from collections.abc import Callable, Iterable

import torch
from torch.nn import functional

from grader.checking.cases import Fill
from grader.checking.nets import Net, ask_in_any_form, net
from grader.corpus import load_corpus
from grader.pictures.asking import Asker, Unavailable, finite, tensors
from grader.pictures.cells import CELLS
from grader.sandbox import limits
from grader.submission import Returned

Batch = tuple[torch.Tensor, torch.Tensor]
CHARACTERS = 500
BATCH, STEPS = 8, 10
UNITS = 16
EPOCHS = 16
RATE = 4.0  # of the steps; so large that without clipping training goes wrong
THETA, LONGEST = 0.1, 0.5  # of the gradient: in the submission's training, and in ours
CELL_EPOCHS = 10
MOST = 1e4  # perplexities beyond it are drawn at the edge


def batches() -> tuple[list[Batch], int]:
    """The mini-batches of an epoch, random in their order and always the same, and the vocabulary's
    size."""
    indices, _, _, size = load_corpus("sonnets", CHARACTERS, letters_only=True)
    text = torch.tensor(indices)
    starts = range(0, len(text) - STEPS, STEPS)
    windows = torch.stack([text[start : start + STEPS + 1] for start in starts])
    windows = windows[torch.randperm(len(windows), generator=torch.Generator().manual_seed(8))]
    full = windows[: len(windows) // BATCH * BATCH].reshape(-1, BATCH, STEPS + 1)
    return [(part[:, :-1].contiguous(), part[:, 1:].contiguous()) for part in full], size


def by_their_training(asker: Asker) -> list[float]:
    """The perplexity after each epoch of ``training.train_epoch``, from 0.

    Raises:
        Unavailable: if it can't be asked, or returns other parameters than it was given.
    """
    pairs, size = batches()
    model = net(Fill(9), size, UNITS, scale=0.25)
    shapes = [tuple(param.shape) for param in model.params]
    key, found = "training.train_epoch", [_perplexity(model, pairs)]
    for _ in range(EPOCHS):
        now = model

        def arguments(dtype: torch.dtype, form: str, now: Net = now) -> dict:
            return {
                **now.arguments(dtype, form),
                "num_hiddens": now.hiddens,
                "vocab_size": now.vocab,
                "device": torch.device("cpu"),
                "data_iter": pairs,
                "lr": RATE,
                "clipping_theta": THETA,
                "is_random_iter": True,
            }

        answer = asker.ask(
            key,
            {},
            lambda function, _, make=arguments: ask_in_any_form(
                function, make, report_arguments=True
            ),
        )
        params = tensors(key, answer.arguments.get("params"), shapes)
        model = Net(params, model.states, model.hiddens, model.vocab)
        found.append(_perplexity(model, pairs))
    return found


def _perplexity(model: Net, pairs: Iterable[Batch]) -> float:
    cell, params, init = model.local()
    losses = []
    with torch.no_grad():
        for X, Y in pairs:
            outputs, _ = cell(_one_hot(X, model.vocab), init(len(X), model.hiddens), params)
            losses.append(functional.cross_entropy(torch.cat(outputs), Y.T.reshape(-1)))
    return _exp(losses)


def _exp(losses: list[torch.Tensor]) -> float:
    mean = float(torch.stack(losses).mean())
    return math.exp(mean) if mean < math.log(MOST) else MOST  # NaN, too


def _one_hot(X: torch.Tensor, size: int) -> list[torch.Tensor]:
    return list(functional.one_hot(X.T.long(), size).double())


def of_their_cell(exercise: str, asker: Asker) -> list[float]:
    """The perplexity in each epoch in which we train the exercise's whole network.

    Raises:
        Unavailable: if it can't be asked, or its outputs or gradients have other shapes.
    """
    pairs, size = batches()
    cell = CELLS[exercise]
    params = _params(len(cell.groups), size)
    found = []
    for _ in range(CELL_EPOCHS):
        losses = []
        for X, Y in pairs:
            loss, gradients = _step(
                f"{exercise}.{cell.whole}", asker, X, Y, params, len(cell.states)
            )
            losses.append(loss)
            norm = torch.cat([gradient.reshape(-1) for gradient in gradients]).norm()
            rate = RATE * min(1.0, LONGEST / max(float(norm), 1e-12))
            params = [p - rate * g for p, g in zip(params, gradients, strict=True)]
        found.append(_exp(losses))
    return found


def _params(gates: int, size: int) -> list[torch.Tensor]:
    drawn = torch.Generator().manual_seed(10)
    shapes = [(size, UNITS), (UNITS, UNITS), (UNITS,)] * gates + [(UNITS, size), (size,)]
    return [
        torch.randn(shape, generator=drawn, dtype=torch.float64) * 0.3
        if len(shape) == 2
        else torch.zeros(shape, dtype=torch.float64)
        for shape in shapes
    ]


def _step(
    key: str,
    asker: Asker,
    X: torch.Tensor,
    Y: torch.Tensor,
    params: list[torch.Tensor],
    states: int,
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """A batch's loss, and its gradients with respect to the parameters."""
    size = params[-1].shape[0]
    zeros = tuple(torch.zeros((len(X), UNITS), dtype=torch.float64) for _ in range(states))
    inputs = _one_hot(X, size)
    answer = asker.ask(key, {"inputs": inputs, "state": zeros, "params": params})
    logits = _logits(key, answer.value, len(inputs), (len(X), size)).requires_grad_()
    loss = functional.cross_entropy(logits.reshape(-1, size), Y.T.reshape(-1))
    (outer,) = torch.autograd.grad(loss, logits)
    rest = torch.zeros(states * len(X) * UNITS, dtype=torch.float64)
    leaves = [param.clone().requires_grad_() for param in params]
    answer = asker.ask(
        key,
        {"inputs": inputs, "state": zeros, "params": leaves},
        cotangent=torch.cat([outer.reshape(-1), rest]),
        result_bytes=limits.RESULT_BYTES,
    )
    found = zip(answer.gradients, params, strict=False)
    gradients = [
        torch.zeros_like(param) if g is None else finite(key, g, tuple(param.shape))
        for g, param in found
    ]
    if len(gradients) != len(params):
        raise Unavailable("html.no_shape", name=key)
    return loss.detach(), gradients


def _logits(key: str, value: object, steps: int, shape: tuple[int, int]) -> torch.Tensor:
    """The outputs of ``(outputs, state)`` in any of the forms allowed, as (T, n, q)."""
    outputs = value[0] if isinstance(value, (list, tuple)) and value else None
    if isinstance(outputs, Returned) and outputs.data is not None:
        wanted = (steps * shape[0], shape[1])
        given = tuple(outputs.data.shape)
        whole = finite(key, outputs, wanted if given == wanted else (steps, *shape))
        return whole.reshape(steps, *shape)
    return torch.stack(tensors(key, outputs, [shape] * steps))


Curve = Callable[[Asker], list[float]]
