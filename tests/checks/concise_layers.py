"""The layers of exercises/concise.py: how to ask for one, and what must be in it."""

import dataclasses
from collections.abc import Callable

import torch
from torch import Tensor

from grader.checking import answers
from grader.checking.cases import Case, CaseSpec, Fill, spec
from grader.checking.comparison import TOLERANCE, agree, compare
from grader.checking.modules import GATES, Module, module_from
from grader.findings import CheckStopped, fail
from grader.sandbox.devices import CPU
from grader.submission import Answer, Exercise, Function

NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def _params(fill: Fill, d: int, h: int, gates: int) -> list[Tensor]:
    params = []
    for _ in range(gates):
        params += [fill(d, h, scale=0.6), fill(h, h, scale=0.6), fill(h, scale=0.7)]
    return params


@spec("n d h q T", large=True)
def lstm_case(fill: Fill, n: int, d: int, h: int, q: int, T: int) -> dict:
    """The fourteen parameters, inputs (T, n, d), and a state as torch keeps it, (1, n, h)."""
    inputs, state = fill(T, n, d), (fill(1, n, h), fill(1, n, h))
    params = [*_params(fill, d, h, 4), fill(h, q), fill(q)]
    return {"params": params, "extra": {"inputs": inputs, "state": state}}


@spec("n d h T", large=True)
def gru_case(fill: Fill, n: int, d: int, h: int, T: int) -> dict:
    """The nine gate parameters, inputs (T, n, d), and a state as torch keeps it, (1, n, h)."""
    extra = {"inputs": fill(T, n, d), "state": fill(1, n, h)}
    return {"params": _params(fill, d, h, 3), "extra": extra}


