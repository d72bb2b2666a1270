"""Which known mistake a wrong function is, told from what the mistakes answered before.

A student's edition has no wrong versions, for most of them are a line away from the right one. It
has *traces* of their answers: for each of the first questions of a function a digest of what must
be equal (how the result is nested, dtypes, exceptions), and sums of the numbers with fixed weights,
which two different answers don't share. The rule by which a mistake is named is that of
``naming.py``, as where the wrong versions themselves are at hand.
"""

import contextlib
import functools
import hashlib
import math
import struct
from collections.abc import Iterator, Sequence

import msgspec
import torch

from grader import edition as editions
from grader.checking.naming import Agrees, Questions, Row, named, told
from grader.checking.replay import Reply, reply_to
from grader.exchanges import Exchange
from grader.findings import Diagnosis
from grader.sandbox import wire

SCHEMA = 1
TWO = "+"  # in the id of two mistakes at once, which are looked at where no single one fits
_TRACE = struct.Struct("<8s4d2d")  # digest; two sums of the numbers, two of the gradients; allowed
_NAN, _INFINITE = 0.7310585786, 1e30


class Mistake(msgspec.Struct):
    """One known mistake of a function: its texts, and a trace for each question, or b"".

    A function that draws numbers has traces for questions with the seed of a call, others for
    questions without.
    """

    id: str
    text: dict[str, str]
    hint: dict[str, str]
    traces: list[bytes]


class Known(msgspec.Struct):
    """A function's questions by their keys, the right traces, and the known mistakes."""

    questions: list[bytes]
    right: list[bytes]
    mistakes: list[Mistake]


class Mistakes(msgspec.Struct):
    """The file: for each seed and function (as "2026 gru.reset_gate") what is known."""

    schema: int
    functions: dict[str, Known]


def diagnose(exercise: str, function: str, rows: Sequence[Row]) -> dict[str, Diagnosis]:
    """The known mistakes that explain a function's answers, by check; often the same for all.

    Args:
        rows: the function's checks, with the questions that each asked, and the answers.
    """
    with contextlib.suppress(Exception):  # an answer that can't even be read is no known mistake
        for name, known in _file().functions.items():
            if name.partition(" ")[2] != f"{exercise}.{function}":
                continue
            questions = Questions(rows)
            given = _Given(known, questions.exchanges)
            questions.look(given.agrees_with(known.right))
            tiers = [
                functools.partial(_explained, questions, given, tier)
                for tier in _tiers(f"{exercise}.{function}.", known.mistakes)
            ]
            found = named(questions, tiers)
            if found:
                return {check: told(mistakes) for check, mistakes in found.items()}
    return {}


def _tiers(function: str, mistakes: list[Mistake]) -> list[list[Mistake]]:
    """A function's own mistakes, those of what it does in place of helpers, two at once."""
    two = [m for m in mistakes if TWO in m.id]
    helpers = [m for m in mistakes if "." in m.id.removeprefix(function) and TWO not in m.id]
    own = [m for m in mistakes if m not in two and m not in helpers]
    return [own, helpers, two]


def _explained(
    questions: Questions, given: "_Given", mistakes: list[Mistake]
) -> list[tuple[Mistake, frozenset[str]]]:
    return [(m, questions.explained(given.agrees_with(m.traces))) for m in mistakes]


@functools.cache
def _file() -> Mistakes:
    content = (editions.ROOT / editions.MISTAKES).read_bytes()
    return msgspec.msgpack.decode(content, type=Mistakes)


class _Given:
    """The questions of a run, by their numbers among those that are known, with their answers."""

    def __init__(self, known: Known, exchanges: list[Exchange]) -> None:
        numbers = {key: number for number, key in enumerate(known.questions)}
        self._exchanges = exchanges
        self._own = [[numbers[k] for k in keys if k in numbers] for keys in keys_of(exchanges)]
        self._traces: dict[int, bytes] = {}

    def agrees_with(self, traces: list[bytes]) -> Agrees:
        """Whether a function with these traces gives the same answers, where that is known."""

        def agrees(number: int) -> bool | None:
            compared = [own for known in self._own[number] if (own := traces[known])]
            if not compared:
                return None
            return all(equal(own, self._trace(number)) for own in compared)

        return agrees

    def _trace(self, number: int) -> bytes:
        if number not in self._traces:
            self._traces[number] = trace(reply_to(self._exchanges[number]))
        return self._traces[number]


def keys_of(exchanges: list[Exchange]) -> Iterator[tuple[bytes, bytes]]:
    """For each question two keys: with the seed of the call, and without.

    What a module is asked belongs to the call that made it, and to what it was asked before.
    """
    history = hashlib.sha256()
    for exchange in exchanges:
        request = exchange.request
        if not request.function.startswith("@"):
            history = hashlib.sha256()
        history.update(_plain(request, exchange.payload))
        seeded = history.copy()
        seeded.update(str(request.seed).encode())
        yield seeded.digest()[:8], history.digest()[:8]


def _plain(request: wire.Request, payload: bytes) -> bytes:
    fields = {name: getattr(request, name) for name in wire.Request.__struct_fields__}
    if request.function.startswith("@"):
        fields["arguments"] = [wire.HandleNode(0), *request.arguments[1:]]
    return wire.pack(wire.Request(**{**fields, "nonce": 0, "seed": 0}), payload)


def trace(reply: Reply) -> bytes:
    """What is kept of a reply."""
    gradients = list(reply.gradients)
    lengths = [len(part) for part in gradients]
    exact = (reply.error, reply.form, reply.words, reply.changed, len(reply.numbers), lengths)
    digest = hashlib.sha256(repr(exact).encode()).digest()[:8]
    sums, allowed = [], []
    for numbers in (reply.numbers, torch.cat(gradients) if gradients else torch.zeros(0)):
        values = numbers.double().nan_to_num(_NAN, _INFINITE, -_INFINITE)
        for salt in (0, 1):
            sums.append(float((values * _weights(len(values), salt)).sum()))
        spread = float((1 + values.abs()).square().sum().sqrt())
        allowed.append(2 * reply.tolerance * spread)
    return _TRACE.pack(digest, *sums, *allowed)


def equal(left: bytes, right: bytes) -> bool:
    """Whether two traces could be those of the same code."""
    if not left or not right:
        return False
    digest, *first = _TRACE.unpack(left)
    other, *second = _TRACE.unpack(right)
    if digest != other:
        return False
    allowed = [max(pair) for pair in zip(first[4:], second[4:], strict=True)]
    differences = [abs(a - b) for a, b in zip(first[:4], second[:4], strict=True)]
    limits = (allowed[0], allowed[0], allowed[1], allowed[1])
    return all(d <= limit for d, limit in zip(differences, limits, strict=True))


@functools.lru_cache(maxsize=256)
def _weights(count: int, salt: int) -> torch.Tensor:
    """Fixed weights of either sign, between 0.5 and 1.5, the same on every machine."""
    steps = torch.arange(1, count + 1, dtype=torch.float64)
    size = 0.5 + torch.frac(steps * (math.sqrt(5) - 1) / 2 + 0.3 * salt)
    sign = torch.where(torch.frac(steps * (math.sqrt(2) + salt)) < 0.5, -1.0, 1.0)
    return size * sign
