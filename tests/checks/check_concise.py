"""What the concise versions must do (torch.nn's own definitions): exercises/concise.py as checks.

The modules stay where they were made; what comes here is what they return, and their parameters.
Everything is compared with torch's layers on this side, in float64, on weights that the checks put
in; RNNModel's dense layer is torch's float32.
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, Fill, spec
from grader.checking.comparison import agree, compare, numbers_of, numeric, pairs
from grader.checking.elsewhere import asked_elsewhere
from grader.checking.modules import (
    Module,
    are_trainable,
    equal_parameters,
    layer_argument,
    layer_shapes,
    module_from,
)
from grader.checking.running import over
from grader.checking.standard import works_there
from grader.checking.subjects import returned_tensors
from grader.findings import fail
from grader.submission import Answer, Exercise, Returned
from tests.checks.concise_layers import (
    GRU_LAYER,
    LSTM_LAYER,
    Layer,
    gru_case,
    lstm_case,
)

reference = answers.reference("tests.checks.reference_concise")

LR = 0.5
KINDS = ("RNN", "GRU", "LSTM")


@spec("n h q T L", largest={"n": 3, "h": 4, "q": 5, "T": 4, "L": 2}, large=True, rough=True)
def model(fill: Fill, n: int, h: int, q: int, T: int, L: int) -> dict:
    """A layer of any kind over one-hot inputs of width V, a state, a dense layer, labels.

    V is never as wide as the dense layer's inputs, so that its weight can't be mistaken.
    """
    kind, ways = KINDS[fill.integer(0, 2)], fill.integer(1, 2)
    V = q + 1 if q == h * ways else q
    shapes = layer_shapes(kind, V, h, L, ways == 2)
    params = [fill(*shape, scale=0.5) for shape in shapes]
    state = [fill(L * ways, n, h, scale=0.5) for _ in range(1 + (kind == "LSTM"))]
    extra = {
        "kind": kind,
        "layers": L,
        "ways": ways,
        "params": params,
        "inputs": fill.integers(V, n, T),
        "labels": fill.integers(V, T * n),
        "state": tuple(state) if kind == "LSTM" else state[0],
        "weight": fill(V, h * ways, scale=0.5),
        "bias": fill(V, scale=0.5),
    }
    floats = [param.float() for param in params]
    layer = layer_argument(kind, L, ways == 2, floats)
    return {"rnn_layer": layer, "vocab_size": V, "extra": extra}


def _float32(value):
    if isinstance(value, tuple):
        return tuple(_float32(item) for item in value)
    return value.float() if isinstance(value, torch.Tensor) else value


def _made(concise: Exercise, case: Case) -> Module:
    return module_from(concise.RNNModel, case.arguments, "Module")


def _ready(concise: Exercise, case: Case) -> tuple[Module, list[str]]:
    """A model with the case's dense layer in it, and its parameters' names: layer, weight, bias."""
    made = _made(concise, case)
    answer, found = made.parameters()
    layer = equal_parameters(answer, found, [param.float() for param in case["params"]])
    if layer is None:
        raise fail("layer_unregistered", answer=answer)
    shape = tuple(case["weight"].shape)
    rest = {name: tensor for name, tensor in found.items() if name not in layer}
    weights = [n for n, t in rest.items() if t.shape in (shape, shape[::-1])]
    rows = [n for n, t in rest.items() if t.shape == (1, *shape[:1]) and n not in weights[:1]]
    biases = [n for n, t in rest.items() if t.shape == shape[:1]] + rows
    if not weights or not biases:
        raise fail("no_dense_layer", answer=answer, shape=shape)
    weight, bias = case["weight"].float(), case["bias"].float()
    if rest[weights[0]].shape != shape:
        weight = weight.T.contiguous()
    made.load({weights[0]: weight, biases[0]: bias.reshape(rest[biases[0]].shape)})
    return made, [*layer, weights[0], biases[0]]


def _called(module: Module, inputs: torch.Tensor, state) -> Answer:
    return module(inputs=inputs, state=_float32(state))


def _model(case: Case) -> list:
    """What the model on this side is made of: kind, layers, both ways or not, parameters."""
    shape = [case["kind"], case["layers"], case["ways"] == 2]
    return [*shape, case["params"], case["weight"], case["bias"]]


def _expected(case: Case, state=None):
    return reference.logits(_model(case), case["inputs"], state)


@over(model, 6)
def check_RNNModel_shape(concise, case: Case) -> None:
    """Logits (T·n, V), time-major, and the layer's state."""
    made, expected = _made(concise, case), _expected(case, case["state"])
    pairs(_called(made, case["inputs"], case["state"]), expected)
    first = torch.zeros_like(case["inputs"])  # one character only: V is not to be guessed from it
    pairs(_called(made, first, case["state"]), expected)


