"""The networks that are timed: the textbook's loop, the fast one and torch's own layer.

All contenders of a network get the same inputs and weights. torch's layers are given the output
layer that the others have, so that everyone does the same work. `nn.GRU` lets the reset gate act
after its product: it is another network of the same size, and there to compare with.
"""

import dataclasses
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from solutions import concise, fast, gru, lstm, rnn

WIDTH = 32  # d and q: inputs and outputs of a step
SEED = 0
PASSES = ("forward", "forward+backward")
Network = Callable[[Tensor, Sequence[Tensor]], Sequence[Tensor] | Tensor]
Maker = Callable[[Sequence[Tensor]], tuple[Network, list[Tensor]]]


@dataclasses.dataclass(frozen=True)
class Size:
    """n sequences of T steps through h hidden numbers."""

    n: int
    h: int
    T: int

    def __str__(self) -> str:
        return f"n{self.n}-h{self.h}-T{self.T}"


SIZES = (
    *(Size(2, 64, 8), Size(2, 64, 35), Size(32, 64, 35)),
    *(Size(2, 256, 35), Size(32, 256, 35)),
)


@dataclasses.dataclass(frozen=True)
class Cell:
    """A kind of network: how many gate groups and state matrices it has, and its contenders."""

    name: str
    groups: int
    states: int
    contenders: dict[str, Maker]


def _ours(function: Callable, states: int) -> Maker:
    """A function of the solutions: it reads ``params`` as they are."""

    def make(params: Sequence[Tensor]) -> tuple[Network, list[Tensor]]:
        def network(inputs: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor] | Tensor:
            return function(inputs, state[:states], params)[0]

        return network, list(params)

    return make


def _torchs(layer_of: Callable[[Sequence[Tensor]], nn.RNNBase]) -> Maker:
    """A layer of ``torch.nn`` that is loaded with ``params``, and the output layer after it."""

    def make(params: Sequence[Tensor]) -> tuple[Network, list[Tensor]]:
        layer = layer_of(params)
        *_, W_hq, b_q = params

        def network(inputs: Tensor, state: Sequence[Tensor]) -> Tensor:
            first = tuple(matrix[None] for matrix in state)
            hidden, _ = layer(inputs, first if isinstance(layer, nn.LSTM) else first[0])
            return torch.addmm(b_q, hidden.flatten(0, 1), W_hq)

        return network, [*layer.parameters(), W_hq, b_q]

    return make


def rnn_layer(params: Sequence[Tensor]) -> nn.RNN:
    """An `nn.RNN` loaded with the five parameters of `rnn` (the last two are not used)."""
    W_xh, W_hh, b_h, *_ = params
    layer = nn.RNN(*W_xh.shape, dtype=W_xh.dtype, device=W_xh.device)
    weights = (W_xh.T, W_hh.T, b_h, torch.zeros_like(b_h))
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), weights, strict=True):
            parameter.copy_(value)
    return layer


CELLS = {
    "rnn": Cell("rnn", 1, 1, {"rnn": _ours(rnn.rnn, 1), "nn.RNN": _torchs(rnn_layer)}),
    "gru": Cell(
        "gru",
        3,
        1,
        {
            "gru": _ours(gru.gru, 1),
            "gru_fast": _ours(fast.gru_fast, 1),
            "nn.GRU": _torchs(concise.gru_layer_like),
        },
    ),
    "lstm": Cell(
        "lstm",
        4,
        2,
        {
            "lstm": _ours(lstm.lstm, 2),
            "lstm_fast": _ours(fast.lstm_fast, 2),
            "nn.LSTM": _torchs(concise.lstm_layer),
        },
    ),
}


def devices() -> list[str]:
    """The processor, and the accelerator where torch finds one."""
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return ["cpu", found.type] if found else ["cpu"]


def parameters(cell: Cell, size: Size, device: str = "cpu") -> list[Tensor]:
    """Trainable weights of order 1/√h, the same ones for every contender."""
    generator = torch.Generator().manual_seed(SEED)
    group = [(WIDTH, size.h), (size.h, size.h), (size.h,)]
    shapes = [*group * cell.groups, (size.h, WIDTH), (WIDTH,)]
    drawn = [torch.randn(shape, generator=generator) / size.h**0.5 for shape in shapes]
    return [tensor.to(device).requires_grad_() for tensor in drawn]


def prepared(
    cell: Cell, contender: str, size: Size, direction: str, device: str = "cpu"
) -> Callable[[], object]:
    """A call without arguments that runs one contender once and waits until the device is done."""
    network, weights = cell.contenders[contender](parameters(cell, size, device))
    generator = torch.Generator().manual_seed(SEED + 1)
    inputs = torch.randn(size.T, size.n, WIDTH, generator=generator).to(device)
    state = [torch.zeros(size.n, size.h, device=device) for _ in range(cell.states)]

    def forward() -> object:
        with torch.no_grad():
            return network(inputs, state)

    def forward_and_backward() -> object:
        outputs = network(inputs, state)
        total = (outputs if isinstance(outputs, Tensor) else torch.cat(list(outputs))).sum()
        return torch.autograd.grad(total, weights)

    return _waiting(forward if direction == PASSES[0] else forward_and_backward, device)


def _waiting(call: Callable[[], object], device: str) -> Callable[[], object]:
    if device == "cpu":
        return call

    def call_and_wait() -> object:
        result = call()
        torch.accelerator.synchronize()
        return result

    return call_and_wait
