"""Which known mistake a wrong function is: its answers are compared with each misconception's.

The submission's answers come from the run itself: a function remembers the first questions that it
was asked, and what came back. Each misconception is asked the same questions here, on the trusted
side (``replay.py``). If exactly one gives the same answers to all of them, in values, gradients,
changes of arguments and exceptions, it is the diagnosis; if none does, two of them at a time are
tried where that is cheap. A wrong name would be worse than none, so everything else is none.
"""

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from grader import misconceptions
from grader.checking import pairs
from grader.checking.replay import Replay, Reply, reply_to
from grader.exchanges import Exchange
from grader.findings import Diagnosis


def diagnose(exercise: str, function: str, exchanges: list[Exchange]) -> Diagnosis | None:
    """The known mistake, or the two, that explain all answers of a function.

    None if there is no such mistake, or more than one.

    Args:
        exchanges: questions that the submission's function was asked, with its answers.
    """
    if not exchanges:
        return None
    with contextlib.suppress(Exception):  # an answer that can't even be read is no known mistake
        given = [reply_to(exchange) for exchange in exchanges]
        if _explains(misconceptions.solution(exercise, function), exchanges, given):
            return None  # wrong elsewhere than in these questions
        known = misconceptions.misconceptions(exercise, function)
        fitting = _fitting(known, exchanges, given)
        if not fitting:
            fitting = _fitting(pairs.pairs(exercise, function), exchanges, given)
        if len(fitting) == 1:
            return Diagnosis(fitting[0].id, dict(fitting[0].text), dict(fitting[0].hint))
    return None


def _fitting(known: Iterable[Any], exchanges: list[Exchange], given: list[Reply]) -> list[Any]:
    return [mistake for mistake in known if _explains(mistake.call, exchanges, given)]


def _explains(function: Callable, exchanges: list[Exchange], given: list[Reply]) -> bool:
    replay = Replay(function)
    with contextlib.suppress(KeyError):
        return all(
            replay.ask(exchange).equals(mine)
            for exchange, mine in zip(exchanges, given, strict=True)
        )
    return False
