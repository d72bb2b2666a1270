"""Typed, with a frozen dataclass for what is joined before the loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Joined:
    inputs: Tensor
    hidden: tuple[Tensor, ...]
    bias: Tensor

    @classmethod
    def of(cls, params: Sequence[Tensor], gates: int) -> Joined:
        ends = 3 * gates
        return cls(
            inputs=torch.cat(list(params[0:ends:3]), dim=-1),
            hidden=tuple(params[1:ends:3]),
            bias=torch.cat(list(params[2:ends:3])),
        )

    def read(self, inputs: Iterable[Tensor], batch_size: int) -> Iterator[Tensor]:
        rows: Tensor = torch.cat([X for X in inputs], dim=0)
        yield from torch.addmm(self.bias, rows, self.inputs).split(batch_size, dim=0)


def _outputs(states: list[Tensor], W_hq: Tensor, b_q: Tensor) -> tuple[Tensor, ...]:
    return torch.addmm(b_q, torch.cat(states), W_hq).chunk(len(states))


def gru_fast(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[tuple[Tensor, ...], tuple[Tensor]]:
    joined, states = Joined.of(params, 3), list[Tensor]()
    H: Tensor = state[0]
    h: int = H.shape[-1]
    gates: Tensor = torch.cat(joined.hidden[:2], dim=-1)
    for a in joined.read(inputs, H.shape[0]):
        Z, R = torch.sigmoid(a[:, : 2 * h] + H @ gates).split(h, dim=-1)
        candidate: Tensor = torch.tanh(a[:, 2 * h :] + (R * H) @ joined.hidden[2])
        H = candidate.lerp(H, Z)
        states.append(H)
    return _outputs(states, params[9], params[10]), (H,)


def lstm_fast(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[tuple[Tensor, ...], tuple[Tensor, Tensor]]:
    joined, states = Joined.of(params, 4), list[Tensor]()
    H, C = state
    hidden: Tensor = torch.cat(joined.hidden, dim=-1)
    for a in joined.read(inputs, H.shape[0]):
        I, F, O, G = torch.addmm(a, H, hidden).split(H.shape[-1], dim=-1)
        C = F.sigmoid().mul(C).addcmul(I.sigmoid(), G.tanh())
        H = O.sigmoid().mul(C.tanh())
        states.append(H)
    return _outputs(states, params[12], params[13]), (H, C)
