"""The checks of kind "cost" that recurrent networks share: growth, waits, budget, products."""

from collections.abc import Callable, Sequence

import pytest

from grader.checking import answers
from grader.checking.cost import (
    LARGER_BATCH,
    LONGER,
    LONGEST,
    SIZES,
    WIDER,
    Cost,
    cost_of,
    reference_cost,
)
from grader.checking.subjects import Subject, SubjectUnderCheck
from grader.findings import fail
from grader.submission import Submission

UNEVEN = 1.1  # times the growth from T to 2 T that 2 T to 4 T may show
SPARE = 4  # operations that may be made on top, whatever the sizes are
BUDGET = {  # what may be spent, times the reference's
    "operations": ("cost_operations", 4.0),
    "flops": ("cost_flops", 1.5),
    "bytes": ("cost_bytes", 10.0),
    "nodes": ("cost_nodes", 8.0),
}
LEAST_FLOPS = 0.75  # times the reference's: below, products are made of something else


def growth(under: SubjectUnderCheck) -> None:
    """Operations grow with the steps, evenly, and with no other size."""
    base, wide = cost_of(under, SIZES), cost_of(under, WIDER)
    if answers.book().recording:
        cost_of(under, LARGER_BATCH)  # what is asked for where this fails
    if wide.operations > base.operations + SPARE:
        batch = cost_of(under, LARGER_BATCH).operations
        code = "cost_batch" if batch > base.operations + SPARE else "cost_units"
        count, enough = wide.operations, reference_cost(under.subject, WIDER).operations
        raise fail(code, count=f"{count:,}", enough=f"{enough:,}", **_sizes(WIDER))
    longer, longest = cost_of(under, LONGER), cost_of(under, LONGEST)
    even = 2 * (longer.operations - base.operations) * UNEVEN + SPARE
    grown = longest.operations - longer.operations
    if grown > even:
        counts = [cost.operations for cost in (base, longer, longest)]
        names = {"steps": [sizes["T"] for sizes in (SIZES, LONGER, LONGEST)], "counts": counts}
        raise fail("cost_steps", **_listed(names))


def waits(under: SubjectUnderCheck) -> None:
    """No number is read inside the loop: on an accelerator the program would wait for it."""
    base, longer = cost_of(under, SIZES), cost_of(under, LONGER)
    if longer.waits > base.waits:
        raise fail("cost_waits", count=longer.waits, steps=LONGER["T"])


def budget(under: SubjectUnderCheck) -> None:
    """Operations, products' work, memory and graph stay near the reference's."""
    cost, reference = cost_of(under, WIDER), reference_cost(under.subject, WIDER)
    for measure, (code, factor) in BUDGET.items():
        enough = getattr(reference, measure)
        _no_more(under, WIDER, code, getattr(cost, measure), enough, factor)


def products(most: int) -> Callable[[SubjectUnderCheck], None]:
    """A check that a step takes at most so many matrix products, and that they are products."""

    def products(under: SubjectUnderCheck) -> None:
        """At most so many matrix products a time step."""
        # without torch's own layers: a list of operations could give them other names
        costs = [cost_of(under, sizes, ("layers",)) for sizes in (SIZES, LONGER, LONGEST)]
        if costs[0].ready_made:
            raise fail("cost_ready_made")
        for cost, sizes in zip(costs, (SIZES, LONGER, LONGEST), strict=True):
            least = reference_cost(under.subject, sizes).flops * LEAST_FLOPS
            if cost.flops < least:
                names = {"flops": f"{cost.flops:,}", "enough": f"{int(least):,}"}
                raise fail("cost_no_products", **names)
        steps = LONGER["T"] - SIZES["T"]
        for shorter, longer in zip(costs, costs[1:], strict=False):
            grown = longer.products - shorter.products
            if grown > most * steps:
                each = f"{grown / steps:.3g}"
                raise fail("cost_products", each=each, most=most, count=costs[-1].products)
            steps *= 2

    return products


def cost_checks(subjects: Sequence[Subject]) -> list[Callable]:
    """The checks ``growth``, ``waits`` and ``budget`` for ``(inputs, state, params)`` functions."""
    return [over_subjects(body, subjects) for body in (growth, waits, budget)]


def over_subjects(body: Callable, subjects: Sequence[Subject]) -> Callable:
    """``body(under)`` as a pytest check that is parametrised over the subjects."""

    def check(subject: Subject, submission: Submission) -> None:
        body(subject.under(submission))

    check.__doc__ = body.__doc__
    check.__name__ = check.__qualname__ = f"check_{body.__name__}"
    return pytest.mark.parametrize("subject", subjects, ids=str)(check)


def _no_more(
    under: SubjectUnderCheck,
    sizes: dict[str, int],
    code: str,
    count: int,
    enough: int,
    factor: float,
) -> None:
    if count > enough * factor:
        names = {"count": f"{count:,}", "enough": f"{enough:,}", "factor": f"{factor:g}"}
        raise fail(code, **names, **_sizes(sizes))


def _sizes(sizes: dict[str, int]) -> dict[str, str]:
    return {"sizes": ", ".join(f"{letter} = {size}" for letter, size in sizes.items())}


def _listed(values: dict[str, list[int]]) -> dict[str, str]:
    return {
        name: ", ".join(f"{number:,}" for number in numbers) for name, numbers in values.items()
    }


__all__ = ["Cost", "budget", "cost_checks", "growth", "over_subjects", "products", "waits"]
