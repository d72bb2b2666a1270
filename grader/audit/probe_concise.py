"""Probes of the concise versions: what a module computes, trains and leaves alone."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from grader.audit.probe_calls import META, UNKNOWN, Draw, Look, Near

LAYERS = [  # kind, n, V, h, T, layers, bidirectional
    (nn.RNN, 3, 7, 4, 5, 1, False),
    (nn.GRU, 2, 5, 3, 4, 2, True),
    (nn.LSTM, 2, 6, 4, 3, 2, False),
    (nn.LSTM, 4, 7, 3, 2, 1, True),
    (nn.GRU, 1, 3, 2, 9, 1, False),
    (nn.RNN, 2, 4, 1, 1, 2, True),
]
FLOAT32 = 2e-5
SIZES = [(3, 2, 4, 5), (1, 3, 2, 2), (2, 4, 1, 9)]  # n d h T
OPEN = 60.0  # a bias with which a gate is 1
LR = 0.5
SETTINGS = ("input_size", "hidden_size", "num_layers", "batch_first", "bidirectional", "bias")


def _model(module: Any, index: int, dtype: torch.dtype) -> tuple[Any, list[Tensor], tuple]:
    """A model with known numbers in it: the layer's, then weight and bias of the dense layer."""
    kind, n, V, h, T, layers, both = LAYERS[index]
    draw = Draw(50 + index)
    layer = kind(V, h, layers, bidirectional=both)
    for parameter in layer.parameters():
        parameter.data.copy_(draw(*parameter.shape, scale=0.6))
    wanted = [parameter.detach().clone() for parameter in layer.parameters()]
    model = module.RNNModel(layer, V)
    if not isinstance(model, nn.Module):
        raise TypeError("no module")
    found: list[Tensor] = list(model.parameters())
    ordered = [_taken(found, want) for want in wanted]
    ways = 2 if both else 1
    weight, bias = draw(V, h * ways, scale=0.6), draw(V)
    ordered += [_filled(found, weight), _filled(found, bias)]
    states = [draw(layers * ways, n, h, scale=0.6) for _ in range(2 if kind is nn.LSTM else 1)]
    states = [state.to(dtype) for state in states]
    state = tuple(states) if kind is nn.LSTM else states[0]
    return model.to(dtype), ordered, (draw.integers(V, n, T), state, n, T, V)


def _taken(found: list[Tensor], want: Tensor) -> Tensor:
    """The parameter that holds ``want``; it is taken out of ``found``."""
    for index, parameter in enumerate(found):
        if parameter.shape == want.shape and torch.equal(parameter, want):
            return found.pop(index)
    raise TypeError("a parameter of the layer is not registered")


def _filled(found: list[Tensor], value: Tensor) -> Tensor:
    """The parameter of the dense layer with that shape, or its transpose, now holding ``value``."""
    for index, parameter in enumerate(found):
        for form in (value, value.T if value.dim() == 2 else value[None]):
            if parameter.shape == form.shape:
                parameter.data.copy_(form)
                return found.pop(index)
    raise TypeError("no dense layer")


def _states(value: Any) -> list[Tensor]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def _computed(index: int, with_state: bool, dtype: torch.dtype = torch.float32) -> Look:
    """Logits, state, all gradients, a step of training, arguments after it, and a second call."""

    def look(module: Any) -> Any:
        model, params, (inputs, state, n, T, V) = _model(module, index, dtype)
        given = state if with_state else None
        before = [s.clone() for s in _states(state)]
        X = inputs.clone()
        logits, after = model(X, given)
        shape = tuple(logits.shape), isinstance(after, tuple), tuple(logits.shape) == (T * n, V)
        functional.cross_entropy(logits, inputs.T.reshape(-1).roll(1)).backward()
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in params]
        again, _ = model(X, given)
        same = all(map(torch.equal, before, _states(state))) and torch.equal(X, inputs)
        results = [logits, *_states(after), *(g.reshape(-1) for g in _upright(gradients, V))]
        kinds = [(p.is_leaf, p.requires_grad) for p in model.parameters()]
        tolerance = FLOAT32 if dtype is torch.float32 else 1e-9
        return {
            "results": [Near(result.detach().double(), tolerance) for result in results],
            "dtypes": [result.dtype for result in results[:2]],
            "rest": (shape, same, kinds, torch.allclose(again, logits, 1e-5, 1e-6)),
        }

    return look


def _upright(gradients: list[Tensor], V: int) -> list[Tensor]:
    """The dense layer's weight as (V, ...), if it is kept the other way."""
    *layer, weight, bias = gradients
    return [*layer, weight if weight.shape[0] == V else weight.T, bias]


def _in_float64(index: int) -> Look:
    """In float64, where it works there: a one-hot encoding in float32 is as good in the notes."""

    def look(module: Any) -> Any:
        try:
            return _computed(index, True, torch.float64)(module)
        except (RuntimeError, ValueError):
            return UNKNOWN

    return look


def _of_dtype(dtype: torch.dtype) -> Look:
    """Whole numbers of another type as inputs, and a state that goes on."""

    def look(module: Any) -> Any:
        model, _, (inputs, state, *_) = _model(module, 2, torch.float32)
        with torch.no_grad():
            _, middle = model(inputs[:, :2].to(dtype), state)
            logits, _ = model(inputs[:, 2:].to(dtype), middle)
            whole, _ = model(inputs, None)
        return Near(logits.double(), FLOAT32), Near(whole.double(), FLOAT32)

    return look


