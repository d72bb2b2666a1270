"""Checks of parameters and first states: what a sample from a distribution can show."""

import math
from collections.abc import Sequence

import torch

from grader.checking import memory
from grader.checking.comparison import has_data, kind_of, numbers_of
from grader.checking.elsewhere import asked_elsewhere
from grader.checking.samples import SIGMAS, STD, in_band, is_fresh, looks_drawn, same_draw
from grader.findings import fail
from grader.sandbox import devices
from grader.sandbox.values import Opaque
from grader.submission import Answer, Function, Returned


def parameters_of(answer: Answer) -> list[Returned]:
    """The tensors of a result that is any sequence of parameters.

    Raises:
        CheckStopped: if it is not.
    """
    if not isinstance(answer.value, (list, tuple)):
        raise fail("not_a_sequence", answer=answer, part="", kind=kind_of(answer.value))
    for index, item in enumerate(answer.value):
        if not isinstance(item, Returned):
            raise fail("not_a_tensor", answer=answer, part=f"params[{index}]", kind=kind_of(item))
        has_data(answer, f"params[{index}]", item)
    return list(answer.value)


def has_shapes(answer: Answer, names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> None:
    """The parameters are as many as ``names``, in that order, with these shapes.

    Raises:
        CheckStopped: naming the first that differs.
    """
    found = parameters_of(answer)
    if len(found) != len(shapes):
        raise fail(
            "parameter_count",
            answer=answer,
            returned_length=len(found),
            expected_length=len(shapes),
            names=", ".join(names),
        )
    for name, tensor, shape in zip(names, found, shapes, strict=True):
        if tensor.shape != tuple(shape):
            raise fail(
                "parameter_shape",
                answer=answer,
                name=name,
                returned_shape=tensor.shape,
                expected_shape=tuple(shape),
            )


def is_trainable(answer: Answer, names: Sequence[str], found: Sequence[Returned]) -> None:
    """Leaves that require gradients, in float32.

    Raises:
        CheckStopped: naming the first parameter that is not.
    """
    for name, tensor in zip(names, found, strict=False):
        if not tensor.node.requires_grad:
            raise fail("not_trainable", answer=answer, name=name)
        if not tensor.node.is_leaf:
            raise fail("not_a_leaf", answer=answer, name=name)
        if tensor.node.dtype != "float32":
            raise fail(
                "dtype",
                answer=answer,
                part=name,
                returned_dtype=tensor.node.dtype,
                expected_dtype="float32",
            )


def is_normal(answer: Answer, name: str, tensors: Sequence[Returned]) -> None:
    """The entries of ``tensors`` together look like a sample of N(0, 0.01²), no two columns alike.

    Raises:
        CheckStopped: with the statistic that is off, its value and its band.
    """
    sample = torch.cat([numbers_of(tensor).reshape(-1) for tensor in tensors])
    if not bool(torch.isfinite(sample).all()):
        raise fail("not_finite", answer=answer, name=name)
    count = sample.numel()
    mean, std = float(sample.mean()), float(sample.std())
    in_band(answer, name, "std", std, STD, SIGMAS * STD / math.sqrt(2 * count))
    in_band(answer, name, "mean", mean, 0.0, SIGMAS * STD / math.sqrt(count))
    kurtosis = float(((sample - mean) ** 4).mean() / std**4)
    in_band(answer, name, "kurtosis", kurtosis, 3.0, SIGMAS * math.sqrt(24 / count) * 1.5)
    if len(torch.unique(sample)) < 0.99 * count:
        raise fail("repeated_values", answer=answer, name=name)
    looks_drawn(answer, name, [numbers_of(tensor) for tensor in tensors])


def is_zero(answer: Answer, names: Sequence[str], tensors: Sequence[Returned]) -> None:
    """Every entry is exactly 0.

    Raises:
        CheckStopped: naming the first tensor with another entry.
    """
    for name, tensor in zip(names, tensors, strict=True):
        numbers = numbers_of(tensor)
        off = numbers.ne(0).nonzero()
        if len(off):
            index = tuple(off[0].tolist())
            raise fail("not_zero", answer=answer, name=name, value=numbers[index].item())


def are_separate(answer: Answer, names: Sequence[str], tensors: Sequence[Returned]) -> None:
    """No two tensors have bytes in common, and no two weights have the same values.

    Raises:
        CheckStopped: naming the first two that do.
    """
    for index, owner in enumerate(memory.owners(tensors[: len(names)])):
        if owner != index:
            raise fail("shared_storage", answer=answer, name=names[index], other=names[owner])
    known: list[tuple[str, torch.Tensor]] = []
    for name, tensor in zip(names, tensors, strict=False):
        data = numbers_of(tensor)
        for other, values in known:
            if values.shape == data.shape and data.any() and same_draw(values, data):
                raise fail("same_values", answer=answer, name=name, other=other)
        known.append((name, data))


def are_fresh(answer: Answer, names: Sequence[str], before: Sequence[Returned]) -> None:
    """A call drew other numbers for its weights than the call before it.

    Args:
        names: of all parameters; weights begin with W.
        before: the parameters of the earlier call.

    Raises:
        CheckStopped: naming the first weight that came out the same.
    """
    for name, old, new in zip(names, before, parameters_of(answer), strict=False):
        if name.startswith("W"):
            is_fresh(answer, name, numbers_of(old), numbers_of(new))


def are_new(answer: Answer, before: Answer, names: Sequence[str]) -> None:
    """A call returns tensors of its own, not those of the call before.

    Raises:
        CheckStopped: naming the first tensor that came twice.
    """
    new = tensors_of(answer.value)[: len(names)]
    for index in memory.shared_with(new, tensors_of(before.value)):
        raise fail("shared_between_calls", answer=answer, name=names[index])


def tensors_of(value: object) -> list[Returned]:
    """The tensors of a result: itself, or the items of a sequence."""
    if isinstance(value, Returned):
        return [value]
    return [v for v in value if isinstance(v, Returned)] if isinstance(value, (list, tuple)) else []


def on_meta(function: Function, arguments: dict, names: Sequence[str]) -> None:
    """With ``device=meta`` everything that comes back is on meta: the argument is used.

    On an accelerator the same with that.

    Raises:
        CheckStopped: naming the first tensor that is elsewhere.
    """
    place = function.probe
    answer = asked_elsewhere(place, lambda where: _asked_for(function, arguments, where))
    found = tensors_of(answer.value)
    if not found:
        kind = answer.value.type_name if isinstance(answer.value, Opaque) else kind_of(answer.value)
        raise fail("not_a_tensor", answer=answer, part="", kind=kind)
    for name, tensor in zip(names, found, strict=False):
        if tensor.node.device != place:
            fields = {"name": name, "device": tensor.node.device, "asked": place}
            raise fail("device_argument", answer=answer, **fields)


def _asked_for(function: Function, arguments: dict, place: str, take: int = 0) -> Answer:
    """Ask for tensors on a device; the arguments themselves are on the CPU."""
    mirrored = place == devices.MIRROR
    given = {**arguments, "device": torch.device("meta" if mirrored else place)}
    return function.ask(given, take=take, place=place if mirrored else devices.CPU)


def batches_on_meta(function: Function, arguments: dict) -> None:
    """With ``device=meta`` every X and Y of an iterator is on meta; or on the accelerator.

    Raises:
        CheckStopped: naming the first that is elsewhere.
    """
    place = function.probe
    answer = asked_elsewhere(place, lambda where: _asked_for(function, arguments, where, take=100))
    for number, pair in enumerate(answer.value if isinstance(answer.value, (list, tuple)) else []):
        for name, tensor in zip("XY", tensors_of(pair), strict=False):
            if tensor.node.device != place:
                part = f"{name} of batch {number}"
                fields = {"name": part, "device": tensor.node.device, "asked": place}
                raise fail("device_argument", answer=answer, **fields)
