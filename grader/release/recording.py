"""Recording what a student's edition can't work out: right answers, and those of known mistakes.

The solutions are graded as a submission would be, in processes of their own (``python -m
grader.release.recording SEED FOLDER EXERCISE...``), while every right answer that a check asks
for is kept; and
with it those that only a wrong submission makes a check ask for. Then each known mistake is asked
the first questions of its function.
"""

import dataclasses
import functools
import itertools
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from grader import catalog as catalogs
from grader import misconceptions
from grader.checking import answers, pairs
from grader.checking.known import SCHEMA, Known, Mistake, Mistakes, keys_of, trace
from grader.checking.replay import Replay
from grader.checking.session import Engine
from grader.checking.standing import circumstances
from grader.checking.subjects import Subject
from grader.exchanges import Exchange
from grader.misconceptions import inline
from grader.sandbox import wire
from grader.submission import Submission

ANSWERS, MISTAKES = "answers.msgpack", "mistakes.msgpack"
QUESTIONS = 40  # of a function, of each of its checks in turn
CALLS = range(1, 9)  # with whose seeds a function is asked that draws numbers
FEW = 4  # questions that are asked with the seeds of all these calls; of more, each in its turn
PROBES = 3  # questions that show whether a function draws numbers


class NotRight(Exception):
    """The solutions have not full marks; the message names the checks."""


def main(words: list[str]) -> int:
    """Record; the exit code is 1 if the solutions have not full marks."""
    seed, folder, *names = words
    warnings.simplefilter("ignore")  # of what wrong versions do
    try:
        right, wrong = record(int(seed), names)
    except NotRight as error:
        print(error, file=sys.stderr)
        return 1
    (Path(folder) / ANSWERS).write_bytes(right)
    (Path(folder) / MISTAKES).write_bytes(wrong)
    return 0


def record(seed: int, names: list[str]) -> tuple[bytes, bytes]:
    """The two files for one seed and some exercises.

    Raises:
        NotRight: if the solutions have not full marks.
    """
    recorder = answers.record()
    asked: dict[str, list[Exchange]] = {}
    functions = [f for f in catalogs.load().functions.values() if f.exercise in names]

    def finished(submission: Submission, subjects: dict[str, Subject]) -> None:
        for subject in subjects.values():
            for _, case in circumstances(subject.under(submission)):
                subject.expected(case)
        for function in functions:
            own = submission.exercise(function.exercise).function(function.name)
            asked[function.key] = _in_turn([own.exchanges.of(c.id) for c in function.checks])

    with Engine() as engine:
        graded = engine.grade(catalogs.ROOT / "solutions", names, seed, finished=finished)
    wrong = [o.check.id for o in graded.outcomes.values() if o.status not in ("passed", "skipped")]
    if wrong:
        raise NotRight(", ".join(wrong))
    known = {f"{seed} {f.key}": _known(f.exercise, f.name, asked[f.key], seed) for f in functions}
    return recorder.content(), msgspec.msgpack.encode(Mistakes(SCHEMA, known))


def _in_turn(asked: list[list[Exchange]]) -> list[Exchange]:
    """Some questions of each check: the first of all of them, the second of all, and so on.

    A call stays together with what its module was asked.
    """
    chosen: dict[int, list[Exchange]] = {}
    for groups in itertools.zip_longest(*map(_groups, asked), fillvalue=()):
        for group in groups:
            longest = chosen.get(id(group[0]), ()) if group else group
            if group and len(group) > len(longest) and len(chosen) < QUESTIONS:
                chosen[id(group[0])] = list(group)
    return [exchange for group in chosen.values() for exchange in group if not exchange.on_meta]


