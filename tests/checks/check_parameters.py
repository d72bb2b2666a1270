"""What freshly initialised parameters must be: exercises/parameters.py as checks.

Weights N(0, 0.01²), biases zero, all of them trainable float32 leaves. Values are never compared:
a sample can only be tested for its distribution.
"""

import torch

from grader.checking import initial
from grader.checking.cells import drawn_sizes
from grader.checking.comparison import has_data, kind_of, numbers_of
from grader.checking.samples import is_fresh
from grader.findings import fail
from grader.submission import Answer, Exercise, Returned

SHAPE = (150, 120)  # these sizes or a few more, by the seed
GATE = {"num_inputs": 100, "num_hiddens": 80}
OUTPUT = {"num_hiddens": 80, "num_outputs": 104}
GATE_NAMES = ("W_x", "W_h", "b")
OUTPUT_NAMES = ("W_hq", "b_q")


def _one(answer: Answer, shape: tuple[int, ...]) -> Returned:
    """The one tensor of an answer, with its shape."""
    if not isinstance(answer.value, Returned):
        raise fail("not_a_tensor", answer=answer, part="", kind=kind_of(answer.value))
    has_data(answer, "", answer.value)
    if answer.value.shape != shape:
        raise fail("shape", answer=answer, returned_shape=answer.value.shape, expected_shape=shape)
    return answer.value


def _large(parameters: Exercise) -> tuple[int, ...]:
    sizes = drawn_sizes(parameters.submission.seed, dict(enumerate(SHAPE)))
    return tuple(sizes.values())


def _normal(parameters: Exercise, shape: tuple[int, ...] | None = None) -> tuple[Answer, Returned]:
    shape = shape or _large(parameters)
    answer = parameters.normal_param.ask({"shape": shape, "device": None})
    return answer, _one(answer, shape)


def _zero(parameters: Exercise, size: int) -> tuple[Answer, Returned]:
    answer = parameters.zero_param.ask({"size": size, "device": None})
    return answer, _one(answer, (size,))


def check_normal_param_shape(parameters):
    """The parameter has the shape asked for, of any number of dimensions."""
    for shape in (_large(parameters), (3, 1), (1, 4), (5,), (2, 3, 4)):
        _normal(parameters, shape)


def check_normal_param_trainable(parameters):
    """A leaf that requires a gradient, in float32."""
    answer = parameters.normal_param.ask({"shape": _large(parameters), "device": None})
    initial.is_trainable(answer, ["normal_param"], initial.tensors_of(answer.value))


def check_normal_param_distribution(parameters):
    """The entries are a sample of N(0, 0.01²)."""
    answer, tensor = _normal(parameters)
    initial.is_normal(answer, "normal_param", [tensor])


def check_normal_param_columns(parameters):
    """No two columns or rows are alike: hidden units must start different."""
    answer, tensor = _normal(parameters)
    for axis, name in ((1, "columns"), (0, "rows")):
        if torch.unique(tensor.data, dim=axis).shape[axis] < tensor.shape[axis]:
            raise fail(f"alike_{name}", answer=answer)


def check_normal_param_fresh(parameters):
    """Two calls draw different numbers."""
    first, before = _normal(parameters)
    second, after = _normal(parameters)
    is_fresh(second, "normal_param", numbers_of(before), numbers_of(after))
    initial.is_normal(first, "normal_param", [before, after])


def check_normal_param_device(parameters):
    """The argument ``device`` is used."""
    initial.on_meta(parameters.normal_param, {"shape": (3, 4)}, ["normal_param"])


def check_zero_param_shape(parameters):
    """A vector of the size asked for."""
    for size in (7, 1, _large(parameters)[0]):
        _zero(parameters, size)


def check_zero_param_values(parameters):
    """Every entry is exactly zero."""
    for size in (5, 1, _large(parameters)[0]):
        answer, tensor = _zero(parameters, size)
        initial.is_zero(answer, ["zero_param"], [tensor])


def check_zero_param_trainable(parameters):
    """A leaf that requires a gradient, in float32, and zero."""
    answer, tensor = _zero(parameters, 5)
    initial.is_trainable(answer, ["zero_param"], [tensor])
    initial.is_zero(answer, ["zero_param"], [tensor])