@over(model)
def check_RNNModel_registered(concise, case: Case) -> None:
    """The layer that was given and a dense layer are registered, and all of it is trainable."""
    made, _ = _ready(concise, case)
    answer, found = made.parameters()
    are_trainable(answer, found)


@over(model)
def check_RNNModel_values(concise, case: Case) -> None:
    """Logits and state are those of the layer and the dense layer."""
    made, _ = _ready(concise, case)
    agree(_called(made, case["inputs"], case["state"]), _expected(case, case["state"]))


@over(model, 6)
def check_RNNModel_zero_state(concise, case: Case) -> None:
    """Without a state the layer begins with zeros."""
    made, _ = _ready(concise, case)
    agree(_called(made, case["inputs"], None), _expected(case), code="zero_state")


@over(model, 6)
def check_RNNModel_round_trip(concise, case: Case) -> None:
    """The returned state goes in again: a text in two parts is the same as the whole."""
    steps = case["inputs"].shape[1]
    if case["ways"] == 2 or steps < 2:
        return
    made, _ = _ready(concise, case)
    logits, state = _expected(case, case["state"])
    cut, n = steps // 2, case.sizes["n"]
    first = _called(made, case["inputs"][:, :cut], case["state"])
    pairs(first, (logits[: cut * n], state))
    carried = [numeric(t.data).float() for t in returned_tensors(first.value[1])]
    again = made(
        inputs=case["inputs"][:, cut:].contiguous(),
        state=tuple(carried) if case["kind"] == "LSTM" else carried[0],
    )
    agree(again, (logits[cut * n :], state), code="split")


@over(model, 6)
def check_RNNModel_training(concise, case: Case) -> None:
    """One step of SGD moves every parameter to where it should go."""
    made, names = _ready(concise, case)
    answer = made.step(
        inputs=case["inputs"], labels=case["labels"], state=_float32(case["state"]), lr=LR
    )
    _, found = made.parameters()
    wanted = reference.step(_model(case), case["inputs"], case["state"], case["labels"], LR)
    for name, want in zip(names, wanted, strict=True):
        tensor = found[name]
        if tensor.shape != tuple(want.shape):
            want = want.T if want.dim() == 2 else want.reshape(tensor.shape)
        difference = compare(name, tensor, want, 2e-5)
        if difference is not None:
            stopped = fail("module_step", answer=answer, name=name)
            stopped.finding.returned, stopped.finding.expected = tensor, want
            stopped.finding.difference = difference
            raise stopped


@over(model, 4)
def check_RNNModel_integers(concise, case: Case) -> None:
    """Inputs are whole numbers of any type."""
    made, _ = _ready(concise, case)
    for dtype in (torch.int64, torch.int32, torch.float32):
        answer = _called(made, case["inputs"].to(dtype), case["state"])
        agree(answer, _expected(case, case["state"]))


@over(model, 4)
def check_RNNModel_purity(concise, case: Case) -> None:
    """A call changes no argument and no later call."""
    made, _ = _ready(concise, case)
    first = _called(made, case["inputs"], None)
    if first.mutated:
        raise fail("mutated", answer=first, arguments=", ".join(first.mutated))
    _called(made, case["inputs"].flip(1), case["state"])
    agree(_called(made, case["inputs"], None), _expected(case), code="memory")


@over(model, 2)
def check_RNNModel_device(concise, case: Case) -> None:
    """The module goes where ``.to(device)`` sends it, and works there."""
    made, _ = _ready(concise, case)
    place = concise.RNNModel.probe

    def ask(where: str) -> Answer:
        inputs = case["inputs"].to("meta") if where == "meta" else case["inputs"]
        return made.to(where)(inputs=inputs, state=None)

    answer = asked_elsewhere(place, ask)
    pairs(answer, _expected(case))
    for tensor in returned_tensors(answer.value):
        if tensor.node.device != place:
            raise fail("device", answer=answer, device=tensor.node.device, asked=place)
    if place != "meta":
        agree(answer, _expected(case))


