"""The model on which training functions are looked at, and what it notices while it is asked.

It is none of the syllabus's: two states, a wave and a slow memory of it.
"""

import dataclasses
import weakref
from typing import Any

import torch
from torch import Tensor

from grader.audit.probe_calls import Draw

ALPHABET = "αβγδεζη"
NUMBERS = {char: index for index, char in enumerate(ALPHABET)}
V, H = len(ALPHABET), 4
CPU = torch.device("cpu")


@dataclasses.dataclass
class Net:
    """A model and what it has been asked.

    Attributes:
        dtype: of its parameters and states.
        device: where they are.
        cut: for each call, whether the state that it got was part of a graph.
        devices: for each call, where the inputs were.
        marks: for each call, something that lives as long as the graph of its outputs.
        kept: for each call, whether the graph of the call before the last one still lives.
        asked: what ``first_state`` and ``get_params`` were asked for.
    """

    seed: int
    dtype: torch.dtype = torch.float64
    device: torch.device = CPU
    scale: float = 1.5
    cut: list[bool] = dataclasses.field(default_factory=list)
    devices: list[str] = dataclasses.field(default_factory=list)
    marks: list[weakref.ref] = dataclasses.field(default_factory=list)
    kept: list[bool] = dataclasses.field(default_factory=list)
    asked: list[tuple] = dataclasses.field(default_factory=list)
    stop: bool = False

    def params(self) -> list[Tensor]:
        """Four leaves of order 1: the same at each call."""
        draw = Draw(self.seed)
        drawn = [draw(*shape, scale=self.scale) for shape in [(V, H), (H, H), (H, V), (V,)]]
        return [tensor.to(self.device, self.dtype).requires_grad_() for tensor in drawn]

    def __call__(self, inputs: Any, state: Any, params: Any) -> tuple[list[Tensor], tuple]:
        """T inputs (n, V), two states (n, H) → T logits (n, V), two states."""
        W, U, U_q, b = params  # in whichever precision the one-hot inputs come
        wave, memory = state
        self.cut.append(wave.requires_grad or memory.requires_grad)
        self.devices.append(inputs[0].device.type)
        self.kept += [mark() is not None for mark in self.marks[-2:-1]]
        if self.stop:
            raise Seen
        outputs = []
        for X in inputs:
            wave = 0.6 * wave + torch.cos(X.to(W.dtype) @ W + memory @ U)
            memory = 0.8 * memory + 0.2 * wave
            outputs.append((wave - memory) @ U_q + b)
        self._mark(outputs[-1])
        return outputs, (wave, memory)

    def _mark(self, output: Tensor) -> None:
        if output.grad_fn is not None:
            mark = _Mark()
            output.grad_fn.metadata["mark"] = mark  # type: ignore[index]
            self.marks.append(weakref.ref(mark))

    def first_state(self, batch_size: int, num_hiddens: int, device: Any = None) -> tuple:
        """Two zeros (n, H)."""
        self.asked.append((batch_size, num_hiddens, _kind(device)))
        shape = (batch_size, num_hiddens)
        return tuple(torch.zeros(shape, dtype=self.dtype, device=device) for _ in range(2))

    def get_params(
        self, num_inputs: int, num_hiddens: int, num_outputs: int, device: Any = None
    ) -> list[Tensor]:
        """The parameters, whatever is asked for; what was asked for is remembered."""
        self.asked.append((num_inputs, num_hiddens, num_outputs, _kind(device)))
        return self.params()


class _Mark:
    """Something that a node of a graph holds."""


class Seen(Exception):
    """Ends a call when all that can be seen has been seen."""


def _kind(device: Any) -> str:
    return "cpu" if device is None else torch.device(device).type
