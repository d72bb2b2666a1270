"""What of a wrong function is right, where no known mistake explains it.

From the checks that passed, and from a few more questions: with one argument zero at a time, with
a single step, with a single sample. If the values are right as soon as H is zero, what is wrong
stands where H does. Where the values are right and the gradients are not, each argument's is looked
at.
"""

from collections.abc import Iterator, Sequence

import torch

from grader.catalog import Check
from grader.checking.cases import Case
from grader.checking.comparison import agree, compare, tolerance_for
from grader.checking.scoring import Outcome
from grader.checking.standard import leaf_names
from grader.checking.subjects import SubjectUnderCheck
from grader.findings import CheckStopped, Standing
from grader.nested import tensors_in
from grader.submission import Answer

PARTS_ZEROED = 16  # arguments and parameters of a function
TELLING = ("shape", "value", "property", "gradient", "statistics", "training")


def standing(under: SubjectUnderCheck, outcomes: Sequence[Outcome]) -> Standing:
    """What is right of a function that has lost points.

    Args:
        outcomes: those of its checks.
    """
    found = Standing([_title(o.check) for o in outcomes if _says_something(o)])
    try:
        case = under.generic_case
        dtype = under.working_dtype()
        answer = under.answer(case, dtype)
        if _is_right(under, case, dtype):
            found.gradients = _gradients(under, case, answer)
        else:
            simpler = circumstances(under)
            found.where = [
                where
                for where, each in simpler
                if not _says_nothing(under, case, each) and _is_right(under, each, dtype)
            ]
    except CheckStopped:
        pass  # it raises or hangs: that is what the report says already
    return found


def _says_something(outcome: Outcome) -> bool:
    minor = outcome.check.name in ("precision", "device", "purity")
    return outcome.status == "passed" and outcome.check.kind in TELLING and not minor


def _title(check: Check) -> dict[str, str]:
    return dict(check.title)


def _says_nothing(under: SubjectUnderCheck, case: Case, simpler: Case) -> bool:
    """Whether a simpler case has a result that is the same everywhere, such as zero.

    Then it tells nothing of how the result is made: a gradient is zero where that from outside is.
    """
    here = tensors_in(under.subject.expected(simpler))
    varied = any(_varies(tensor) for tensor in tensors_in(under.subject.expected(case)))
    return varied and not any(_varies(tensor) for tensor in here)


def _varies(tensor: torch.Tensor) -> bool:
    return tensor.numel() > 1 and bool((tensor.max() - tensor.min()) > 1e-9)


def _is_right(under: SubjectUnderCheck, case: Case, dtype: torch.dtype) -> bool:
    try:
        agree(under.ask(case, dtype), under.subject.expected(case))
    except CheckStopped:
        return False
    return True


def circumstances(under: SubjectUnderCheck) -> Iterator[tuple[str, Case]]:
    """Simpler cases than the generic one: "H = 0", "T = 1", "n = 1"."""
    case = under.generic_case
    for letter in ("T", "n"):
        if letter in case.sizes:
            yield f"{letter} = 1", under.subject.spec.case_of({**case.sizes, letter: 1}, case.seed)
    for label, zeroed in list(_zeroed(under, case))[:PARTS_ZEROED]:
        yield f"{label} = 0", zeroed


def _zeroed(under: SubjectUnderCheck, case: Case) -> Iterator[tuple[str, Case]]:
    """The case with one floating argument, or one item of a sequence of them, set to zero."""
    for name, value in case.arguments.items():
        if isinstance(value, torch.Tensor):
            if value.is_floating_point():
                yield name, case.replace(**{name: torch.zeros_like(value)})
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], torch.Tensor):
            labels = under.subject.labels.get(name, ())
            if not labels:
                yield name, case.replace(**{name: type(value)(torch.zeros_like(v) for v in value)})
            for index, label in enumerate(labels[: len(value)]):
                items = list(value)
                items[index] = torch.zeros_like(items[index])
                yield label, case.replace(**{name: type(value)(items)})


def _gradients(
    under: SubjectUnderCheck, case: Case, answer: Answer
) -> tuple[list[str], list[str]] | None:
    """The arguments whose gradients are right, and those whose are not."""
    if not under.subject.differentiable or not answer.gradients:
        return None
    wanted = under.subject.expected_gradients(case)
    right: list[str] = []
    wrong: list[str] = []
    for name, gradient, want in zip(
        leaf_names(under.subject, case), answer.gradients, wanted, strict=True
    ):
        if gradient is None or want is None:
            same = want is None or not bool(want.abs().max() > 1e-6)
        else:
            same = compare("", gradient, want, tolerance_for(answer) * 10) is None
        (right if same else wrong).append(name)
    return (right, wrong) if wrong else None
