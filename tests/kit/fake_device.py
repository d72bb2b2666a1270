"""An accelerator that isn't there: torch's PrivateUse1 backend, with the CPU behind every kernel.

    python tests/kit/fake_device.py grade rnn --submission solutions --device fakegpu

is the command line of the kit on a machine that seems to have one. Its tensors are plain ones; the
numbers lie beside them. A view there is a copy: code that writes through one is not for here.
"""

import functools
import sys
from pathlib import Path

import torch
from torch.utils import _pytree, backend_registration

NAME = "fakegpu"
ROOT = Path(__file__).resolve().parents[2]
behind: dict[int, torch.Tensor] = {}  # the numbers of each storage


def put(data: torch.Tensor) -> torch.Tensor:
    """A tensor on the fake device."""
    there = torch._C._acc.create_empty_tensor(tuple(data.shape), data.dtype)
    behind[there.untyped_storage()._cdata] = data.contiguous()
    return there


def get(tensor: torch.Tensor) -> torch.Tensor:
    """The numbers of a tensor, on the CPU."""
    if tensor.device.type != NAME:
        return tensor
    return behind[tensor.untyped_storage()._cdata].reshape(tensor.shape)


def run(operator, *args, **kwargs):
    """Any kernel, like a real device: all tensors must be there, but numbers and what is copied."""
    if operator is torch.ops.aten._copy_from.default:
        get(args[1]).copy_(get(args[0]))
        return args[1]
    tensors = [a for a in _pytree.tree_leaves((args, kwargs)) if isinstance(a, torch.Tensor)]
    copies = "copy" in operator.__name__
    if not copies and any(t.device.type != NAME and t.dim() for t in tensors):
        raise RuntimeError(f"Expected all tensors to be on the same device: {NAME}:0 and cpu")
    device = kwargs.get("device")
    given, options = _pytree.tree_map_only(torch.Tensor, get, (args, kwargs))
    result = operator(*given, **{**options, **({"device": "cpu"} if device is not None else {})})
    if operator._schema.is_mutable:
        return args[0]
    if device is not None and torch.device(device).type == "cpu":
        return result
    return _pytree.tree_map_only(torch.Tensor, put, result)


def install() -> list[torch.library.Library]:
    """Make this process's torch believe in the device; what is returned must be kept."""
    backend_registration._setup_privateuseone_for_python_backend(NAME)
    fallback, aten = torch.library.Library("_", "IMPL"), torch.library.Library("aten", "IMPL")
    fallback.fallback(run, "PrivateUse1")
    for operator in (torch.ops.aten.cat.default, torch.ops.aten.rsub.Scalar):
        aten.impl(operator, functools.partial(run, operator), "PrivateUse1")
    address = torch.UntypedStorage.data_ptr
    torch.UntypedStorage.data_ptr = lambda storage: address(storage) or storage._cdata
    torch.accelerator.synchronize = lambda device=None: None
    torch.accelerator.set_device_index = lambda device: None
    return [fallback, aten]


_kept = install()

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from grader import cli
    from grader.sandbox import client

    client._START = (
        f"import sys; sys.path[:0] = [{str(ROOT / 'tests' / 'kit')!r}, sys.argv[1]]; "
        "import fake_device; from grader.sandbox import template"
    )
    sys.exit(cli.main())
