"""Which known mistake a wrong function is: its answers are compared with each misconception's.

The submission's answers come from the run itself: a function remembers the first questions that it
was asked, and what came back. Each misconception is asked the same questions here, on the trusted
side (``replay.py``). If exactly one gives the same answers to all of them, in values, gradients,
changes of arguments and exceptions, it is the diagnosis; if none does, two of them at a time are
tried where that is cheap. A wrong name would be worse than none, so everything else is none.
"""

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader import misconceptions
from grader.checking import pairs
from grader.checking.replay import Replay, Reply, reply_to
from grader.exchanges import Exchange
from grader.findings import Diagnosis
from grader.sandbox import wire

REPLIES_KEPT = 60_000  # of known mistakes: many submissions are asked the same


def diagnose(exercise: str, function: str, exchanges: list[Exchange]) -> Diagnosis | None:
    """The known mistake, or the two, that explain all answers of a function.

    None if there is no such mistake, or more than one.

    Args:
        exchanges: questions that the submission's function was asked, with its answers.
    """
    if not exchanges:
        return None
    with contextlib.suppress(Exception):  # an answer that can't even be read is no known mistake
        asked = _Asked(exchanges)
        key = f"{exercise}.{function}"
        if asked.explained_by(key, lambda: misconceptions.solution(exercise, function)):
            return None  # wrong elsewhere than in these questions
        fitting = asked.fitting(misconceptions.misconceptions(exercise, function))
        if not fitting:
            fitting = asked.fitting(pairs.pairs(exercise, function))
        if len(fitting) == 1:
            return Diagnosis(fitting[0].id, dict(fitting[0].text), dict(fitting[0].hint))
    return None


class _Asked:
    """The questions of one run, what the submission replied, and who else would reply that."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        self.given = [reply_to(exchange) for exchange in exchanges]
        self.keys = _keys(exchanges)

    def fitting(self, known: Iterable[Any]) -> list[Any]:
        """Those of the known mistakes that give all the same replies."""
        return [m for m in known if self.explained_by(m.id, functools.partial(_called, m))]

    def explained_by(self, name: str, make: Callable[[], Callable]) -> bool:
        """Whether a trusted function, which ``make`` makes anew, gives all the same replies."""
        return all(
            reply is not None and reply.equals(mine)
            for reply, mine in zip(self.replies(name, make), self.given, strict=True)
        )

    def replies(self, name: str, make: Callable[[], Callable]) -> Iterator[Reply | None]:
        """What a trusted function replies; None where it is asked about a module it did not make.

        Replies of a function called ``name`` are remembered.
        """
        replay: Replay | None = None
        for number, key in enumerate(self.keys):
            reply = _replies.get((name, key)) if key else None
            if reply is None:
                if replay is None:
                    replay = Replay(make())
                    for earlier in self.exchanges[:number]:  # it may remember what it was asked
                        replay.ask(earlier)
                with contextlib.suppress(KeyError):
                    reply = replay.ask(self.exchanges[number])
                if key and reply is not None:
                    _remember((name, key), reply)
            yield reply


def _called(mistake: misconceptions.Misconception) -> Callable:
    return mistake.call


_replies: dict[tuple[str, bytes], Reply] = {}


def _remember(key: tuple[str, bytes], reply: Reply) -> None:
    if len(_replies) >= REPLIES_KEPT:
        _replies.clear()
    _replies[key] = reply


def _keys(exchanges: list[Exchange]) -> list[bytes]:
    """A name for each question with all those before it; b"" if modules are among them."""
    history = hashlib.sha256()
    keys = []
    for exchange in exchanges:
        if exchange.request.function.startswith("@"):
            return [b""] * len(exchanges)
        copied = {name: getattr(exchange.request, name) for name in wire.Request.__struct_fields__}
        history.update(wire.pack(wire.Request(**{**copied, "nonce": 0}), exchange.payload))
        keys.append(history.digest())
    return keys