def _layer_checks(layer: Layer) -> dict:
    """The checks that both functions that make a layer take, by their names."""

    def shape(concise, case: Case) -> None:
        """A torch layer of one layer and one direction, with its parameters' names and shapes."""
        made = layer.made(concise, case, torch.float32)
        answer, found = made.parameters()
        wanted = layer.wanted_shapes(case)
        shapes = {name: tuple(tensor.shape) for name, tensor in found.items()}
        if shapes != wanted:
            raise fail("layer_parameters", answer=answer, names=", ".join(wanted))

    def trainable(concise, case: Case) -> None:
        """Its parameters require gradients."""
        made = layer.made(concise, case, torch.float32)
        are_trainable(*made.parameters())

    def loaded(concise, case: Case) -> None:
        """Its weights are ours, transposed, in torch's order of rows; its biases add up to ours."""
        layer.agree_loaded(concise, case)

    def precision(concise, case: Case) -> None:
        """float64 parameters make a float64 layer, float32 ones a float32 layer, digit by digit."""
        for dtype in (torch.float64, torch.float32):
            fine = layer.spec.fine(case, dtype)
            made = layer.made(concise, fine, dtype)
            answer, found = made.parameters()
            for name, tensor in found.items():
                name_of = str(dtype).removeprefix("torch.")
                if tensor.node.dtype != name_of:
                    names = {"returned_dtype": tensor.node.dtype, "expected_dtype": name_of}
                    raise fail("dtype", answer=answer, part=name, **names)
            layer.agree_loaded(concise, fine, dtype)

    def purity(concise, case: Case) -> None:
        """The parameters given stay as they were, also while the layer is trained."""
        made = layer.made(concise, case, layer.working_dtype(concise, case))
        if made.made.mutated:
            raise fail("mutated", answer=made.made, arguments=", ".join(made.made.mutated))

    def device(concise, case: Case) -> None:
        """The layer is on the parameters' device."""
        function = concise.function(layer.function)
        place = function.probe
        made = asked_elsewhere(place, lambda where: layer.made(concise, case, torch.float32, where))
        works_there(function)
        answer, found = made.parameters()
        for name, tensor in found.items():
            if tensor.node.device != place:
                fields = {"name": name, "device": tensor.node.device, "asked": place}
                raise fail("device_argument", answer=answer, **fields)

    bodies = (shape, trainable, loaded, precision, purity, device)
    checks = {}
    for body in bodies:
        name = f"check_{layer.function}_{body.__name__}"

        def named(concise, case: Case, body=body) -> None:
            body(concise, case)

        named.__name__, named.__doc__ = name, body.__doc__
        checks[name] = over(layer.spec, 2 if body is precision else 4)(named)
    return checks


globals().update(_layer_checks(LSTM_LAYER))
globals().update(_layer_checks(GRU_LAYER))


def _numbers(returned: list[Returned]) -> list[torch.Tensor]:
    return [numbers_of(tensor) for tensor in returned]


@over(lstm_case)
def check_lstm_layer_values(concise, case: Case) -> None:
    """The layer's hidden states, and its last state, are those of ``lstm``."""
    LSTM_LAYER.agree_states(concise, case, LSTM_LAYER.states(case), "layer_states")


@over(gru_case)
def check_gru_layer_like_values(concise, case: Case) -> None:
    """Where the reset gate is 1 the layer's hidden states are those of ``gru``."""
    params = list(case["params"])
    params[5] = torch.full_like(params[5], 60.0)  # b_r: R = 1
    opened = case.replace(params=params)
    GRU_LAYER.agree_states(concise, opened, GRU_LAYER.states(opened), "layer_states")


@over(gru_case, 6)
def check_gru_layer_like_elsewhere(concise, case: Case) -> None:
    """Elsewhere they are those of torch's equation: the reset gate acts after the product."""
    wanted = GRU_LAYER.torch_states(concise, case)
    GRU_LAYER.agree_states(concise, case, wanted, "layer_elsewhere")
