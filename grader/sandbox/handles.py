"""Objects of a submission that stay in the worker: the other side holds a number for each of them.

A number can be called, and three more things can be done with an ``nn.Module``: read its parameters
as values, put values into them, move it to a device; and one step of training, with a loss that
the submission does not choose. What torch does for that was bound before the submission was read.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from grader.sandbox import wire

# by identity: a class of a submission may call itself what it likes, and say so of its module, too
_CLASSES = {
    id(kind): name
    for module in (nn, nn.modules.rnn)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, nn.Module) and kind.__name__ == name
}
_CALLED = ("forward", "__call__", "_call_impl", "_wrapped_call_impl", "__getattribute__")
_own = {id(kind): kind for kind in vars(nn).values() if isinstance(kind, type)}
_FORWARDS = {number: vars(kind).get("forward") for number, kind in _own.items()}
_mro = type.__dict__["__mro__"].__get__
_vars = type.__dict__["__dict__"].__get__
_attributes = object.__getattribute__
KEPT = 32  # objects at a time; the oldest are let go
_named_parameters = nn.Module.named_parameters
_to = nn.Module.to
_zero_grad = nn.Module.zero_grad
_copy = torch.Tensor.copy_
_reshape = torch.Tensor.reshape
_cross_entropy = F.cross_entropy
_backward = torch.autograd.backward
_detach = torch.Tensor.detach
_no_grad = torch.no_grad


class Handles:
    """The objects that were handed out as numbers so far."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._next = 0

    def add(self, value: nn.Module) -> wire.HandleNode:
        """Keep an object; the node that stands for it."""
        self._next += 1
        self._objects[self._next] = value
        while len(self._objects) > KEPT:
            del self._objects[next(iter(self._objects))]
        return wire.HandleNode(self._next, type(value).__name__[:80], kinds_of(value))

    def get(self, number: int) -> Any:
        """The object with this number.

        Raises:
            KeyError: if it was let go, or there never was one.
        """
        return self._objects[number]


def kinds_of(value: nn.Module) -> list[str]:
    """The classes of ``torch.nn`` that an object is an instance of, the nearest first.

    One that computes in its own way is a Module and no more: what torch's class computes is what
    makes it one, not its name.
    """
    bases = _mro(type(value))
    found = [base for base in bases if id(base) in _CLASSES]
    before = bases[: bases.index(found[0])] if found else ()
    own = any(name in _vars(base) for base in before for name in _CALLED)
    own = own or any(name in _attributes(value, "__dict__") for name in _CALLED)
    own = own or any(
        _FORWARDS[id(base)] is not _vars(base).get("forward") for base in found if id(base) in _own
    )
    names = [_CLASSES[id(base)] for base in found]
    return [name for name in names if name == "Module"] if own else names[:20]


def call(module: Callable, *arguments: Any) -> Any:
    """What the object returns for these arguments."""
    return module(*arguments)


def parameters(module: nn.Module) -> dict[str, torch.Tensor]:
    """The registered parameters by their names, each once."""
    return dict(_named_parameters(module))


def load(module: nn.Module, values: Mapping[str, torch.Tensor]) -> None:
    """Copy values into the parameters of these names."""
    known = parameters(module)
    with _no_grad():
        for name, value in values.items():
            _copy(known[name], value)


def to(module: nn.Module, where: torch.device | torch.dtype) -> nn.Module:
    """The module on another device, or in another dtype."""
    return _to(module, where)


def step(
    module: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, state: Any, lr: float
) -> float:
    """One step of plain SGD on the mean cross-entropy of the module's logits; returns the loss.

    Args:
        inputs: (n, T) whole numbers.
        labels: (T·n,) whole numbers, in the order of the logits.
        lr: p ← p − lr · ∂loss/∂p for every registered parameter p.
    """
    _zero_grad(module)
    logits, _ = module(inputs, state)
    loss = _cross_entropy(_reshape(logits, (len(labels), -1)), labels)
    _backward(loss)
    with _no_grad():
        for parameter in parameters(module).values():
            if parameter.grad is not None:
                _copy(parameter, parameter - lr * parameter.grad)
    return float(_detach(loss))


OPERATIONS: dict[str, Callable] = {
    "@call": call,
    "@parameters": parameters,
    "@load": load,
    "@to": to,
    "@step": step,
}
