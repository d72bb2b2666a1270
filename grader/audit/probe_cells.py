"""Probes of cells and whole networks: arguments by the names of the parameters.

X (n, d), H C and whatever ends on _tilde (n, h), the gates R Z F I O (n, h) in (0, 1), W_x· (d, h),
W_h· (h, h), b_· and p_· (h,), W_hq (h, q), b_q (q,), inputs T × (n, d), grad_next (n, h),
grad_states T × (n, h); state and params have the shapes that the exercise's own init_·_state and
get_params give.
"""

import dataclasses
import inspect
import types
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from grader.audit.probe_calls import (
    Draw,
    Look,
    Near,
    call,
    moved,
    on_meta,
    sequence,
    state_of,
    values,
)

Sizes = dict[str, int]
SIZES: list[Sizes] = [
    {"n": 3, "d": 2, "h": 4, "q": 5, "T": 3, "L": 2},
    {"n": 1, "d": 3, "h": 2, "q": 1, "T": 2, "L": 1},
    {"n": 2, "d": 4, "h": 1, "q": 3, "T": 9, "L": 2},
    {"n": 4, "d": 1, "h": 3, "q": 2, "T": 1, "L": 3},
]
WIDE = 3.0  # the scale of one more case: gates nearly shut and wide open, memories beyond 1
WEIGHT, SEED = 0.7, 1009
FLOAT32 = 1e-4  # allowed there, relative
TENSOR, SEVERAL, FLOATS, WITH_STATE = "a tensor", "several", "floats", "outputs and a state"
SINGLE = {"state_gradient_norms"}  # defined for n = 1
ARGUMENT_NAMES = {
    "batch_size": "n",
    "num_inputs": "d",
    "num_hiddens": "h",
    "num_outputs": "q",
    "num_layers": "L",
}
WHAT_TO_DO = (
    "{exercise}.{function}: nobody knows what to give for its parameter {name!r}; "
    "write PROBES = {{{function!r}: lambda: [(first, second, ...), ...]}} "
    "in grader/misconceptions/{exercise}, tuples of arguments in float64"
)


def sizes_by_name(function: Callable, sizes: Sizes) -> list[int]:
    """The sizes that a function which makes parameters or a state asks for, without ``device``."""
    names = inspect.signature(function).parameters
    return [sizes[ARGUMENT_NAMES[name]] for name in names if name != "device"]


def arguments_by_name(
    solution: types.ModuleType, exercise: str, function: str
) -> list[tuple[Any, ...]]:
    """Argument tuples of several sizes, and one with large numbers.

    Raises:
        LookupError: naming the parameter that is unknown, and what to write.
    """
    names = list(inspect.signature(getattr(solution, function)).parameters)
    cases = []
    for number, sizes in enumerate([*SIZES, SIZES[0]]):
        draw = Draw(SEED + number)
        sizes = {**sizes, "n": 1} if function in SINGLE else sizes
        scale = WIDE if number == len(SIZES) else 1.0
        made = [_argument(name, draw, sizes, scale, solution) for name in names]
        for name, value in zip(names, made, strict=True):
            if value is None:
                fields = {"exercise": exercise, "function": function, "name": name}
                raise LookupError(WHAT_TO_DO.format_map(fields))
        cases.append(tuple(made))
    return cases


def _argument(name: str, draw: Draw, sizes: Sizes, scale: float, solution: types.ModuleType) -> Any:
    n, d, h, q, T = (sizes[letter] for letter in "ndhqT")
    if name in ("inputs", "grad_states"):
        return [draw(n, d if name == "inputs" else h, scale=scale) for _ in range(T)]
    if name in ("params", "state"):
        return _like_the_exercises_own(name, draw, sizes, scale, solution)
    if name == "X":
        return draw(n, d, scale=scale)
    if name.startswith("W_x"):
        return draw(d, h, scale=WEIGHT)
    if name in ("W_hq", "b_q"):
        return draw(h, q) if name == "W_hq" else draw(q)
    if name.startswith("W_h"):
        return draw(h, h, scale=WEIGHT)
    if name.startswith(("b_", "p_")) or name == "b":
        return draw(h)
    if name in list("RZFIO"):  # gates: between 0 and 1
        return torch.sigmoid(draw(n, h, scale=scale))
    if name in ("H", "C") or name.endswith("_tilde") or name == "grad_next":
        return draw(n, h, scale=scale)
    return None


