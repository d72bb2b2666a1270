"""The referee: carries a recorded program out on other inputs, and counts what it costs.

It is loaded into a worker of the sandbox like an exercise, with none of the submission's code
beside it: the program is a submission's word, and torch's operations are not made for hostile
operands.
"""

import re
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from grader.sandbox.recording import (
    Complex,
    Literal,
    Many,
    Named,
    Operand,
    Program,
    Ref,
    Step,
    unpack,
)

PRODUCTS = {"mm", "addmm", "bmm", "baddbmm", "addbmm", "mv", "addmv", "dot", "vdot", "linear"}
READY_MADE = {  # what torch's own LSTM and GRU come down to; nobody writes unsafe_split by hand
    *("unsafe_split", "unsafe_chunk", "lstm", "lstm_cell", "gru", "gru_cell", "_cudnn_rnn"),
    *(
        "mkldnn_rnn_layer",
        "_thnn_fused_lstm_cell",
        "_thnn_fused_gru_cell",
        "_lstm_mps",
        "miopen_rnn",
    ),
}
CURVED = {  # what bends: a step of a network needs it once for each entry of a state
    *("tanh", "sigmoid", "exp", "exp2", "expm1", "log", "log1p", "sinh", "cosh", "erf", "atan"),
    *("log_sigmoid_forward", "_softmax", "_log_softmax", "silu", "softplus", "sin", "cos"),
}
NAME = re.compile(r"[a-z_][a-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")
WAITS = {"_local_scalar_dense", "is_nonzero", "equal", "nonzero", "masked_select", "_unique2"}


def replay(
    packed: torch.Tensor, inputs: list[torch.Tensor], constants: list[torch.Tensor]
) -> tuple[list[torch.Tensor], dict[str, int]]:
    """Carry a program out.

    Args:
        packed: the program's bytes.
        inputs: the tensors that take the place of the recorded call's arguments, in order.
        constants: those of the program.

    Returns:
        its results, and the measures of ``Replay.measures``.

    Raises:
        ValueError, KeyError, RuntimeError, TypeError: if it is no program.
    """
    program = unpack(packed.numpy().tobytes())
    run = Replay(program, inputs, constants)
    return run.results(), run.measures()


def look_through(
    packed: torch.Tensor, inputs: list[torch.Tensor], constants: list[torch.Tensor]
) -> dict[str, int]:
    """The measures of a program that may end anywhere: it is carried out as far as it goes.

    Raises:
        ValueError: if it is no program.
    """
    program = unpack(packed.numpy().tobytes())
    program.results = []
    return Replay(program, inputs, constants, whole=False).measures()