def _known(exercise: str, function: str, asked: list[Exchange], seed: int) -> Known:
    """What the known mistakes of a function answer to its questions."""
    solution = functools.partial(misconceptions.solution, exercise, function)
    questions = _Questions(function, asked, seed)
    questions.forget_random(solution)
    known = [
        *misconceptions.misconceptions(exercise, function),
        *inline.inlined(exercise, function),
        *pairs.pairs(exercise, function),
    ]
    return Known(
        questions.keys,
        questions.traces(solution),
        [
            Mistake(
                each.id,
                dict(each.text),
                dict(each.hint),
                questions.traces(functools.partial(getattr, each, "call")),
            )
            for each in known
        ],
    )


class _Questions:
    """The first questions of a function, and what others answer to them."""

    def __init__(self, function: str, asked: list[Exchange], seed: int) -> None:
        self.function, self.seed = function, seed
        groups = _groups(asked)
        self.single = _distinct([group[0] for group in groups if len(group) == 1])
        self.modules = [group for group in groups if len(group) > 1]
        self.drawn = [
            _with_seed(each, function, seed, call)
            for number, each in enumerate(self.single, 1)
            for call in CALLS
            if len(self.single) <= FEW or abs(call - number) <= 1
        ]
        self.probes = [
            [_with_seed(each, function, seed, call) for call in (1, 2)]
            for each in self.single[:PROBES]
        ]
        plain = [*self.single, *itertools.chain.from_iterable(self.modules)]
        self.keys = [without for _, without in keys_of(plain)]
        self.keys += [seeded for seeded, _ in keys_of(self.drawn)]

    def traces(self, make: Callable[[], Callable]) -> list[bytes]:
        """What the function that ``make`` makes answers, in the order of the keys."""
        replay = Replay(make())
        drawn = [b""] * len(self.drawn)
        single = [b""] * len(self.single)
        if self._draws(replay):
            drawn = [_trace(replay, each) for each in self.drawn]
        else:
            single = [_trace(replay, each) for each in self.single]
        modules = []
        for group in self.modules:
            modules += _asked(make, group)
        return [*single, *modules, *drawn]

    def forget_random(self, make: Callable[[], Callable]) -> None:
        """Pass over what a module gives before its own first numbers are replaced."""
        numbers = iter(range(len(self.single), len(self.keys)))
        for group in self.modules:
            with_seeds = [
                [_with_seed(each, self.function, self.seed, call) for each in group]
                for call in (1, 2)
            ]
            one, other = (_asked(make, questions) for questions in with_seeds)
            for left, right, number in zip(one, other, numbers, strict=False):  # numbers go on
                if left != right:
                    self.keys[number] = b""

    def _draws(self, replay: Replay) -> bool:
        """Whether answers depend on the seed."""
        return any(_trace(replay, one) != _trace(replay, other) for one, other in self.probes)


def _asked(make: Callable[[], Callable], group: list[Exchange]) -> list[bytes]:
    replay = Replay(make())
    return [_trace(replay, each) for each in group]


def _trace(replay: Replay, exchange: Exchange) -> bytes:
    try:
        return trace(replay.ask(exchange))
    except (KeyError, wire.ProtocolError):
        return b""  # asked about a module that it did not make


def _distinct(asked: list[Exchange]) -> list[Exchange]:
    """Each question once, whatever the seed of its call."""
    keys = [without for _, without in keys_of(asked)]
    return list(dict(zip(reversed(keys), reversed(asked), strict=True)).values())[::-1]


def _groups(asked: list[Exchange]) -> list[list[Exchange]]:
    """A call, and what the module that it made was asked."""
    groups: list[list[Exchange]] = []
    for exchange in asked:
        if exchange.request.function.startswith("@"):
            groups[-1].append(exchange)
        else:
            groups.append([exchange])
    return groups


def _with_seed(exchange: Exchange, function: str, seed: int, call: int) -> Exchange:
    """The question as a function's call of that number puts it (``Function.ask``)."""
    fields = {name: getattr(exchange.request, name) for name in wire.Request.__struct_fields__}
    fields["seed"] = zlib.crc32(f"{seed}{function}{call}".encode())
    return dataclasses.replace(exchange, request=wire.Request(**fields))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
