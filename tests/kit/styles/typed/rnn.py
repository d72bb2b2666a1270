"""Full type hints; the parameters are read into a dataclass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from exercises.parameters import gate_params, output_params


@dataclass
class Weights:
    W_xh: Tensor
    W_hh: Tensor
    b_h: Tensor
    W_hq: Tensor
    b_q: Tensor

    @property
    def hidden(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.W_xh, self.W_hh, self.b_h


@dataclass
class State:
    H: Tensor


def get_params(
    num_inputs: int,
    num_hiddens: int,
    num_outputs: int,
    device: torch.device | str | None = None,
) -> nn.ParameterList:
    W_xh, W_hh, b_h = gate_params(num_inputs, num_hiddens, device)
    W_hq, b_q = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([W_xh, W_hh, b_h, W_hq, b_q])


def init_rnn_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor, ...]:
    return (torch.zeros(batch_size, num_hiddens, dtype=torch.float32, device=device),)


def rnn_step(X: Tensor, H: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor) -> Tensor:
    pre_activation: Tensor = X @ W_xh + H @ W_hh + b_h
    return pre_activation.tanh()


def rnn(
    inputs: Iterable[Tensor], state: Sequence[Tensor], params: Iterable[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    weights: Weights = Weights(*params)
    current: State = State(*state)
    outputs: list[Tensor] = []
    for X in inputs:
        current = State(H=rnn_step(X, current.H, *weights.hidden))
        outputs.append(current.H @ weights.W_hq + weights.b_q)
    return outputs, tuple(getattr(current, name) for name in ("H",))
