"""The referee: carries a recorded program out on other inputs, and counts what it costs.

It is loaded into a worker of the sandbox like an exercise, with none of the submission's code
beside it: the program is a submission's word, and torch's operations are not made for hostile
operands.
"""

from typing import Any

import torch

from grader.sandbox.recording import Literal, Many, Named, Operand, Program, Ref, Step, unpack

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


class Replay:
    """One program carried out; ``tensors`` by number."""

    def __init__(
        self, program: Program, inputs: list[torch.Tensor], constants: list[torch.Tensor]
    ) -> None:
        self.program = program
        self.device = inputs[0].device if inputs else torch.device("cpu")
        self.tensors = dict(enumerate(inputs))
        self.tensors.update(zip(program.constants, constants, strict=True))
        self.given = {_storage(tensor) for tensor in self.tensors.values()}
        self.operations = self.products = self.waits = self.flops = 0
        self.ready_made = 0
        self.made: dict[int, tuple[int, int]] = {}  # storage: step, bytes
        self.last: dict[int, int] = {}  # storage: last step that uses it
        for number, step in enumerate(program.steps):
            self._carry_out(number, step)

    def results(self) -> list[torch.Tensor]:
        """What the program returns."""
        return [self.tensors[number] for number in self.program.results]

    def measures(self) -> dict[str, int]:
        """The program's cost.

        ``operations`` that compute something (views don't), matrix ``products``, ``waits`` for a
        number that the device computed, ``flops`` of the products (2 · rows · columns · inner),
        ``ready_made`` recurrent layers and cells of torch's,
        ``bytes`` at the peak if each result is let go after its last use, autograd ``nodes``.
        """
        return {
            "operations": self.operations,
            "products": self.products,
            "waits": self.waits,
            "flops": self.flops,
            "ready_made": self.ready_made,
            "bytes": self._peak(),
            "nodes": _nodes(self.results()),
        }

    def _carry_out(self, number: int, step: Step) -> None:
        operation, _, overload = step.name.partition(".")
        function = getattr(getattr(torch.ops.aten, operation), overload)
        operands = [self._value(operand) for operand in step.positional]
        keywords = {name: self._value(operand) for name, operand in step.keywords.items()}
        result = function(*operands, **keywords)
        made = _flat(result)
        self.tensors.update(zip(step.results, made, strict=True))
        if operation.rstrip("_") in PRODUCTS:
            self.products += 1
            self.flops += _flops(operands, made)
        self.waits += operation in WAITS
        self.ready_made += operation in READY_MADE
        self.operations += not _is_view(function)
        for tensor in [*_flat(operands), *_flat(list(keywords.values())), *made]:
            storage = _storage(tensor)
            if storage not in self.given:
                self.made.setdefault(storage, (number, tensor.untyped_storage().nbytes()))
                self.last[storage] = number

    def _value(self, operand: Operand) -> Any:
        if isinstance(operand, Ref):
            return self.tensors[operand.number]
        if isinstance(operand, Many):
            return [self._value(item) for item in operand.items]
        if isinstance(operand, Named):
            return self.device if operand.kind == "device" else getattr(torch, operand.name)
        assert isinstance(operand, Literal)
        return operand.value

    def _peak(self) -> int:
        end = len(self.program.steps)
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
