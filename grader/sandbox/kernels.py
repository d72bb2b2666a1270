"""What of torch a worker does without, taken away below Python: in torch's dispatcher, for good.

Every operation that Python can ask for goes through the dispatcher, whichever module, alias or
compiled function it is asked through. A kernel that was registered over another one can only be
taken back through its registration, and nothing in Python refers to that: there is no list to
empty and no attribute to restore.
"""

import contextlib
import ctypes
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import torch

READY_MADE = "torch's own recurrent layers can't be used here"
_IN_PARTS = ("lstm", "gru", "rnn")  # of the names of recurrent layers and cells
COMPLEX = "complex numbers here are a numerical derivative: work the gradient out by hand"
SLOPES = "torch's own derivatives can't be used here: work the gradient out by hand"
_CURVED = (  # through which an imaginary step takes a derivative along
    *("tanh", "sigmoid", "exp", "exp2", "expm1", "sinh", "cosh", "tan", "sin", "cos"),
    *("log", "log1p", "atan", "atanh", "pow", "reciprocal"),
)
_DIFFERENTIATORS = ("_jit_differentiate", "_jit_pass_create_autodiff_subgraphs")

_Tensor, _is_complex = torch.Tensor, torch.Tensor.is_complex


def forbid_ready_made() -> None:
    """Let torch's own recurrent layers and cells raise."""
    names = [name for name in _operations() if any(part in name for part in _IN_PARTS)]
    registration = _registration()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that kernels are replaced
        for name in names:
            for key in ("CompositeImplicitAutograd", "CPU"):
                own = torch._C._dispatch_has_kernel_for_dispatch_key(f"aten::{name}", key)
                if own or key != "CPU":
                    registration.impl(name, key, _refuse)
    _keep(registration)


def forget_derivatives() -> None:
    """Take the derivatives of all operations away: backwards, forwards and inside transforms.

    What follows computes as before, and leaves no graph, whatever modes and flags are set.
    """
    known = torch._C._dispatch_get_registrations_for_dispatch_key("Autograd")
    registration = _registration()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in known:
            space, _, operation = name.partition("::")
            if space == "aten":
                registration.impl(operation, "Autograd", torch.library.fallthrough_kernel)
    _keep(registration)
    for name in _DIFFERENTIATORS:
        if hasattr(torch._C, name):
            delattr(torch._C, name)


def refuse_numerical_derivatives() -> None:
    """Let functions that bend raise for complex numbers, and torch's own slopes for all numbers."""
    select = torch._C.DispatchKey.BackendSelect
    after = torch._C._dispatch_keyset_full_after(select)
    registration = _registration()
    for name in _operations():
        packet, _, overload = name.partition(".")
        if packet.rstrip("_") in _CURVED:
            operation = getattr(getattr(torch.ops.aten, packet), overload or "default")
            registration.impl(name, "BackendSelect", _real_only(operation.redispatch, after), True)
        elif packet.endswith("_backward"):
            with contextlib.suppress(RuntimeError):  # torch has a kernel of its own there
                registration.impl(name, "BackendSelect", _no_slope)
    _keep(registration)


def _real_only(redispatch: Callable, after: Any) -> Callable:
    """A kernel that hands its operands on to the next one."""

    def kernel(keys: Any, *operands: Any, **keywords: Any) -> Any:
        for operand in operands:
            if isinstance(operand, _Tensor) and _is_complex(operand):
                raise RuntimeError(COMPLEX)
        return redispatch(keys & after, *operands, **keywords)

    return kernel


def stay_in_inference_mode() -> None:
    """Enter inference mode; the object that would end it can't be had from Python."""
    _keep(torch._C._InferenceMode(True))


def _operations() -> list[str]:
    names = torch._C._dispatch_get_all_op_names()
    return [name.removeprefix("aten::") for name in names if name.startswith("aten::")]


def _registration() -> Any:
    return torch._C._dispatch_library("IMPL", "aten", "", __file__, 1)


def _keep(thing: object) -> None:
    """Never let go of it, and leave no reference: the garbage collector does not know it either."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))


def _no_slope(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(SLOPES)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(READY_MADE)


__all__ = [
    "READY_MADE",
    "forbid_ready_made",
    "forget_derivatives",
    "refuse_numerical_derivatives",
    "stay_in_inference_mode",
]
