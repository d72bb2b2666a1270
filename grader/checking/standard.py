"""The checks that every function takes: shape, values, precision, gradients, purity, device.

    check_shape, check_values, ... = standard(SUBJECTS)

gives pytest functions that are parametrised over the subjects, ``check_values[update_gate]``.
All of them look at the same answers.
"""

import dataclasses
from collections.abc import Callable, Sequence

import pytest
import torch

from grader.checking.cases import BANK_SIZE, Case
from grader.checking.comparison import agree, compare, kind_of, pairs, tolerance_for
from grader.checking.elsewhere import asked_elsewhere, device_finding
from grader.checking.running import USUAL_REACH, run_over
from grader.checking.subjects import Subject, SubjectUnderCheck, returned_tensors
from grader.findings import CheckStopped, fail
from grader.nested import tensors_in
from grader.sandbox.devices import CPU
from grader.sandbox.values import dtype_name
from grader.submission import Answer, Function, Submission

STANDARD = ("shape", "values", "precision", "gradients", "purity", "device")
COUNTS = {"precision": 1, "device": 2}  # cases, where a few show as much as many


def standard(subjects: Sequence[Subject]) -> list[Callable]:
    """The six checks as pytest functions, in the order of ``STANDARD``."""
    return [
        _parametrised(name, body, subjects) for name, body in zip(STANDARD, _BODIES, strict=True)
    ]


def _parametrised(name: str, body: Callable, subjects: Sequence[Subject]) -> Callable:
    chosen = [s for s in subjects if s.checks is None or name in s.checks]
    if name == "gradients":
        chosen = [s for s in chosen if s.differentiable]

    def check(subject: Subject, submission: Submission) -> None:
        under = subject.under(submission)
        exercise = under.function.exercise
        count, whole = COUNTS.get(name, BANK_SIZE), True if name == "precision" else None
        run_over(exercise, subject.spec, lambda case: body(under, case), count, whole)

    check.__doc__ = body.__doc__
    check.__name__ = check.__qualname__ = f"check_{name}"
    return pytest.mark.parametrize("subject", chosen, ids=str)(check)


def shape(under: SubjectUnderCheck, case: Case) -> None:
    """The result has the structure and the shapes of the reference's."""
    expected = under.subject.expected(case)
    pairs(under.answer(case, under.working_dtype()), expected)


def values(under: SubjectUnderCheck, case: Case) -> None:
    """The result equals the reference's: float64 to 1e-9, or float32 to 2e-5."""
    expected = under.subject.expected(case)
    agree(under.answer(case, under.working_dtype()), expected)


def precision(under: SubjectUnderCheck, case: Case) -> None:
    """float32 and float64 both work: right to that precision, in the inputs' dtype.

    Asked off the grid, where float16, bfloat16 and TF32 show, and in float64 float32; other checks
    ask on it. A recurrence of a usual size has a check of its values, and none here: T · n · q
    numbers are much to keep for a student's edition.
    """
    if case.reach == USUAL_REACH and "T" in case.sizes:
        return
    for dtype in (torch.float64, torch.float32):
        fine = under.subject.spec.fine(case, dtype)
        expected = under.subject.expected(fine)
        answer = under.answer(fine, dtype, gradients=False)
        pairs(answer, expected)
        for tensor in returned_tensors(answer.value):
            if tensor.node.dtype != dtype_name(dtype):
                names = {"returned_dtype": tensor.node.dtype, "expected_dtype": dtype_name(dtype)}
                raise fail("dtype", answer=answer, expected=expected, **names)
        narrow = dtype == torch.float32 and answer.device == CPU
        agree(answer, expected, under.subject.single if narrow else None, code="precision")


def gradients(under: SubjectUnderCheck, case: Case) -> None:
    """The gradients with respect to every floating argument equal the reference's."""
    expected, wanted = under.subject.expected(case), under.subject.expected_gradients(case)
    answer = under.answer(case, under.working_dtype())
    pairs(answer, expected)
    names = leaf_names(under.subject, case)
    if not any(gradient is not None for gradient in answer.gradients):
        raise fail("no_gradients", answer=answer, expected=expected)
    for name, gradient, want in zip(names, answer.gradients, wanted, strict=True):
        _agree_gradient(answer, name, gradient, want)