@dataclasses.dataclass(frozen=True)
class Layer:
    """A function of the exercise that makes a torch layer from parameters.

    Attributes:
        function, kind: its name, and the class of torch.nn that it must return.
        spec: its cases.
        rows: where the three parameters of each of torch's row groups begin in ours.
        row_names: torch's letters for them.
        loop: the from-scratch network.
        more: parameters that may have to follow for a submission that unpacks them.
    """

    function: str
    kind: str
    spec: CaseSpec
    rows: tuple[int, ...]
    row_names: str
    loop: Callable
    more: bool = False

    def made(
        self, concise: Exercise, case: Case, dtype: torch.dtype, device: str = "cpu"
    ) -> Module:
        """The layer that the submission makes from the case's parameters.

        A function that unpacks the output layer's two parameters as well is given them.
        """
        function = concise.function(self.function)
        kept = device if device == "meta" else CPU  # an accelerator's are put there in the sandbox
        params = [p.to(kept, dtype, copy=True).requires_grad_() for p in case["params"]]
        longer = function.cache.get("longer", False)
        if longer:
            return self._ask(function, [*params, *self._output(params)], device)
        try:
            return self._ask(function, params, device)
        except CheckStopped as stopped:
            if not self.more or stopped.finding.code != "raised" or function.stopped:
                raise
            try:
                module = self._ask(function, [*params, *self._output(params)], device)
            except CheckStopped:
                raise stopped from None
            function.cache["longer"] = True
            return module

    def _ask(self, function: Function, params: list[Tensor], device: str) -> Module:
        place = CPU if device == "meta" else device
        return module_from(function, {"params": params}, self.kind, place)

    @staticmethod
    def _output(params: list[Tensor]) -> list[Tensor]:
        return [torch.zeros_like(params[1][:, :1]), torch.zeros_like(params[2][:1])]

    def wanted_shapes(self, case: Case) -> dict[str, tuple[int, ...]]:
        """The layer's parameters: names and shapes."""
        d, h, rows = case.sizes["d"], case.sizes["h"], GATES[self.kind] * case.sizes["h"]
        return dict(zip(NAMES, [(rows, d), (rows, h), (rows,), (rows,)], strict=True))

    def working_dtype(self, concise: Exercise, case: Case) -> torch.dtype:
        """float64 if the layer has the parameters' dtype, float32 if it always is float32."""
        cache = concise.function(self.function).cache
        if "layer_dtype" not in cache:
            _, found = self.made(concise, case, torch.float64).parameters()
            kinds = {tensor.node.dtype for tensor in found.values()}
            cache["layer_dtype"] = torch.float64 if kinds == {"float64"} else torch.float32
        return cache["layer_dtype"]

    def agree_loaded(self, concise: Exercise, case: Case, dtype: torch.dtype | None = None) -> None:
        """The registered parameters hold ours, gate by gate.

        Raises:
            CheckStopped: naming the first row group that does not.
        """
        dtype = dtype or self.working_dtype(concise, case)
        answer, found = self.made(concise, case, dtype).parameters()
        shapes = {name: tuple(tensor.shape) for name, tensor in found.items()}
        if shapes != self.wanted_shapes(case):
            raise fail("layer_parameters", answer=answer, names=", ".join(NAMES))
        params, h = case["params"], case.sizes["h"]
        values = {name: tensor.data.double() for name, tensor in found.items()}
        for group, start in enumerate(self.rows):
            rows = slice(group * h, (group + 1) * h)
            W_x, W_h, b = params[start : start + 3]
            wanted = (
                ("weight_ih_l0", values["weight_ih_l0"][rows], W_x.T),
                ("weight_hh_l0", values["weight_hh_l0"][rows], W_h.T),
                (
                    "bias_ih_l0 + bias_hh_l0",
                    values["bias_ih_l0"][rows] + values["bias_hh_l0"][rows],
                    b,
                ),
            )
            for name, actual, want in wanted:
                _agree_rows(answer, name, self.row_names[group], actual, want, TOLERANCE[dtype])

    def states(self, case: Case) -> tuple:
        """What our own network's hidden states are, laid out as torch returns them."""
        params = list(case["params"])[: 3 * GATES[self.kind]]
        width = case.sizes["h"]
        eye = torch.eye(width, dtype=torch.float64)
        readout = [eye, torch.zeros(width, dtype=torch.float64)]  # the outputs are the states
        state = case["state"] if isinstance(case["state"], tuple) else (case["state"],)
        with torch.no_grad():
            first = tuple(matrix[0] for matrix in state)
            outputs, last = self.loop(list(case["inputs"]), first, [*params, *readout])
        ended = tuple(matrix[None] for matrix in last)
        return torch.stack(list(outputs)), ended if len(ended) > 1 else ended[0]

    def torch_states(self, concise: Exercise, case: Case) -> tuple:
        """What torch's own layer gives with our parameters, its biases split as the submission's.

        Raises:
            CheckStopped: if the submission's layer does not hold them.
        """
        self.agree_loaded(concise, case)
        made = self.made(concise, case, self.working_dtype(concise, case))
        _, found = made.parameters()
        layer = getattr(torch.nn, self.kind)(case.sizes["d"], case.sizes["h"]).double()
        with torch.no_grad():
            for name, parameter in layer.named_parameters():
                parameter.copy_(found[name].data)
            return layer(case["inputs"], case["state"])

    def agree_states(self, concise: Exercise, case: Case, expected: tuple, code: str) -> None:
        """Calling the layer gives these states.

        Raises:
            CheckStopped: if not.
        """
        dtype = self.working_dtype(concise, case)
        made = self.made(concise, case, dtype)
        state = case["state"]
        state = tuple(s.to(dtype) for s in state) if isinstance(state, tuple) else state.to(dtype)
        answer = made(inputs=case["inputs"].to(dtype), state=state)
        agree(answer, expected, code=code)


def _agree_rows(
    answer: Answer, name: str, gate: str, actual: Tensor, want: Tensor, tolerance: float
) -> None:
    difference = compare(name, _Plain(actual), want, tolerance)  # type: ignore[arg-type]
    if difference is not None:
        stopped = fail("layer_rows", answer=answer, name=name, gate=gate)
        stopped.finding.returned, stopped.finding.expected = actual, want
        stopped.finding.difference = difference
        raise stopped


class _Plain:
    """A tensor where ``compare`` wants one that came back from a worker."""

    def __init__(self, data: Tensor) -> None:
        self.data = data


OUR_LSTM = answers.reference("solutions.lstm").lstm
OUR_GRU = answers.reference("solutions.gru").gru
LSTM_LAYER = Layer("lstm_layer", "LSTM", lstm_case, (0, 3, 9, 6), "ifgo", OUR_LSTM)
GRU_LAYER = Layer(
    "gru_layer_like",
    "GRU",
    gru_case,
    (3, 0, 6),
    "rzn",
    OUR_GRU,
    more=True,
)
