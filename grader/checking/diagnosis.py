"""Which known mistake a wrong function is: its answers are compared with each misconception's.

The submission's answers come from the run itself: a function remembers the first questions that it
was asked, and what came back. Each misconception is asked the same questions here, on the trusted
side, in the way a worker is. If exactly one gives the same answers to all of them, in values,
gradients, changes of arguments and exceptions, it is the diagnosis; a wrong one would be worse than
none, so everything else is none.
"""

import contextlib
import dataclasses
import io
import types
from collections.abc import Callable
from typing import Any

import torch

from grader import misconceptions
from grader.findings import Diagnosis
from grader.sandbox import values, wire, worker
from grader.submission import Exchange, Returned

TOLERANCE = {"float64": 1e-8, "float32": 1e-4}  # two ways to compute the same, with gradients
NOWHERE = "/nowhere"  # no frame of an exception lies in a submission here


@dataclasses.dataclass(frozen=True, eq=False)
class Reply:
    """What came back for one question, in a form that can be compared.

    Attributes:
        error: the exception's type, if one was raised.
        form: how the result is nested; the first of two parts may take several forms.
        numbers: all numbers of the result in order, as float64.
        words: what else it holds: strings, None, what did not cross; and each tensor's dtype,
            shape and memory, unless the result may take several forms.
        gradients: for each argument that wants one: its numbers, or None.
        changed: numbers of the arguments that were changed, and of those that lost their .grad.
    """

    error: str
    form: str
    numbers: torch.Tensor
    words: tuple[str, ...]
    gradients: tuple[torch.Tensor | None, ...]
    changed: tuple[tuple[int, ...], tuple[int, ...]]
    tolerance: float

    def equals(self, other: "Reply") -> bool:
        """Whether both could come from the same code."""
        return (
            (self.error, self.words, self.changed) == (other.error, other.words, other.changed)
            and self.form == other.form
            and self._close(self.numbers, other.numbers)
            and len(self.gradients) == len(other.gradients)
            and all(map(self._close, self.gradients, other.gradients))
        )

    def _close(self, left: torch.Tensor | None, right: torch.Tensor | None) -> bool:
        if left is None or right is None:
            return left is right
        if left.shape != right.shape:
            return False
        both = (left - right).abs() <= self.tolerance * (1 + right.abs())
        same = both | (left == right) | (left.isnan() & right.isnan())
        return bool(same.all())


def diagnose(exercise: str, function: str, exchanges: list[Exchange]) -> Diagnosis | None:
    """The one misconception of a function that explains all its answers; None if none or several.

    Args:
        exchanges: questions that the submission's function was asked, with its answers.
    """
    if not exchanges:
        return None
    known = misconceptions.misconceptions(exercise, function)
    with contextlib.suppress(Exception):  # an answer that can't even be read is no known mistake
        given = [reply_of(e.response, e.data, e.request) for e in exchanges]
        right = replies(misconceptions.solution(exercise, function), exchanges)
        if all(mine.equals(theirs) for mine, theirs in zip(given, right, strict=True)):
            return None  # wrong elsewhere than in these questions
        fitting = [m for m in known if _explains(m.call, exchanges, given)]
        if len(fitting) == 1:
            return Diagnosis(fitting[0].id, dict(fitting[0].text), dict(fitting[0].hint))
    return None


def _explains(function: Callable, exchanges: list[Exchange], given: list[Reply]) -> bool:
    for exchange, mine in zip(exchanges, given, strict=True):
        if not replies(function, [exchange])[0].equals(mine):
            return False
    return True


def replies(function: Callable, exchanges: list[Exchange]) -> list[Reply]:
    """A trusted function's replies to the same questions, answered as a worker does."""
    found = []
    for exchange in exchanges:
        request = exchange.request
        module = types.SimpleNamespace(**{request.function: function})
        with contextlib.redirect_stdout(io.StringIO()):
            response, data = worker.execute(request, exchange.payload, module, NOWHERE, "")
        found.append(reply_of(response, data, request))
    return found


def reply_of(response: wire.Response, data: bytes, request: wire.Request) -> Reply:
    """A response in a form that can be compared.

    Raises:
        wire.ProtocolError: if it contradicts itself.
    """
    decoder = values.Decoder(data, Returned)
    value = decoder.decode(response.value)
    gradients = [decoder.decode(node) for node in response.gradients]
    after = [decoder.decode(node) for node in response.arguments]
    numbers: list[torch.Tensor] = []
    words: list[str] = []
    kinds: set[str] = set()
    _collect([value, after], numbers, words, kinds)
    form = _form(value)
    if "*" not in form:
        words += _facts(value, {})
    flat = torch.cat(numbers) if numbers else torch.zeros(0, dtype=torch.float64)
    return Reply(
        error=response.error.type if response.error else "",
        form=form,
        numbers=flat,
        words=tuple(words),
        gradients=tuple(_numbers(g) if isinstance(g, Returned) else None for g in gradients),
        changed=(tuple(response.mutated), tuple(response.rebound)),
        tolerance=TOLERANCE["float32" if "float32" in kinds or not kinds else "float64"],
    )


def _collect(value: Any, numbers: list[torch.Tensor], words: list[str], kinds: set[str]) -> None:
    if isinstance(value, Returned):
        if value.data is None:
            words.append("no data")
        else:
            numbers.append(_numbers(value))
            kinds.add(value.node.dtype)
        if value.grad is not None:
            _collect(value.grad, numbers, words, kinds)
    elif isinstance(value, dict):
        _collect([*value.keys(), *value.values()], numbers, words, kinds)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, numbers, words, kinds)
    elif isinstance(value, (bool, int, float)):
        numbers.append(torch.tensor([float(value)], dtype=torch.float64))
        kinds.add("float64")
    else:
        words.append(str(value))


def _facts(value: Any, seen: dict[int, int]) -> list[str]:
    if isinstance(value, Returned):
        node = value.node
        memory = seen.setdefault(node.storage, len(seen))
        leaf = f"{node.requires_grad} {node.is_leaf}"
        return [f"{node.dtype} {list(node.shape)} {leaf} {memory}"]
    if isinstance(value, (list, tuple)):
        return [fact for item in value for fact in _facts(item, seen)]
    return []


def _numbers(tensor: Returned) -> torch.Tensor:
    assert tensor.data is not None
    data = torch.view_as_real(tensor.data) if tensor.data.is_complex() else tensor.data
    return data.detach().reshape(-1).double()


def _form(value: Any) -> str:
    """How a result is nested. Outputs, first of two parts, may be a list or one tensor."""
    if isinstance(value, Returned):
        return f"tensor{len(value.shape)}"
    if isinstance(value, (list, tuple)):
        parts = ["tensor" if isinstance(v, Returned) else _kind(v) for v in value]
        if len(parts) == 2 and not isinstance(value[1], Returned):
            parts[0] = "*"
        return "(" + " ".join(parts) + ")"
    return _kind(value)


def _kind(value: Any) -> str:
    return "sequence" if isinstance(value, (list, tuple)) else type(value).__name__
