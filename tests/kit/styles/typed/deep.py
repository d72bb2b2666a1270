"""Typed, with a dataclass for each layer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn


def _weight(*shape, device=None):
    return nn.Parameter(torch.randn(*shape, device=device) * 0.01)


def _bias(size, device=None):
    return nn.Parameter(torch.zeros(size, device=device))


@dataclasses.dataclass(frozen=True)
class Gate:
    W: Tensor
    U: Tensor
    b: Tensor

    def __call__(self, X: Tensor, H: Tensor) -> Tensor:
        return X @ self.W + H @ self.U + self.b


@dataclasses.dataclass(frozen=True)
class Layer:
    update: Gate
    reset: Gate
    candidate: Gate

    @classmethod
    def many(cls, params: Sequence[Tensor]) -> list[Layer]:
        gates = [Gate(*params[i : i + 3]) for i in range(0, len(params), 3)]
        return [cls(*gates[i : i + 3]) for i in range(0, len(gates), 3)]

    def advance(self, X: Tensor, H: Tensor) -> Tensor:
        Z = self.update(X, H).sigmoid()
        R = self.reset(X, H).sigmoid()
        return Z * H + (1 - Z) * self.candidate(X, R * H).tanh()


def get_params(
    num_inputs: int, num_hiddens: int, num_outputs: int, num_layers: int, device=None
) -> list[nn.Parameter]:
    params: list[nn.Parameter] = []
    for width in (num_inputs, *[num_hiddens] * (num_layers - 1)):
        for _ in range(3):
            params.extend(
                (
                    _weight(width, num_hiddens, device=device),
                    _weight(num_hiddens, num_hiddens, device=device),
                    _bias(num_hiddens, device=device),
                )
            )
    params.extend(
        (_weight(num_hiddens, num_outputs, device=device), _bias(num_outputs, device=device))
    )
    return params


def init_deep_state(
    batch_size: int, num_hiddens: int, num_layers: int, device=None
) -> list[Tensor]:
    return [torch.zeros(batch_size, num_hiddens, device=device) for _ in range(num_layers)]


def deep_gru(inputs: Iterable[Tensor], state: Sequence[Tensor], params: Sequence[Tensor]):
    *cells, W_hq, b_q = params
    layers, outputs = Layer.many(cells), []
    for X in inputs:
        fresh = []
        for layer, H in zip(layers, state):
            X = layer.advance(X, H)
            fresh.append(X)
        state = fresh
        outputs.append(X @ W_hq + b_q)
    return outputs, state
