"""Which known mistakes explain which checks: the rule, whatever it is that is compared.

A mistake *explains* a failing check if it gives the same answers as the submission to all that the
check asked, and the right version does not. It is *contradicted* if it differs from the submission
where a check was passed: what is right there would be wrong with this mistake.

The mistake that explains every failing check is named, on each of them. If there is none, one that
explains some of them is named on those alone, provided that it was seen in two questions or more,
and that no other explains one of them which it does not surpass. Mistakes that give the same
answers to everything are one: at most two of them are told, together.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from grader.exchanges import Exchange
from grader.findings import Diagnosis

TWINS = 2  # mistakes with the same answers that are told together; of more, none
SEEN = 2  # questions in which a mistake must show that explains some checks only

Candidate = TypeVar("Candidate")
Agrees = Callable[[int], bool | None]  # whether the same is replied to a question; None: unknown


@dataclasses.dataclass(frozen=True)
class Row:
    """A check, whether it failed, and what it provoked."""

    check: str
    failed: bool
    exchanges: Sequence[Exchange]


class Questions:
    """All questions of some checks, each once and in their order, and which check asked which."""

    def __init__(self, rows: Iterable[Row]) -> None:
        places: dict[int, tuple[tuple[int, int], Exchange]] = {}
        asked: dict[str, set[int]] = {}
        self.failed = [row.check for row in rows if row.failed]
        for row in rows:
            maker, counts = 0, True
            for exchange in row.exchanges:
                if not exchange.request.function.startswith("@"):
                    maker, counts = exchange.number, row.failed or _counts(exchange)
                if counts and (row.failed or _counts(exchange)):  # no module without its maker
                    places[id(exchange)] = ((maker, exchange.number), exchange)
                    asked.setdefault(row.check, set()).add(id(exchange))
        ordered = sorted(places.items(), key=lambda item: item[1][0])
        self.exchanges = [exchange for _, (_, exchange) in ordered]
        self.telling: dict[
            str, int
        ] = {}  # failed checks: where the right version replies otherwise
        self.order = list(range(len(ordered)))
        self.askers = [{check for check, own in asked.items() if key in own} for key, _ in ordered]

    def look(self, right: Agrees) -> None:
        """Find the questions in which the right version replies something else than was given.

        They are put first: there most known mistakes part from the submission.
        """
        failed = set(self.failed)
        asked = [number for number, askers in enumerate(self.askers) if askers & failed]
        telling = {number for number in asked if right(number) is False}
        for check in self.failed:
            count = sum(check in self.askers[number] for number in telling)
            if count:
                self.telling[check] = count
        places = {number: 1 for number in asked} | dict.fromkeys(telling, 0)
        self.order.sort(key=lambda number: self._cost(number, places.get(number, 2)))

    def _cost(self, number: int, place: int) -> tuple[int, bool, int]:
        """Sorts first what tells most for the least work; meta tensors take torch long to load."""
        exchange = self.exchanges[number]
        return (place, exchange.on_meta, exchange.size)

    def explained(self, agrees: Agrees, order: Sequence[int] | None = None) -> frozenset[str]:
        """The failed checks that are explained; none if there is a contradiction.

        Questions are compared until the answer is clear. An exception alone is thin evidence: where
        nothing but exceptions agree, all that failed has to be explained.

        Args:
            order: in which they are compared; the telling ones first if None.
        """
        left, shown, plain = set(self.telling), set(), set()
        failed = set(self.failed)
        for number in self.order if order is None else order:
            askers = self.askers[number]
            if not askers & left and askers <= failed:
                continue
            verdict = agrees(number)
            if verdict:
                shown |= askers
                plain |= askers if self.exchanges[number].response.error is None else set()
            elif verdict is False:
                left -= askers
                if not left or askers - failed:
                    return frozenset()
        found = left & shown
        return frozenset(found if found & plain or found == set(self.telling) else ())


def _counts(exchange: Exchange) -> bool:
    """Whether a question of a check that was passed tells anything: an exception was tolerated."""
    return exchange.response.error is None and not exchange.on_meta


@dataclasses.dataclass
class Fits(Generic[Candidate]):
    """A candidate with the checks that it explains."""

    candidate: Candidate
    checks: frozenset[str]


def named(
    questions: Questions,
    tiers: Iterable[Callable[[], Iterable[tuple[Candidate, frozenset[str]]]]],
) -> dict[str, list[Candidate]]:
    """The candidates to be named, by check.

    Args:
        tiers: makers of candidates, with what they explain; later ones are looked at if no earlier
            one explains all.
    """
    wrong = questions.telling
    found: list[Fits[Candidate]] = []
    for tier in tiers if wrong else ():
        found += [Fits(candidate, checks) for candidate, checks in tier() if checks]
        whole = [fit.candidate for fit in found if fit.checks == frozenset(wrong)]
        if whole:
            whole = _different(whole)
            return dict.fromkeys(wrong, whole) if len(whole) <= TWINS else {}
    return _partly(found, wrong)


def _partly(found: list[Fits[Candidate]], wrong: dict[str, int]) -> dict[str, list[Candidate]]:
    """For each check those that explain it, if nothing else does as well."""
    names: dict[str, list[Candidate]] = {}
    seen = [fit for fit in found if sum(wrong[check] for check in fit.checks) >= SEEN]
    for check in wrong:
        own = [fit for fit in seen if check in fit.checks]
        best = [fit for fit in own if all(other.checks <= fit.checks for other in own)]
        different = _different([fit.candidate for fit in best])
        if 0 < len(different) <= TWINS:
            names[check] = different
    return names


def _different(candidates: list[Any]) -> list[Any]:
    """Those with different texts: forms of one mistake have the same."""
    texts = {str(getattr(known, "text", known)): known for known in reversed(candidates)}
    return list(texts.values())[::-1]


def told(known: Sequence[Any]) -> Diagnosis:
    """One diagnosis of one known mistake, or of two that can't be told apart."""
    first, *others = known
    text, hint = dict(first.text), dict(first.hint)
    for other in others:
        text["en"] += f" Or, with the same effect: {other.text['en']}"
        text["zh"] += f"也可能是效果相同的另一种写法：{other.text['zh']}"
    return Diagnosis(first.id, text, hint, tuple(other.id for other in others))
