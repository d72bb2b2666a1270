"""Running a check's body over cases, and finding the smallest case that fails.

``over`` turns ``check_x(gru, case)`` into an ordinary pytest function without the case.
"""

import inspect
from collections.abc import Callable

from grader.checking import answers
from grader.checking.cases import BANK_SIZE, Case, CaseSpec, smallest_failure
from grader.findings import CheckStopped
from grader.submission import Exercise

EVIDENCE = 2  # further cases of a failing check, for the diagnosis
USUAL_REACH = 2  # of cases too large to be put to every known mistake


def over(
    spec: CaseSpec, count: int = BANK_SIZE, whole: bool | None = None
) -> Callable[[Callable], Callable]:
    """Decorator for a check ``check_<function>_<name>(exercise, case)``: run it for every case.

    ``count`` and ``whole`` choose the cases (``CaseSpec.bank``).
    """

    def decorate(body: Callable) -> Callable:
        fixture = next(iter(inspect.signature(body).parameters))

        def over_cases(exercise: Exercise) -> None:
            run_over(exercise, spec, lambda case: body(exercise, case), count, whole)

        over_cases.__doc__ = body.__doc__
        return taking(fixture, over_cases, body.__name__)

    return decorate


def taking(fixture: str, body: Callable[[Exercise], None], name: str) -> Callable:
    """``body`` as a pytest function called ``name`` that takes the fixture ``fixture``."""

    def check(**fixtures: Exercise) -> None:
        body(fixtures[fixture])

    parameter = inspect.Parameter(fixture, inspect.Parameter.KEYWORD_ONLY)
    check.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
    check.__name__ = check.__qualname__ = name
    check.__doc__ = body.__doc__
    return check


def run_over(
    exercise: Exercise,
    spec: CaseSpec,
    body: Callable[[Case], None],
    count: int = BANK_SIZE,
    whole: bool | None = None,
) -> None:
    """Call ``body`` for every case of the bank; stop with the smallest failure that is found.

    The smallest failing case of an earlier check is tried first: most faults show there too.

    Raises:
        CheckStopped: from the body.
    """
    seed = exercise.submission.seed
    known = exercise.hard_cases.get(spec.name)
    generic = spec.generic_case(spec.seed(seed))
    if not known:
        _try(body, generic)
    bank = spec.bank(seed, count, whole)
    evidence = [case for case in bank if case.reach < USUAL_REACH][-EVIDENCE:]
    for case in [known, *bank] if known else bank:
        try:
            body(case)
        except CheckStopped as stopped:
            if stopped.finding.status == "failed":
                for larger in evidence:  # what a small case shows, many mistakes show
                    _failure_of(body)(larger)
            _stop(exercise, spec, body, case, stopped, known)
    if answers.book().recording:
        for case in spec.ladder():  # what a wrong function may be asked, too
            _failure_of(body)(case)


def _try(body: Callable[[Case], None], case: Case) -> None:
    """Try one case before any other is drawn: for a stub or a hang that is enough.

    Raises:
        CheckStopped: if there is no use in going on.
    """
    try:
        body(case)
    except CheckStopped as stopped:
        if stopped.finding.status in ("not_started", "timeout") or stopped.finding.of_file:
            raise


def _stop(
    exercise: Exercise,
    spec: CaseSpec,
    body: Callable[[Case], None],
    case: Case,
    stopped: CheckStopped,
    known: Case | None,
) -> None:
    unshrinkable = stopped.finding.status in ("timeout", "not_started", "skipped")
    if unshrinkable or exercise.stopped or not exercise.submission.shrink:
        raise stopped
    if case is known:
        stopped.finding.minimal = True
        raise stopped
    best = smallest_failure(spec, spec.seed(exercise.submission.seed), _failure_of(body))
    if best is None or best[0].weight > case.weight or not isinstance(best[1], CheckStopped):
        raise stopped
    exercise.hard_cases[spec.name] = best[0]
    best[1].finding.minimal = True
    raise best[1]


def _failure_of(body: Callable[[Case], None]) -> Callable[[Case], CheckStopped | None]:
    def failure(case: Case) -> CheckStopped | None:
        try:
            body(case)
        except CheckStopped as stopped:
            return stopped if stopped.finding.status in ("failed", "error") else None
        except answers.NotRecorded:
            return None
        return None

    return failure
