"""Properties that need no reference: what must hold for any right answer, and localises a fault.

Each of them also asks for something that a constant answer can't give.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch

from grader.checking.cases import Case, Fill
from grader.checking.comparison import agree, compare, numbers_of, pairs, tolerance_for
from grader.checking.running import run_over
from grader.checking.subjects import Subject, SubjectUnderCheck
from grader.findings import CheckStopped, fail
from grader.submission import Answer, Submission

GENERIC = 2  # the two cases whose sizes all differ
CHANGED = 1e-7  # relative: less than this counts as "did not change"


def parametrised(body: Callable, subjects: Sequence[Subject], count: int = GENERIC) -> Callable:
    """A pytest check ``check_<body>[function]`` that runs ``body(under, case)`` over cases."""

    def check(subject: Subject, submission: Submission) -> None:
        under = subject.under(submission)
        run_over(under.function.exercise, subject.spec, lambda case: body(under, case), count)

    check.__doc__ = body.__doc__
    check.__name__ = check.__qualname__ = f"check_{body.__name__}"
    return pytest.mark.parametrize("subject", subjects, ids=str)(check)


def tensors(under: SubjectUnderCheck, case: Case, answer: Answer) -> list[torch.Tensor]:
    """The matrices of an answer in the reference's order, in float64."""
    form = under.subject.form(case)
    return [numbers_of(actual) for _, actual, _ in pairs(answer, form)]


def ask(under: SubjectUnderCheck, case: Case, **changes: Any) -> tuple[Answer, list[torch.Tensor]]:
    """The answer for a case with some arguments replaced, and its matrices."""
    dtype = under.working_dtype()
    if not changes:
        answer = under.answer(case, dtype)
        return answer, tensors(under, case, answer)
    changed = case.replace(**changes)
    answer = under.ask(changed, dtype)
    return answer, tensors(under, changed, answer)


def differ(left: list[torch.Tensor], right: list[torch.Tensor]) -> bool:
    """Whether two lists of matrices differ by more than rounding."""
    return any(
        not torch.allclose(a, b, rtol=CHANGED, atol=CHANGED)
        for a, b in zip(left, right, strict=True)
    )


def varied(case: Case, name: str, index: int = 0) -> Any:
    """Another value for an argument: a different tensor, or one item of a sequence changed."""
    fill, value = Fill(case.seed + 1 + index), case[name]
    if isinstance(value, torch.Tensor):
        return value + 0.5 + fill(*value.shape).abs()
    items = list(value)
    items[index] = items[index] + 0.5 + fill(*items[index].shape).abs()
    return type(value)(items) if isinstance(value, (list, tuple)) else items


def dependence(under: SubjectUnderCheck, case: Case) -> None:
    """Every argument matters: changing one alone changes the result."""
    answer, before = ask(under, case)
    for name, value in case.arguments.items():
        many = not isinstance(value, torch.Tensor)
        for index in range(len(value) if many else 1):
            _, after = ask(under, case, **{name: varied(case, name, index)})
            if not differ(before, after):
                labels = under.subject.labels.get(name, ())
                part = f"{name}[{index}]" if many else name
                label = labels[index % len(labels)] if labels else part
                raise fail("no_dependence", answer=answer, argument=label)


def sequences(under: SubjectUnderCheck, case: Case) -> None:
    """The inputs may come as a list, a tuple or one tensor (T, n, d)."""
    expected = under.subject.expected(case)
    forms = (tuple(case["inputs"]), torch.stack(list(case["inputs"])))
    stopped: CheckStopped | None = None
    for form in (None, *forms):  # all of them, for what is right in one of them is told by that
        try:
            agree(_in_form(under, case, form), expected)
        except CheckStopped as error:
            stopped = stopped or error
            if error.finding.status in ("not_started", "timeout"):
                break
    if stopped is not None:
        raise stopped


def _in_form(under: SubjectUnderCheck, case: Case, form: Any) -> Answer:
    """The answer with the inputs in a form; None is the usual one, which is remembered."""
    dtype = under.working_dtype()
    if form is None:
        return under.answer(case, dtype)
    return under.ask(case.replace(inputs=form), dtype)