def _model_on_meta(module: Any) -> Any:
    model, _, (inputs, *_) = _model(module, 5, torch.float32)
    logits, state = model.to(META)(inputs.to(META), None)
    return logits.device.type, tuple(logits.shape), [s.device.type for s in _states(state)]


def _untrained(module: Any) -> Any:
    """A new model: how many parameters, all of them trainable, its dense layer drawn."""
    found = [module.RNNModel(nn.GRU(6, 4), 6) for _ in range(2)]
    kinds = [sorted((p.numel(), p.requires_grad) for p in model.parameters()) for model in found]
    return (
        kinds,
        [model.training for model in found],
        [model(INPUTS, None)[0].shape for model in found],
    )


INPUTS = torch.tensor([[0, 5, 2], [1, 1, 4]])


def _params(index: int, gates: int, dtype: torch.dtype, device: Any = "cpu") -> list[Tensor]:
    _, d, h, _ = SIZES[index]
    draw = Draw(80 + index)
    shapes = [(d, h), (h, h), (h,)] * gates
    shapes += [(h, 3), (3,)] if gates == 4 else []
    drawn = [draw(*shape, scale=0.7) for shape in shapes]
    return [tensor.to(device, dtype).requires_grad_() for tensor in drawn]


def _made(module: Any, function: str, params: list[Tensor]) -> Any:
    """A function that unpacks the output layer's two parameters as well is given them."""
    try:
        return getattr(module, function)(params)
    except Exception:
        if function != "gru_layer_like":
            raise
        more = [torch.zeros_like(params[1][:, :1]), torch.zeros_like(params[2][:1])]
        return getattr(module, function)([*params, *more])


KINDS: dict[str, tuple[type[nn.RNNBase], int]] = {
    "lstm_layer": (nn.LSTM, 4),
    "gru_layer_like": (nn.GRU, 3),
}


def _layer(function: str, index: int, dtype: torch.dtype, opened: bool = False) -> Look:
    """The layer's kind, its numbers, its states, and what training it does to the given ones."""
    kind, gates = KINDS[function]
    n, d, h, T = SIZES[index]

    def look(module: Any) -> Any:
        params = _params(index, gates, dtype)
        if opened:
            params[5].data.fill_(OPEN)  # b_r
        before = [p.detach().clone() for p in params]
        layer, other = (_made(module, function, params) for _ in range(2))
        draw = Draw(7)
        state = draw(1, n, h).to(dtype)
        states, last = layer(
            draw(T, n, d).to(dtype), (state, state.flip(2)) if gates == 4 else state
        )
        record = {
            "is": (isinstance(layer, kind), layer is other, layer.dropout),
            "settings": [getattr(layer, name) for name in SETTINGS],
            "kinds": _kinds(layer),
            "numbers": _numbers(layer),
        }
        if gates == 4 or opened:  # elsewhere the GRU's candidate depends on how its bias is split
            record["states"] = [states.detach(), *(s.detach() for s in _states(last))]
        states.sum().backward()
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter -= LR * parameter.grad
        record["untouched"] = [torch.equal(p, old) for p, old in zip(params, before, strict=True)]
        record["no gradient"] = [p.grad is None for p in params]
        record["other"] = _numbers(other)
        return record

    return look


def _kinds(layer: nn.RNNBase) -> Any:
    return [
        (name, tuple(p.shape), p.dtype, p.is_leaf, p.requires_grad, p.device.type)
        for name, p in sorted(layer.named_parameters())
    ]


def _numbers(layer: nn.RNNBase) -> list[Tensor]:
    """The weights, and the biases added up: how they are split is free."""
    found = {name: p.detach().clone() for name, p in layer.named_parameters()}
    bias = found.pop("bias_ih_l0") + found.pop("bias_hh_l0")
    return [*(found[name] for name in sorted(found)), bias]


def _layer_on_meta(function: str) -> Look:
    def look(module: Any) -> Any:
        layer = _made(module, function, _params(0, KINDS[function][1], torch.float32, META))
        return _kinds(layer)

    return look


def _layer_from(function: str, form: Any) -> Look:
    """From a tuple, or from an ``nn.ParameterList``."""

    def look(module: Any) -> Any:
        params = _params(0, KINDS[function][1], torch.float64)
        return _numbers(_made(module, function, params if form is None else form(params)))

    return look


def _parameter_list(params: list[Tensor]) -> nn.ParameterList:
    return nn.ParameterList([nn.Parameter(p.detach()) for p in params])


def _layer_looks(function: str) -> list[Look]:
    found = [_layer(function, index, torch.float64) for index in range(len(SIZES))]
    if function == "gru_layer_like":
        found += [_layer(function, index, torch.float64, True) for index in range(len(SIZES))]
    found += [_layer(function, 0, torch.float32), _layer_on_meta(function)]
    return [*found, _layer_from(function, tuple), _layer_from(function, _parameter_list)]


LOOKS: dict[str, list[Look]] = {
    "RNNModel": [
        *(_computed(index, True) for index in range(len(LAYERS))),
        *(_computed(index, False) for index in (1, 2)),
        *(_in_float64(index) for index in (0, 3)),
        *(_of_dtype(dtype) for dtype in (torch.int32, torch.float32, torch.uint8)),
        _model_on_meta,
        _untrained,
    ],
    "lstm_layer": _layer_looks("lstm_layer"),
    "gru_layer_like": _layer_looks("gru_layer_like"),
}
