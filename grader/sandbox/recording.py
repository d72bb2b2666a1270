"""A call written down as a program of torch operations, and programs carried out again.

What a submission says about its own cost is worth nothing, so nobody asks it. The worker writes
down every operation that reaches torch's dispatcher during one call. The trusted side then has the
program carried out elsewhere, by a worker without any of the submission's code, on inputs that the
submission never saw: if the results are right, the operations that were counted are all there were.
Whoever takes the recorder away, or forges what it wrote, hands in a program that does not compute
the function; a forged one that does compute it is as cheap as it claims to be.
"""

from typing import Any

import msgspec
import torch
from torch.utils._python_dispatch import TorchDispatchMode

MOST_STEPS = 6_000  # of one program; what comes after is counted, not written down
CONSTANT_ENTRIES = 4_096  # of one tensor that no argument and no operation gave
CONSTANTS = 200

Plain = None | bool | int | float | str


class Ref(msgspec.Struct, tag="r", array_like=True, frozen=True):
    """The tensor with this number: arguments first, then constants and results as they came."""

    number: int


class Named(msgspec.Struct, tag="n", array_like=True, frozen=True):
    """A dtype, device, layout or memory format, by ``kind`` and name."""

    kind: str
    name: str


class Many(msgspec.Struct, tag="m", array_like=True, frozen=True):
    """A list of operands."""

    items: list["Operand"]


class Literal(msgspec.Struct, tag="p", array_like=True, frozen=True):
    """A number, a flag, a string or None."""

    value: Plain


class Complex(msgspec.Struct, tag="c", array_like=True, frozen=True):
    """A complex number."""

    real: float
    imag: float


Operand = Ref | Named | Many | Literal | Complex


class Step(msgspec.Struct, array_like=True, frozen=True):
    """One operation: its overload's name ("mm.default"), operands, and the results' numbers."""

    name: str
    positional: list[Operand]
    keywords: dict[str, Operand]
    results: list[int]


class Program(msgspec.Struct, array_like=True):
    """The operations of one call.

    ``operations`` counts all of them, ``steps`` holds the first ``MOST_STEPS``. ``constants`` says
    before which step a tensor of unknown origin is first seen: (number, position in the payload).
    ``unclear`` names what could not be written down; empty if nothing.
    """

    steps: list[Step] = []
    constants: list[int] = []
    results: list[int] = []
    operations: int = 0
    unclear: str = ""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Program)
_detach = torch.Tensor.detach
_clone = torch.Tensor.clone
_numel = torch.Tensor.numel
_NAMED = {
    torch.dtype: "dtype",
    torch.device: "device",
    torch.layout: "layout",
    torch.memory_format: "memory_format",
}


def pack(program: Program) -> bytes:
    """A program as bytes."""
    return _encoder.encode(program)


def unpack(data: bytes) -> Program:
    """A program from bytes.

    Raises:
        ValueError: if they are none.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError("not a program") from error


class Recorder(TorchDispatchMode):
    """Writes down the operations of what runs inside ``with``.

    Args:
        arguments: the tensors that the program may start from, in order.
    """

    def __init__(self, arguments: list[torch.Tensor]) -> None:
        super().__init__()
        self.program = Program()
        self.constants: list[torch.Tensor] = []
        self._kept = list(arguments)  # alive, so that an id stands for one tensor
        self._numbers = {id(tensor): number for number, tensor in enumerate(arguments)}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing is compiled here, and to skip the compiler torch would import it all

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Carry an operation out and write it down."""
        keywords = kwargs or {}
        self.program.operations += 1
        writing = len(self.program.steps) < MOST_STEPS
        if writing:
            positional = [self._operand(value) for value in args]
            named = {name: self._operand(value) for name, value in keywords.items()}
        result = func(*args, **keywords)
        if writing:
            numbers = [self._number(tensor) for tensor in _tensors(result)]
            name = f"{func._opname}.{func._overloadname}" if func.namespace == "aten" else "?"
            self.program.steps.append(Step(name, positional, named, numbers))
        return result

    def finish(self, results: list[torch.Tensor]) -> Program:
        """The program, which ends with these results."""
        for tensor in results:
            if id(tensor) not in self._numbers:
                self.program.unclear = self.program.unclear or "result"
        self.program.results = [self._numbers.get(id(tensor), -1) for tensor in results]
        return self.program

    def _number(self, tensor: torch.Tensor) -> int:
        if id(tensor) not in self._numbers:
            self._numbers[id(tensor)] = len(self._kept)
            self._kept.append(tensor)
        return self._numbers[id(tensor)]

    def _operand(self, value: Any) -> Operand:
        if isinstance(value, torch.Tensor):
            if id(value) not in self._numbers:
                self._constant(value)
            return Ref(self._number(value))
        if isinstance(value, (list, tuple)):
            return Many([self._operand(item) for item in value])
        if value is None or type(value) in (bool, int, float, str):
            return Literal(value)
        if type(value) is complex:
            return Complex(value.real, value.imag)
        kind = _NAMED.get(type(value))
        if kind is None:
            self.program.unclear = self.program.unclear or type(value).__name__[:80]
            return Literal(None)
        return Named(kind, str(value).removeprefix("torch."))

    def _constant(self, tensor: torch.Tensor) -> None:
        """Keep a tensor that comes from elsewhere, as it is now."""
        if _numel(tensor) > CONSTANT_ENTRIES or len(self.constants) >= CONSTANTS:
            self.program.unclear = self.program.unclear or "constant"
            return
        self.program.constants.append(self._number(tensor))
        with torch._C._DisableTorchDispatch():
            self.constants.append(_clone(_detach(tensor)))


def _tensors(result: Any) -> list[torch.Tensor]:
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (list, tuple)):
        return [tensor for item in result for tensor in _tensors(item)]
    return []
