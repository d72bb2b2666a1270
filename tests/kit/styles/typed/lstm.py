"""Full type hints, a Protocol, a dataclass that steps itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from exercises.parameters import gate_params, output_params


class Activation(Protocol):
    def __call__(self, a: Tensor, /) -> Tensor: ...


def _gate(
    activation: Activation, X: Tensor, H: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    return activation(X @ W_x + H @ W_h + b)


def get_params(
    num_inputs: int,
    num_hiddens: int,
    num_outputs: int,
    device: torch.device | str | None = None,
) -> nn.ParameterList:
    groups: list[tuple[nn.Parameter, ...]] = [
        gate_params(num_inputs, num_hiddens, device) for _ in range(4)
    ]
    groups.append(output_params(num_hiddens, num_outputs, device))
    return nn.ParameterList([parameter for group in groups for parameter in group])


def init_lstm_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor, Tensor]:
    size: torch.Size = torch.Size((batch_size, num_hiddens))
    return torch.zeros(size, device=device), torch.zeros(size, device=device)


def input_gate(X: Tensor, H: Tensor, W_xi: Tensor, W_hi: Tensor, b_i: Tensor) -> Tensor:
    return _gate(torch.sigmoid, X, H, W_xi, W_hi, b_i)


def forget_gate(X: Tensor, H: Tensor, W_xf: Tensor, W_hf: Tensor, b_f: Tensor) -> Tensor:
    return _gate(torch.sigmoid, X, H, W_xf, W_hf, b_f)


def output_gate(X: Tensor, H: Tensor, W_xo: Tensor, W_ho: Tensor, b_o: Tensor) -> Tensor:
    return _gate(torch.sigmoid, X, H, W_xo, W_ho, b_o)


def candidate_memory(X: Tensor, H: Tensor, W_xc: Tensor, W_hc: Tensor, b_c: Tensor) -> Tensor:
    return _gate(torch.tanh, X, H, W_xc, W_hc, b_c)


def next_memory(F: Tensor, C: Tensor, I: Tensor, C_tilde: Tensor) -> Tensor:
    return F * C + I * C_tilde


def next_state(O: Tensor, C: Tensor) -> Tensor:
    return O * torch.tanh(C)


@dataclass(frozen=True, eq=False)
class Memory:
    H: Tensor
    C: Tensor

    def step(self, X: Tensor, params: Sequence[Tensor]) -> Memory:
        i, f, o, c = (params[k : k + 3] for k in range(0, 12, 3))
        C_tilde: Tensor = candidate_memory(X, self.H, *c)
        C: Tensor = next_memory(
            forget_gate(X, self.H, *f), self.C, input_gate(X, self.H, *i), C_tilde
        )
        return replace(self, H=next_state(output_gate(X, self.H, *o), C), C=C)


def lstm(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, Tensor]]:
    parameters: tuple[Tensor, ...] = tuple(params)
    memory: Memory = Memory(*state)
    outputs: list[Tensor] = []
    for X in cast("Sequence[Tensor]", inputs):
        memory = memory.step(X, parameters)
        outputs.append(memory.H @ parameters[12] + parameters[13])
    return outputs, (memory.H, memory.C)
