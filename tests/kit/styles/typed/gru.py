"""Full type hints, an enum of gates, dataclasses with slots."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .parameters import gate_params, output_params


class Gate(enum.IntEnum):
    UPDATE = 0
    RESET = 3
    CANDIDATE = 6


@dataclass(slots=True)
class GateWeights:
    input: Tensor
    recurrent: Tensor
    bias: Tensor

    def __call__(self, X: Tensor, H: Tensor) -> Tensor:
        return X @ self.input + H @ self.recurrent + self.bias

    @classmethod
    def select(cls, params: Sequence[Tensor], gate: Gate) -> GateWeights:
        return cls(*(params[gate + offset] for offset in range(3)))


def get_params(
    num_inputs: int,
    num_hiddens: int,
    num_outputs: int,
    device: torch.device | str | None = None,
) -> nn.ParameterList:
    params: nn.ParameterList = nn.ParameterList()
    for _ in Gate:
        params.extend(gate_params(num_inputs, num_hiddens, device))
    params.extend(output_params(num_hiddens, num_outputs, device))
    return params


def init_gru_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor]:
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def reset_gate(X: Tensor, H: Tensor, W_xr: Tensor, W_hr: Tensor, b_r: Tensor) -> Tensor:
    return GateWeights(W_xr, W_hr, b_r)(X, H).sigmoid()


def update_gate(X: Tensor, H: Tensor, W_xz: Tensor, W_hz: Tensor, b_z: Tensor) -> Tensor:
    return GateWeights(W_xz, W_hz, b_z)(X, H).sigmoid()


def candidate_state(
    X: Tensor, H: Tensor, R: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor
) -> Tensor:
    return GateWeights(W_xh, W_hh, b_h)(X, R * H).tanh()


def next_state(Z: Tensor, H: Tensor, H_tilde: Tensor) -> Tensor:
    one: Tensor = torch.ones((), dtype=Z.dtype, device=Z.device)
    return Z * H + (one - Z) * H_tilde


def gru(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor]]:
    weights: dict[Gate, GateWeights] = {g: GateWeights.select(params, g) for g in Gate}
    H: Tensor = state[0]
    outputs: list[Tensor] = []
    for X in inputs:
        Z: Tensor = weights[Gate.UPDATE](X, H).sigmoid()
        R: Tensor = weights[Gate.RESET](X, H).sigmoid()
        H = next_state(Z, H, weights[Gate.CANDIDATE](X, R * H).tanh())
        outputs.append(torch.add(H @ params[-2], params[-1]))
    return outputs, (H,)
