"""Full type hints, dataclasses for the model and for what an epoch adds up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot

Device: TypeAlias = "torch.device | str | None"
State: TypeAlias = tuple[Tensor, ...]
Batches: TypeAlias = Iterable[tuple[Tensor, Tensor]]


def sequence_loss(outputs: Sequence[Tensor] | Tensor, Y: Tensor) -> Tensor:
    logits: Tensor = outputs if isinstance(outputs, Tensor) else torch.cat(list(outputs), dim=0)
    num_classes: int = logits.shape[-1]
    log_probabilities: Tensor = functional.log_softmax(logits.reshape(-1, num_classes), dim=-1)
    labels: Tensor = Y.transpose(0, 1).reshape(-1).to(torch.int64)
    return functional.nll_loss(log_probabilities, labels, reduction="mean")


def perplexity(mean_loss: float | Tensor) -> float:
    value: float = mean_loss.item() if isinstance(mean_loss, Tensor) else mean_loss
    return math.exp(value)


def grad_clipping(params: Iterable[Tensor], theta: float, device: Device = None) -> None:
    grads: list[Tensor] = [p.grad for p in params if p.grad is not None]
    norm: float = math.sqrt(sum(float(torch.sum(grad**2)) for grad in grads))
    ratio: float = theta / norm if norm > theta else 1.0
    if ratio < 1.0:
        for grad in grads:
            grad.mul_(ratio)


def sgd(params: Iterable[Tensor], lr: float, batch_size: int = 1) -> None:
    for p in params:
        if p.grad is not None:
            p.data.sub_(p.grad, alpha=lr / batch_size)


def detach_state(state: Sequence[Tensor]) -> State:
    return tuple(s.detach() for s in state)


@dataclass
class Model:
    rnn: Callable[..., Any]
    params: Sequence[Tensor]
    init_rnn_state: Callable[..., Any]
    num_hiddens: int
    vocab_size: int
    device: Device

    def first_state(self, batch_size: int) -> State:
        return self.init_rnn_state(batch_size, self.num_hiddens, self.device)

    def __call__(self, X: Tensor, state: State) -> tuple[Any, State]:
        like: Tensor = next(iter(self.params))
        inputs = [x.to(like) for x in to_onehot(X.to(like.device), self.vocab_size)]
        return self.rnn(inputs, state, self.params)


@dataclass
class Sums:
    nats: float = 0.0
    labels: int = 0

    def __iadd__(self, other: tuple[float, int]) -> Sums:
        mean, labels = other
        return Sums(self.nats + mean * labels, self.labels + labels)


def _continue(model: Model, numbers: list[int], count: int) -> list[int]:
    state: State = model.first_state(1)
    outputs, state = model(torch.tensor([numbers]), state)
    while len(numbers) and count:
        numbers = [*numbers, int(outputs[-1].argmax())]
        count -= 1
        if count:
            outputs, state = model(torch.tensor([numbers[-1:]]), state)
    return numbers


def predict_rnn(
    prefix: str, num_chars: int, rnn: Callable[..., Any], params: Sequence[Tensor],
    init_rnn_state: Callable[..., Any], num_hiddens: int, vocab_size: int, device: Device,
    idx_to_char: Sequence[str], char_to_idx: dict[str, int],
) -> str:  # fmt: skip
    model = Model(rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    with torch.no_grad():
        numbers = _continue(model, [char_to_idx[c] for c in prefix], num_chars)
    return "".join(idx_to_char[number] for number in numbers)


def train_epoch(
    rnn: Callable[..., Any], params: Sequence[Tensor], init_rnn_state: Callable[..., Any],
    num_hiddens: int, vocab_size: int, device: Device, data_iter: Batches, lr: float,
    clipping_theta: float, is_random_iter: bool,
) -> float:  # fmt: skip
    model = Model(rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    state: State | None = None
    sums = Sums()
    for X, Y in data_iter:
        state = model.first_state(len(X)) if state is None or is_random_iter else state
        outputs, state = model(X, detach_state(state))
        loss: Tensor = sequence_loss(outputs, Y.to(outputs[0].device))
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        sums += (loss.item(), Y.numel())
    return perplexity(sums.nats / sums.labels)


def train_and_predict_rnn(
    rnn: Callable[..., Any], get_params: Callable[..., Any], init_rnn_state: Callable[..., Any],
    num_hiddens: int, vocab_size: int, device: Device, corpus_indices: Sequence[int] | Tensor,
    idx_to_char: Sequence[str], char_to_idx: dict[str, int], is_random_iter: bool,
    num_epochs: int, num_steps: int, lr: float, clipping_theta: float, batch_size: int,
    pred_period: int, pred_len: int, prefixes: Sequence[str],
) -> tuple[Sequence[Tensor], list[float]]:  # fmt: skip
    params: Sequence[Tensor] = get_params(vocab_size, num_hiddens, vocab_size, device)
    shared = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    sample = data_iter_random if is_random_iter else data_iter_consecutive
    perplexities: list[float] = []
    for epoch in range(1, num_epochs + 1):
        data: Batches = sample(corpus_indices, batch_size, num_steps, device)
        perplexities.append(train_epoch(*shared, data, lr, clipping_theta, is_random_iter))
        if epoch % pred_period == 0:
            print(f"{epoch=} perplexity={perplexities[-1]:.3f}")
            for prefix in prefixes:
                print(f"{predict_rnn(prefix, pred_len, *shared, idx_to_char, char_to_idx)!r}")
    return params, perplexities
