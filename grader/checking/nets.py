"""Small recurrent models on which training functions are checked, and what they must come to.

The cells are the sandbox's stand-ins: neither an RNN nor a GRU nor an LSTM of the syllabus, so a
worker that trains them has seen no solution. The trusted side runs the reference on the same ones.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import torch

from grader.checking.cases import Fill
from grader.findings import CheckStopped
from grader.sandbox import standins
from grader.sandbox.values import dtype_name
from grader.submission import Answer, Function, StandIn

FORMS = ("list", "joined", "tensor")
DTYPES = (torch.float64, torch.float32)
FEW_HIDDENS = 8  # up to which sums of as many products are small


@dataclasses.dataclass(frozen=True, eq=False)
class Net:
    """A recurrent model with V inputs and outputs, h hidden units and 1 or 2 states."""

    params: list[torch.Tensor]
    states: int
    hiddens: int
    vocab: int

    def arguments(
        self, dtype: torch.dtype, form: str = "list", cell: str = "cell"
    ) -> dict[str, Any]:
        """``rnn``, ``params`` and ``init_rnn_state`` as arguments for a submission."""
        params = [p.to(dtype).clone().requires_grad_() for p in self.params]
        return {
            "rnn": StandIn(cell, (self.states, form)),
            "params": params,
            "init_rnn_state": StandIn("zero_state", (self.states, dtype_name(dtype))),
        }

    def get_params(self, dtype: torch.dtype) -> StandIn:
        """A ``get_params`` that always starts from these parameters."""
        return StandIn("fixed_params", ([p.to(dtype) for p in self.params],))

    def local(self) -> tuple[Callable, list[torch.Tensor], Callable]:
        """The same three for the reference, on this side, in float64."""
        params = [p.clone().requires_grad_() for p in self.params]
        cell = standins.build("cell", [self.states, "list"])
        return cell, params, standins.build("zero_state", [self.states, "float64"])

    def local_get_params(self) -> Callable:
        """The same ``get_params`` on this side."""
        return standins.build("fixed_params", [self.params])


def net(fill: Fill, vocab: int, hiddens: int, states: int = 1, scale: float = 0.7) -> Net:
    """A model with random parameters of the order of ``scale``."""
    shapes = [(vocab, hiddens), (hiddens, hiddens), (hiddens,), (hiddens, vocab), (vocab,)]
    params = [fill(*shape, scale=scale) for shape in shapes]
    # else what is rounded off grows at each step: training would be chaotic
    params[1] = params[1] / (16 if hiddens > FEW_HIDDENS else 4)
    params[3] = params[3] / (4 if hiddens > FEW_HIDDENS else 1)
    return Net(params, states, hiddens, vocab)


def ask_in_any_form(
    function: Function,
    arguments: Callable[[torch.dtype, str], dict[str, Any]],
    forms: Sequence[str] = (),
    **options: Any,
) -> Answer:
    """Ask with float64 parameters and outputs as a list; if that raises, in the other ways allowed.

    ``rnn`` may return its outputs as a list, as (T·n, q) or as (T, n, q), and a submission's
    training functions need only know one of them.

    Args:
        arguments: makes the call's arguments for a dtype and a form.
        forms: those that must work, whichever else does: they are asked in turn.

    Raises:
        CheckStopped: from the first way, if none works.
    """
    allowed = tuple(_in_turn(function, forms) if forms else FORMS)
    known = function.cache.get(("way", allowed))
    ways = [known] if known else [(dtype, form) for dtype in DTYPES for form in allowed]
    others = [(torch.float64, form) for form in FORMS if form not in allowed]
    first: CheckStopped | None = None
    crossed = []
    for way in [*ways, *others]:
        try:
            with function.exercise.submission.unobserved():  # it need not know each of them
                answer = function.ask(arguments(*way), **options)
        except CheckStopped as stopped:
            first = first or stopped
            if function.stopped or function.exercise.stopped:
                break
            continue
        finally:
            crossed.append(function.crossed)
        if way in ways:
            function.cache["way", allowed] = way
            function.recall(answer.exchange)
            return answer
    for exchange in crossed:
        function.recall(exchange)  # what the others gave tells the diagnosis more
    assert first is not None
    raise first


def _in_turn(function: Function, forms: Sequence[str]) -> list[str]:
    turn = function.cache["turn"] = function.cache.get("turn", -1) + 1
    return [forms[turn % len(forms)]]