class Replay(TorchDispatchMode):
    """One program carried out; ``tensors`` by number.

    What is counted is what reaches torch's dispatcher here, in a process without a submission:
    the operations themselves, whatever a program calls them, and the parts of composite ones.
    """

    def __init__(
        self,
        program: Program,
        inputs: list[torch.Tensor],
        constants: list[torch.Tensor],
        whole: bool = True,
    ) -> None:
        super().__init__()
        self.program = program
        self.device = inputs[0].device if inputs else torch.device("cpu")
        self.tensors = dict(enumerate(inputs))
        self.tensors.update(zip(program.constants, constants, strict=whole))
        self.given = {_storage(tensor) for tensor in self.tensors.values()}
        self.steps = self.operations = self.products = self.waits = self.flops = 0
        self.ready_made = self.curved = 0
        self.made: dict[int, tuple[int, int]] = {}  # storage: step, bytes
        self.last: dict[int, int] = {}  # storage: last step that uses it
        self._kept: list[Any] = []  # alive, so that a storage's number stands for one of them
        for step in program.steps:
            try:
                self._carry_out(step)
            except Exception:
                if whole:
                    raise

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing is compiled here, and to skip the compiler torch would import it all

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Carry an operation out and count it."""
        result = func(*args, **(kwargs or {}))
        self._kept.append(result)
        self._count(func, list(args), list((kwargs or {}).values()), _flat(result))
        return result

    def results(self) -> list[torch.Tensor]:
        """What the program returns."""
        return [self.tensors[number] for number in self.program.results]

    def measures(self) -> dict[str, int]:
        """The program's cost.

        ``operations`` that compute something (views don't), matrix ``products``, ``waits`` for a
        number that the device computed, ``flops`` of the products (2 · rows · columns · inner),
        ``ready_made`` recurrent layers and cells of torch's,
        ``bytes`` at the peak if each result is let go after its last use, autograd ``nodes``,
        ``curved`` entries that a tanh, a sigmoid or their like gave.
        """
        return {
            "operations": self.operations,
            "products": self.products,
            "waits": self.waits,
            "flops": self.flops,
            "ready_made": self.ready_made,
            "bytes": self._peak(),
            "nodes": _nodes(self.results()),
            "curved": self.curved,
        }

    def _carry_out(self, step: Step) -> None:
        function = _operation(step.name)
        operands = [self._value(operand) for operand in step.positional]
        keywords = {name: self._value(operand) for name, operand in step.keywords.items()}
        with self:
            result = function(*operands, **keywords)
        self.tensors.update(zip(step.results, _flat(result), strict=True))

    def _count(self, func: Any, args: list, others: list, made: list[torch.Tensor]) -> None:
        name = func._schema.name.removeprefix("aten::")
        plain = name.rstrip("_")
        if plain in PRODUCTS:
            self.products += 1
            self.flops += _flops(args, made)
        self.waits += name in WAITS
        self.ready_made += name in READY_MADE
        if plain in CURVED:
            self.curved += sum(tensor.numel() for tensor in made)
        self.operations += not _is_view(func)
        for tensor in [*_flat(args), *_flat(others), *made]:
            storage = _storage(tensor)
            if storage not in self.given:
                self.made.setdefault(storage, (self.steps, tensor.untyped_storage().nbytes()))
                self.last[storage] = self.steps
        self.steps += 1

    def _value(self, operand: Operand) -> Any:
        if isinstance(operand, Ref):
            return self.tensors[operand.number]
        if isinstance(operand, Many):
            return [self._value(item) for item in operand.items]
        if isinstance(operand, Named):
            return self.device if operand.kind == "device" else getattr(torch, operand.name)
        if isinstance(operand, Complex):
            return complex(operand.real, operand.imag)
        assert isinstance(operand, Literal)
        return operand.value

    def _peak(self) -> int:
        end = self.steps
        for tensor in self.results():
            self.last[_storage(tensor)] = end
        change = [0] * (end + 2)
        for storage, (start, size) in self.made.items():
            change[start] += size
            change[self.last[storage] + 1] -= size
        peak = living = 0
        for difference in change:
            living += difference
            peak = max(peak, living)
        return peak


def _operation(name: str) -> Any:
    """The operation of that name.

    Raises:
        ValueError: if torch has none.
    """
    packet, _, overload = name.partition(".")
    found = None
    if NAME.fullmatch(name):
        found = getattr(getattr(torch.ops.aten, packet, None), overload, None)
    if not isinstance(found, torch._ops.OpOverload):
        raise ValueError("no operation of torch's")
    return found


def _flat(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _flat(item)]
    return []


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata


def _is_view(function: Any) -> bool:
    """Whether an operation only looks at memory in another way."""
    returned = function._schema.returns
    infos = [value.alias_info for value in returned]
    return bool(infos) and all(info is not None and not info.is_write for info in infos)


def _flops(operands: list[Any], made: list[torch.Tensor]) -> int:
    """2 · entries of the result · length of the inner products."""
    factors = [value for value in operands if isinstance(value, torch.Tensor)]
    if len(factors) > 2 and factors[1].dim() > 0:  # the first summand of addmm and its like
        factors = factors[1:]
    return 2 * sum(tensor.numel() for tensor in made) * int(factors[0].shape[-1])


def _nodes(results: list[torch.Tensor]) -> int:
    """Nodes of the autograd graph behind some results."""
    found = set()
    queue = [tensor.grad_fn for tensor in results if tensor.grad_fn is not None]
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            queue += [after for after, _ in node.next_functions if after is not None]
    return len(found)
