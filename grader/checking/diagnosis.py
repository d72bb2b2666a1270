"""Which known mistake a wrong function is: its answers are compared with each misconception's.

The submission's answers come from the run itself: a function remembers what each check asked it,
and what came back. Each misconception is asked the same questions here, on the trusted side
(``replay.py``); those of helpers are tried inline, too. Which of them is named on which check is
the rule of ``naming.py``. A wrong name would be worse than none, so what is unclear is none.
"""

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from grader import misconceptions
from grader.checking import pairs
from grader.checking.known import keys_of
from grader.checking.naming import Agrees, Questions, Row, named, told
from grader.checking.replay import Replay, Reply, reply_to
from grader.findings import Diagnosis
from grader.misconceptions import Misconception
from grader.misconceptions.inline import inlined

REPLIES_KEPT = 60_000  # of known mistakes: many submissions are asked the same


def diagnose(exercise: str, function: str, rows: Sequence[Row]) -> dict[str, Diagnosis]:
    """The known mistakes that explain a function's answers, by check; often the same for all.

    Args:
        rows: the function's checks, with the questions that each asked, and the answers.
    """
    with contextlib.suppress(Exception):  # an answer that can't even be read is no known mistake
        asked = _Asked(rows)
        right = functools.partial(misconceptions.solution, exercise, function)
        asked.questions.look(asked.agreement(f"{exercise}.{function}", right))
        found = named(
            asked.questions,
            [
                lambda: asked.explained(misconceptions.misconceptions(exercise, function)),
                lambda: asked.explained(inlined(exercise, function)),
                lambda: asked.explained(pairs.pairs(exercise, function)),
            ],
        )
        return {check: told(known) for check, known in found.items()}
    return {}


class _Asked:
    """The questions of one run, what the submission replied, and who else would reply that."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.questions = Questions(rows)
        self.exchanges = self.questions.exchanges
        self.keys = [seeded for seeded, _ in keys_of(self.exchanges)]
        self._given: dict[int, Reply] = {}

    def explained(
        self, known: Iterable[Misconception]
    ) -> Iterator[tuple[Misconception, frozenset[str]]]:
        """Known mistakes, each with the checks that it explains."""
        for mistake in known:
            make = functools.partial(_called, mistake)
            if mistake.remembers:
                every = range(len(self.exchanges))
                yield mistake, self.questions.explained(self._in_order(make), every)
            else:
                yield mistake, self.questions.explained(self.agreement(mistake.id, make))

    def agreement(self, name: str, make: Callable[[], Callable]) -> Agrees:
        """Whether a trusted function, which ``make`` makes anew, gives the same reply.

        It does not remember what it was asked before, but its modules do. Its replies are kept
        under ``name``.
        """

        def agrees(number: int) -> bool:
            key = (name, self.keys[number])
            reply = _replies.get(key)
            if reply is None:
                replay = Replay(make())
                for earlier in self._of_module(number):
                    reply = replay.ask(self.exchanges[earlier])
                _remember(key, reply)
            return reply is not None and reply.equals(self.given(number))

        return _known_modules(agrees)

    def _of_module(self, number: int) -> range:
        """The question, after all that its module was asked before."""
        first = number
        while self.exchanges[first].request.function.startswith("@"):
            first -= 1
        return range(first, number + 1)

    def _in_order(self, make: Callable[[], Callable]) -> Agrees:
        """The same for a function that remembers: all questions are put to it, in their order."""
        replay, asked = Replay(make()), itertools.count()

        def agrees(number: int) -> bool:
            reply = None
            for earlier in asked:
                reply = replay.ask(self.exchanges[earlier])
                if earlier == number:
                    break
            return reply is not None and reply.equals(self.given(number))

        return _known_modules(agrees)

    def given(self, number: int) -> Reply:
        """What the submission replied."""
        if number not in self._given:
            self._given[number] = reply_to(self.exchanges[number])
        return self._given[number]


def _known_modules(agrees: Agrees) -> Agrees:
    """A function that is asked about a module which it did not make does not agree."""

    def safely(number: int) -> bool | None:
        try:
            return agrees(number)
        except KeyError:
            return False

    return safely


def _called(mistake: Misconception) -> Callable:
    return mistake.call


_replies: dict[tuple[str, bytes], Reply] = {}


def _remember(key: tuple[str, bytes], reply: Reply | None) -> None:
    if reply is None:
        return
    if len(_replies) >= REPLIES_KEPT:
        _replies.clear()
    _replies[key] = reply