def split(under: SubjectUnderCheck, case: Case) -> None:
    """T steps at once equal the first steps, then the rest from the state they returned."""
    if len(case["inputs"]) < 2:
        return
    whole_answer, whole = ask(under, case)
    inputs, states = list(case["inputs"]), len(case["state"])
    if not differ(whole[:1], whole[1:2]) or not differ(whole[-states:], list(case["state"])):
        raise fail("constant", answer=whole_answer)
    cut = len(inputs) // 2
    _, first = ask(under, case, inputs=inputs[:cut])
    state = tuple(first[cut:])
    last_answer, rest = ask(under, case, inputs=inputs[cut:], state=state)
    _agree_all(last_answer, rest, whole[cut:], "split")


def causality(under: SubjectUnderCheck, case: Case) -> None:
    """An input changes the outputs from its own step on, and none before."""
    _, before = ask(under, case)
    steps = len(case["inputs"])
    for step in range(steps):
        answer, after = ask(under, case, inputs=varied(case, "inputs", step))
        for earlier in range(step):
            if differ(before[earlier : earlier + 1], after[earlier : earlier + 1]):
                raise fail("sees_the_future", answer=answer, step=step + 1, earlier=earlier + 1)
        if not differ(before[step : step + 1], after[step : step + 1]):
            raise fail("ignores_its_input", answer=answer, step=step + 1)
        if not differ(before[-1:], after[-1:]):
            raise fail("forgets_its_input", answer=answer, step=step + 1)


def batch(under: SubjectUnderCheck, case: Case) -> None:
    """Each sample is computed by itself: reordering the samples reorders the results."""
    if case.sizes["n"] < 2:
        return
    answer, whole = ask(under, case)
    order = torch.tensor([1, 0, *range(2, case.sizes["n"])])
    swapped = {
        name: type(case[name])(tensor[order] for tensor in case[name])
        for name in ("inputs", "state")
    }
    if not differ(whole, [matrix[order] for matrix in whole]):
        raise fail("constant", answer=answer)
    other, permuted = ask(under, case, **swapped)
    _agree_all(other, permuted, [matrix[order] for matrix in whole], "batch")
    alone = {
        name: type(case[name])(tensor[:1] for tensor in case[name]) for name in ("inputs", "state")
    }
    single, row = ask(under, case, **alone)
    _agree_all(single, row, [matrix[:1] for matrix in whole], "batch")


def readout(under: SubjectUnderCheck, case: Case) -> None:
    """The last output is the last hidden state times W_hq plus b_q."""
    answer, matrices = ask(under, case)
    steps = len(case["inputs"])
    W_hq, b_q = list(case["params"])[-2:]
    hidden = torch.cat(matrices[steps : steps + len(case["state"])][:1], dim=1)
    _agree_all(answer, matrices[steps - 1 : steps], [hidden @ W_hq + b_q], "readout")


def _agree_all(
    answer: Answer, actual: list[torch.Tensor], wanted: list[torch.Tensor], code: str
) -> None:
    """Compare two lists of matrices of one answer; stop with ``code`` at the first difference."""
    for left, right in zip(actual, wanted, strict=True):
        agree_tensor(answer, left, right, code)


def agree_tensor(answer: Answer, actual: torch.Tensor, wanted: torch.Tensor, code: str) -> None:
    """Stop with ``code`` where a matrix computed from an answer is not what it must be."""
    tolerance = tolerance_for(answer) * 10
    difference = compare("", _Plain(actual), wanted, tolerance)  # type: ignore[arg-type]
    if difference is not None:
        stopped = fail(code, answer=answer)
        stopped.finding.returned, stopped.finding.expected = actual, wanted
        stopped.finding.difference = difference
        raise stopped


class _Plain:
    """A tensor where ``compare`` wants one that came back from a worker."""

    def __init__(self, data: torch.Tensor) -> None:
        self.data = data


LOOP = (dependence, sequences, split, causality, batch, readout)


def loop_checks(subjects: Sequence[Subject]) -> list[Callable]:
    """The checks in ``LOOP`` for functions ``(inputs, state, params) -> (outputs, state)``."""
    return [parametrised(body, subjects) for body in LOOP]
