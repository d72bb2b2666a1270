"""Putting autograd out of reach, for exercises whose gradients are worked out by hand.

A worker that has called ``switch_off`` has lost torch's derivatives (``kernels.py``): whatever mode
it gets into, no graph is recorded. Beside that it stays in ``torch.inference_mode()``, and the ways
out of it (leaving the mode, the transforms of ``torch.func``, dispatch-key guards) raise, so that
who tries is told. A new thread would begin outside of it, so confinement forbids threads there.
"""

import sys
from typing import NoReturn

import torch

from grader.sandbox import kernels

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
    kernels.forget_derivatives()
    kernels.refuse_numerical_derivatives()
    kernels.stay_in_inference_mode()
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