def check_zero_param_fresh(parameters):
    """Each call makes a tensor of its own."""
    before, tensor = _zero(parameters, 6)
    answer, _ = _zero(parameters, 6)
    initial.is_zero(before, ["zero_param"], [tensor])
    initial.are_new(answer, before, ["zero_param"])


def check_zero_param_device(parameters):
    """The argument ``device`` is used."""
    answer, tensor = _zero(parameters, 4)
    initial.is_zero(answer, ["zero_param"], [tensor])
    initial.on_meta(parameters.zero_param, {"size": 4}, ["zero_param"])


def _gate(parameters: Exercise) -> tuple[Answer, list[Returned]]:
    sizes = drawn_sizes(parameters.submission.seed, GATE)
    answer = parameters.gate_params.ask({**sizes, "device": None})
    d, h = sizes.values()
    initial.has_shapes(answer, GATE_NAMES, [(d, h), (h, h), (h,)])
    return answer, initial.parameters_of(answer)


def _output(parameters: Exercise) -> tuple[Answer, list[Returned]]:
    sizes = drawn_sizes(parameters.submission.seed, OUTPUT)
    answer = parameters.output_params.ask({**sizes, "device": None})
    h, q = sizes.values()
    initial.has_shapes(answer, OUTPUT_NAMES, [(h, q), (q,)])
    return answer, initial.parameters_of(answer)


def check_gate_params_shape(parameters):
    """W_x (d, h), W_h (h, h), b (h,), in this order."""
    _gate(parameters)
    answer = parameters.gate_params.ask({"num_inputs": 3, "num_hiddens": 1, "device": None})
    initial.has_shapes(answer, GATE_NAMES, [(3, 1), (1, 1), (1,)])


def check_gate_params_trainable(parameters):
    """Three leaves that require gradients, in float32."""
    answer = parameters.gate_params.ask({**GATE, "device": None})
    initial.is_trainable(answer, GATE_NAMES, initial.parameters_of(answer))


def check_gate_params_distribution(parameters):
    """Both weights are samples of N(0, 0.01²)."""
    answer, (W_x, W_h, _) = _gate(parameters)
    initial.is_normal(answer, "W_x", [W_x])
    initial.is_normal(answer, "W_h", [W_h])


def check_gate_params_bias(parameters):
    """The bias is zero, the weights are not."""
    answer, (W_x, W_h, b) = _gate(parameters)
    initial.is_zero(answer, ["b"], [b])
    if not (W_x.data.any() and W_h.data.any()):
        raise fail("weights_zero", answer=answer)


def check_gate_params_fresh(parameters):
    """Each call draws new weights."""
    first, before = _gate(parameters)
    second, _ = _gate(parameters)
    initial.are_fresh(second, GATE_NAMES, before)
    initial.are_separate(first, GATE_NAMES, before)


def check_gate_params_device(parameters):
    """The argument ``device`` is used for all three."""
    initial.on_meta(parameters.gate_params, GATE, GATE_NAMES)


def check_output_params_shape(parameters):
    """W_hq (h, q), b_q (q,), in this order."""
    _output(parameters)
    answer = parameters.output_params.ask({"num_hiddens": 1, "num_outputs": 3, "device": None})
    initial.has_shapes(answer, OUTPUT_NAMES, [(1, 3), (3,)])


def check_output_params_trainable(parameters):
    """Two leaves that require gradients, in float32."""
    answer = parameters.output_params.ask({**OUTPUT, "device": None})
    initial.is_trainable(answer, OUTPUT_NAMES, initial.parameters_of(answer))


def check_output_params_distribution(parameters):
    """The weight is a sample of N(0, 0.01²)."""
    answer, (W_hq, _) = _output(parameters)
    initial.is_normal(answer, "W_hq", [W_hq])


def check_output_params_bias(parameters):
    """The bias is zero, the weight is not."""
    answer, (W_hq, b_q) = _output(parameters)
    initial.is_zero(answer, ["b_q"], [b_q])
    if not W_hq.data.any():
        raise fail("weights_zero", answer=answer)


def check_output_params_fresh(parameters):
    """Each call draws new weights."""
    _, before = _output(parameters)
    second, _ = _output(parameters)
    initial.are_fresh(second, OUTPUT_NAMES, before)


def check_output_params_device(parameters):
    """The argument ``device`` is used for both."""
    initial.on_meta(parameters.output_params, OUTPUT, OUTPUT_NAMES)
