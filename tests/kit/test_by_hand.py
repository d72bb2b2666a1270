"""Gradients by hand: no derivative of torch's is left, whatever mode or flag is set."""

import subprocess
import sys

from grader import catalog as catalogs

WITHOUT = """
import torch
from grader.sandbox import kernels

kernels.forget_derivatives()
kernels.refuse_numerical_derivatives()

def f(x):
    return (torch.tanh(x @ x) * torch.sigmoid(x)).sum()

x = torch.eye(2, dtype=torch.float64, requires_grad=True)
assert f(x).grad_fn is None and not f(x).requires_grad
assert not torch.func.grad(f)(x.detach()).any()
assert not torch.func.jvp(f, (x.detach(),), (x.detach(),))[1].any()
assert not torch.autograd.functional.jacobian(f, x.detach()).any()
with torch.autograd.forward_ad.dual_level():
    moved = torch.autograd.forward_ad.make_dual(x.detach(), torch.ones_like(x))
    assert torch.autograd.forward_ad.unpack_dual(f(moved)).tangent is None
compiled = torch.jit.trace(f, x.detach())
assert all(compiled(x).grad_fn is None for _ in range(4))
assert not hasattr(torch._C, "_jit_differentiate")

def refused(call):
    try:
        call()
    except RuntimeError as error:
        return "by hand" in str(error)
    return False

wide = x.detach() + 1e-30j
for name in ("tanh", "sigmoid", "exp", "tanh_", "sin"):
    assert refused(lambda: getattr(wide.clone(), name)()), name
assert refused(lambda: torch.tanh(wide, out=wide.clone()))
assert refused(lambda: torch.special.expit(wide))
assert refused(lambda: torch.ops.aten.tanh_backward(x.detach(), x.detach()))
assert torch.allclose(torch.tanh(torch.ones(2)), torch.full((2,), 0.7616), atol=1e-4)
assert torch.linalg.eigvals(x.detach()).abs().sum() == 2
print("nothing is left")
"""


def test_no_derivative_is_left():
    """Backwards, forwards, in transforms, compiled, by imaginary steps; the functions work on."""
    words = [sys.executable, "-W", "ignore", "-c", WITHOUT]
    done = subprocess.run(
        words, cwd=catalogs.ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.stdout == "nothing is left\n", done.stderr
