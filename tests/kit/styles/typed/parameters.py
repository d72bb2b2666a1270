"""Full type hints and a frozen dataclass of what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import torch
from torch import Tensor, nn

Device: TypeAlias = "torch.device | str | int | None"
SIGMA: Final[float] = 0.01


@dataclass(frozen=True, kw_only=True)
class Normal:
    mean: float = 0.0
    std: float = SIGMA

    def draw(self, shape: tuple[int, ...], device: Device) -> Tensor:
        distribution = torch.distributions.Normal(
            torch.full(shape, self.mean, device=device),
            torch.full(shape, self.std, device=device),
            validate_args=False,
        )
        return distribution.sample()


def normal_param(shape: tuple[int, ...], device: Device = None) -> nn.Parameter:
    return nn.Parameter(Normal().draw(tuple(shape), device), requires_grad=True)


def zero_param(size: int, device: Device = None) -> nn.Parameter:
    return nn.Parameter(torch.zeros(size, dtype=torch.float32, device=device))


def gate_params(
    num_inputs: int, num_hiddens: int, device: Device = None
) -> tuple[nn.Parameter, nn.Parameter, nn.Parameter]:
    W_x: nn.Parameter = normal_param((num_inputs, num_hiddens), device=device)
    W_h: nn.Parameter = normal_param((num_hiddens, num_hiddens), device=device)
    b: nn.Parameter = zero_param(num_hiddens, device=device)
    return W_x, W_h, b


def output_params(
    num_hiddens: int, num_outputs: int, device: Device = None
) -> tuple[nn.Parameter, nn.Parameter]:
    return normal_param((num_hiddens, num_outputs), device), zero_param(num_outputs, device)
