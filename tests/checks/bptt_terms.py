"""Which term is missing in a gradient that was worked out by hand.

Each variant below is the right computation with one term left out. If the wrong part of an answer
is what exactly one of them gives, on two cases, the term's name is part of the message.
"""

from grader.checking import answers
from grader.checking.cases import Case
from grader.checking.comparison import compare, tolerance_for
from grader.checking.subjects import SubjectUnderCheck, returned_tensors
from grader.findings import CheckStopped

reference = answers.reference("tests.checks.reference_bptt")
RNN = (
    *("without_slope", "without_carried", "without_outside"),
    *("without_sum_first", "without_sum_last"),
)
GRU = (
    *("without_direct_path", "without_candidate_path", "without_reset_path"),
    *("without_update_path", "without_slope", "without_gate_slope", "without_tanh_slope"),
)


def learn(case: Case, variants: tuple[str, ...]) -> None:
    """Ask every variant, so that a release records what ``missing`` may want."""
    for name in variants:
        _variant(variants, name, case)


def _variant(variants: tuple[str, ...], name: str, case: Case) -> tuple:
    ask = reference.rnn_variant if variants is RNN else reference.gru_variant
    return ask(name, *case.arguments.values())


def missing(
    under: SubjectUnderCheck, case: Case, number: int, variants: tuple[str, ...]
) -> str | None:
    """The code of the one term without which part ``number`` comes out as the submission's.

    Part by part, so that two missing terms are each found where they show alone. None if no variant
    fits, or if several do that differ.
    """
    generic = under.generic_case
    cases = [case, generic, under.subject.spec.generic_case(generic.seed + 1)]
    fitting = set(variants)
    for each in cases:
        try:
            answer = under.answer(each, under.working_dtype())
        except CheckStopped:
            return None
        value = answer.value
        if not isinstance(value, (list, tuple)) or len(value) <= number:
            return None
        found = returned_tensors(value[number])
        tolerance = tolerance_for(answer) * 10
        for name in list(fitting):
            wanted = _variant(variants, name, each)[number]
            wanted = wanted if isinstance(wanted, list) else [wanted]
            same = len(found) == len(wanted) and all(
                left.shape == tuple(right.shape) and compare("", left, right, tolerance) is None
                for left, right in zip(found, wanted, strict=True)
            )
            if not same:
                fitting.discard(name)
    return fitting.pop() if len(fitting) == 1 else None