def _agree_gradient(answer: Answer, name: str, gradient, want: torch.Tensor | None) -> None:
    if gradient is None:
        if want is not None and bool(want.abs().max() > 1e-6):
            raise fail("gradient_missing", answer=answer, argument=name)
        return
    if want is None:
        want = torch.zeros(gradient.shape, dtype=torch.float64)
    part = f"∂/∂{name}"
    tolerance = tolerance_for(answer) * 10  # sums over T, n and h of values of order 1
    difference = compare(part, gradient, want, tolerance)
    if difference is not None:
        stopped = fail("gradient", answer=answer, argument=name)
        stopped.finding.returned, stopped.finding.expected = gradient, want
        stopped.finding.difference = difference
        raise stopped


def leaf_names(subject: Subject, case: Case) -> list[str]:
    """The names of the floating argument tensors, in order: X, inputs[2], params[3] (W_xr)."""
    names = []
    for name, value in case.arguments.items():
        tensors = list(tensors_in(value))
        if isinstance(value, torch.Tensor):
            names += [name] if value.is_floating_point() else []
            continue
        labels = subject.labels.get(name, ())
        for index, tensor in enumerate(tensors):
            label = f" ({labels[index % len(labels)]})" if labels else ""
            names += [f"{name}[{index}]{label}"] if tensor.is_floating_point() else []
    return names


def purity(under: SubjectUnderCheck, case: Case) -> None:
    """No argument changes, and the same arguments give the same answer later on."""
    dtype = under.working_dtype()
    first = under.answer(case, dtype)
    pairs(first, under.subject.expected(case))
    if first.mutated:
        raise fail("mutated", answer=first, arguments=", ".join(first.mutated))
    spec = under.subject.spec
    if case.sizes != under.generic_case.sizes:
        return
    under.ask(spec.generic_case(under.generic_case.seed + 1), dtype)
    again = under.ask(case, dtype, report_arguments=True)
    if again.mutated:  # compared here, whatever the worker says
        raise fail("mutated", answer=again, arguments=", ".join(again.mutated))
    before, after = returned_tensors(first.value), returned_tensors(again.value)
    same = len(before) == len(after) and all(
        old.shape == new.shape
        and (old.data is None or compare("", new, old.data, tolerance_for(again)) is None)
        for old, new in zip(before, after, strict=True)
    )
    if not same and not _never_finite(before):
        raise fail("memory", answer=again, expected=_plain(first.value))


def _never_finite(tensors: list) -> bool:
    """NaN differs from itself: what is wrong with it is for the values to say."""
    return any(t.data is not None and not bool(torch.isfinite(t.data).all()) for t in tensors)


def _plain(value):
    found = returned_tensors(value)
    return found[0].data if len(found) == 1 else [tensor.data for tensor in found]


def device(under: SubjectUnderCheck, case: Case) -> None:
    """Tensors on a device give a result there: no device is written into the code.

    The device is the accelerator, or ``meta`` where there is none.
    """
    expected = under.subject.expected(case)
    dtype = under.working_dtype()
    answer = under.answer(case, dtype)  # what fails on the CPU too is another check's business
    place = under.function.probe
    if place == "meta":
        answer = asked_elsewhere(place, lambda where: under.answer(case, dtype, where))
    works_there(under.function)
    pairs(answer, expected)
    for tensor in returned_tensors(answer.value):
        if tensor.node.device != place:
            raise fail("device", answer=answer, device=tensor.node.device, asked=place)
    if not returned_tensors(answer.value):
        raise fail("device", answer=answer, device=kind_of(answer.value), asked=place)


def works_there(function: Function) -> None:
    """The function has not been asked on the CPU because it failed on the accelerator.

    Raises:
        CheckStopped: with what it raised there.
    """
    if function.off_device:
        raised = dataclasses.replace(function.off_device, fields={**function.off_device.fields})
        raise device_finding(CheckStopped(raised), function.probe)


_BODIES = (shape, values, precision, gradients, purity, device)