def _like_the_exercises_own(
    name: str, draw: Draw, sizes: Sizes, scale: float, solution: types.ModuleType
) -> Any:
    """Numbers of order 1 in the shapes of the reference's first state or parameters."""
    makers = {
        "params": lambda key: key == "get_params",
        "state": lambda key: key.startswith("init_") and key.endswith("_state"),
    }
    maker = next((item for key, item in vars(solution).items() if makers[name](key)), None)
    if maker is None:
        return None
    shapes = [tuple(part.shape) for part in maker(*sizes_by_name(maker, sizes))]
    if name == "state":
        return tuple(draw(*shape, scale=scale) for shape in shapes)
    return [draw(*shape, scale=WEIGHT if len(shape) > 1 else 1.0) for shape in shapes]


def looks_at(
    solution: types.ModuleType, function: str, cases: list[tuple[Any, ...]], autograd: bool = True
) -> list[Look]:
    """Values, gradients and arguments for each case; then precision, device, and other forms."""
    kind = _kind_of(getattr(solution, function)(*cases[0]))
    first = _Case(function, cases[0], kind, autograd)
    found: list[Look] = [_Case(function, case, kind, autograd).look for case in cases]
    found.append(first.in_float32)
    if kind != FLOATS:
        found.append(first.on_meta)
    if any(isinstance(value, list) for value in cases[0]):
        found += [_Case(function, form, kind, autograd).look for form in _forms(cases[0])]
    return found


def _kind_of(result: Any) -> str:
    """What the reference returns."""
    if isinstance(result, Tensor):
        return TENSOR
    if isinstance(result[0], float):
        return FLOATS
    return SEVERAL if all(isinstance(part, Tensor) for part in result[1:]) else WITH_STATE


def _forms(case: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The same in other forms: tuples and lists exchanged; one tensor, and a ParameterList."""
    return [tuple(_exchanged(value) for value in case), tuple(_in_one(value) for value in case)]


def _exchanged(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(value) if isinstance(value, list) else list(value)
    return value


def _in_one(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if len({item.shape for item in value}) == 1 and value[0].dim() == 2:
        return torch.stack(value)
    return nn.ParameterList([nn.Parameter(item) for item in value])


@dataclasses.dataclass(frozen=True)
class _Case:
    """A function with arguments for it, and what to look at."""

    function: str
    arguments: tuple[Any, ...]
    kind: str
    autograd: bool

    def look(self, module: Any) -> Any:
        """Results, gradients and what happened to the arguments, in float64."""
        function = getattr(module, self.function)
        if self.autograd:
            return call(function, list(self.arguments), self.parts)
        with torch.inference_mode():
            return values(function, list(self.arguments), self.parts)

    def in_float32(self, module: Any) -> Any:
        """dtypes and values for arguments in float32."""
        arguments = moved(list(self.arguments), torch.float32)
        with torch.inference_mode(not self.autograd):
            results = self.parts(getattr(module, self.function)(*arguments))
        return [Near(result.detach(), FLOAT32) for result in results]

    def on_meta(self, module: Any) -> Any:
        """Where the results are for arguments without data."""
        with torch.inference_mode(not self.autograd):
            return on_meta(getattr(module, self.function), list(self.arguments), self.parts)

    def parts(self, value: Any) -> list[Tensor]:
        """A result in the one form that is compared, whichever of the allowed ones it has.

        Raises:
            TypeError, ValueError: if it has none of them.
        """
        length = len(self.arguments[0])  # of the inputs, where there are any
        if self.kind == TENSOR:
            return [_tensor(value)]
        if self.kind == WITH_STATE:
            outputs, state = value
            return [sequence(outputs, length, joined=True), *state_of(state)]
        if not isinstance(value, (list, tuple)):
            raise TypeError("not several")
        if self.kind == FLOATS:
            if not all(isinstance(item, float) for item in value):
                raise TypeError("not only floats")
            return [torch.tensor(value, dtype=torch.float64)]
        return [part if _is_matrix(part) else sequence(part, length) for part in value]


def _tensor(value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise TypeError("no tensor")
    return value


def _is_matrix(part: Any) -> bool:
    return isinstance(part, Tensor) and part.dim() < 3
