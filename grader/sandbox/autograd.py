"""Putting autograd out of reach, for exercises whose gradients are worked out by hand.

A worker that has called ``switch_off`` stays in ``torch.inference_mode()`` for good: no graph is
recorded, and the ways out of it (leaving the mode, the transforms of ``torch.func``, dispatch-key
guards) raise. A new thread would begin with autograd on, so confinement forbids threads there.
"""

import sys
from typing import Any, NoReturn

import torch

_kept: list[Any] = []  # the guard ends the mode when it is collected
GUARDS = (
    "_InferenceMode",
    "_SetExcludeDispatchKeyGuard",
    "_ExcludeDispatchKeyGuard",
    "_IncludeDispatchKeyGuard",
    "ExcludeDispatchKeyGuard",
)
TRANSFORMS = ("_grad_increment_nesting", "_jvp_increment_nesting", "_func_increment_nesting")


def switch_off() -> None:
    """Enter inference mode and close the ways out of it, in this process and for good."""
    _kept.append(torch._C._InferenceMode(True))
    for name in GUARDS:
        guard = getattr(torch._C, name, None)
        if isinstance(guard, type):
            guard.__init__ = _out_of_reach  # type: ignore[misc]
    functorch = torch._C._functorch
    closed = {id(getattr(functorch, name, None)) for name in TRANSFORMS}
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(
            ("torch._C", "torch._functorch", "torch.func")
        ):
            for name, value in list(vars(module).items()):
                if id(value) in closed and value is not None:
                    setattr(module, name, _out_of_reach)


def _out_of_reach(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("autograd is switched off here: work the gradient out by hand")
