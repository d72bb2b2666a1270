"""Modules that a submission made: they stay in the worker, and are asked, read and loaded there."""

import dataclasses
from typing import Any

import torch

from grader.checking.comparison import has_data, kind_of
from grader.findings import fail
from grader.sandbox.devices import CPU, MIRROR
from grader.sandbox.values import Handle, ParameterSequence
from grader.submission import Answer, Function, Operation, Returned, StandIn

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}  # groups of rows in torch's weights


@dataclasses.dataclass(eq=False)
class Module:
    """A module that a function (or a class) of the submission returned.

    ``place`` is where its arguments go: torch makes modules on the CPU, until ``to``.
    """

    function: Function
    made: Answer
    handle: Handle
    place: str = CPU

    def __call__(self, **arguments: Any) -> Answer:
        """What it returns for these arguments."""
        return self._do("@call", arguments)

    def parameters(self) -> tuple[Answer, dict[str, Returned]]:
        """Its registered parameters by name, as values.

        Raises:
            CheckStopped: if they did not come back as such.
        """
        answer = self._do("@parameters", {}, ".parameters")
        answer.on_meta = self.made.on_meta
        if not isinstance(answer.value, dict):
            raise fail("not_a_module", answer=answer, kind=kind_of(answer.value), wanted="Module")
        for name, tensor in answer.value.items():
            if not isinstance(tensor, Returned):
                raise fail("not_a_tensor", answer=answer, part=str(name), kind=kind_of(tensor))
        return answer, answer.value

    def load(self, values: dict[str, torch.Tensor]) -> None:
        """Put values into the parameters of these names."""
        self._do("@load", {"values": values}, ".load_state_dict")

    def to(self, where: str | torch.dtype) -> "Module":
        """The module on another device (or "mirror"), or in another dtype."""
        device = "meta" if where == MIRROR else where
        named = torch.device(device) if isinstance(device, str) else device
        answer = self._do("@to", {"where": named}, ".to")
        if not isinstance(answer.value, Handle):
            raise fail("not_a_module", answer=answer, kind=kind_of(answer.value), wanted="Module")
        answer.on_meta = device == "meta"
        answer.call = self.made.call
        place = where if isinstance(where, str) else self.place
        return Module(self.function, answer, answer.value, CPU if place == "meta" else place)

    def step(self, **arguments: Any) -> Answer:
        """One step of SGD on the mean cross-entropy of its logits (``sandbox/handles.py``)."""
        return self._do("@step", arguments, " + loss.backward() + SGD step: ")

    def _do(self, name: str, arguments: dict[str, Any], what: str = "") -> Answer:
        label = f"{self.function.name}({_given(self.made.call.arguments)}){what}"
        operation = Operation(name, self.handle, label)
        return self.function.ask(arguments, operation=operation, place=self.place)


def _given(arguments: dict[str, Any]) -> str:
    """What a module was made from, in a word each."""
    values = arguments.items()
    return ", ".join(v.label if isinstance(v, StandIn) else _word(n, v) for n, v in values)


def _word(name: str, value: Any) -> str:
    return str(value) if isinstance(value, int) else name


def module_from(
    function: Function, arguments: dict[str, Any], kind: str, place: str = CPU
) -> Module:
    """Ask for a module.

    Args:
        place: where the arguments are.
        kind: a class of torch.nn that it must be an instance of: "Module", "LSTM", ...

    Raises:
        CheckStopped: if something else comes back.
    """
    answer = function.ask(arguments, place=place)
    if not isinstance(answer.value, Handle) or kind not in answer.value.kinds:
        raise fail("not_a_module", answer=answer, kind=kind_of(answer.value), wanted=kind)
    return Module(function, answer, answer.value, answer.device)


def layer_shapes(
    kind: str, d: int, h: int, num_layers: int, bidirectional: bool
) -> list[tuple[int, ...]]:
    """The shapes of a torch layer's parameters, in its order."""
    rows, ways = GATES[kind] * h, 2 if bidirectional else 1
    shapes: list[tuple[int, ...]] = []
    for layer in range(num_layers):
        width = d if layer == 0 else h * ways
        shapes += [(rows, width), (rows, h), (rows,), (rows,)] * ways
    return shapes


def layer_argument(
    kind: str, num_layers: int, bidirectional: bool, params: list[torch.Tensor]
) -> StandIn:
    """A torch layer with these parameters, as an argument."""
    options = f", num_layers={num_layers}" if num_layers > 1 else ""
    options += ", bidirectional=True" if bidirectional else ""
    sizes = f"{params[0].shape[-1]}, {params[1].shape[-1]}"
    label = f"nn.{kind}({sizes}{options})"
    return StandIn("layer", (kind, num_layers, bidirectional, params), label)


def equal_parameters(
    answer: Answer, found: dict[str, Returned], values: list[torch.Tensor]
) -> list[str] | None:
    """The names of the registered parameters that hold ``values``, one each; None if one is not."""
    free, names = dict(found), []
    for value in values:
        for name, tensor in free.items():
            data = has_data(answer, name, tensor)
            if data is not None and data.shape == value.shape and torch.equal(data, value):
                names.append(name)
                del free[name]
                break
        else:
            return None
    return names


def are_trainable(answer: Answer, found: dict[str, Returned]) -> None:
    """Every registered parameter is a leaf that requires gradients.

    Raises:
        CheckStopped: naming the first that is not.
    """
    for name, tensor in found.items():
        if not tensor.node.requires_grad:
            raise fail("not_trainable", answer=answer, name=name)
        if not tensor.node.is_leaf:
            raise fail("not_a_leaf", answer=answer, name=name)


__all__ = ["Module", "ParameterSequence", "are_trainable", "equal_parameters", "module_from"]
