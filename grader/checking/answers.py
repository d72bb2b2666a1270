"""Right answers: those of the reference, or what a course recorded of them.

Checks ask for them in one way only:

    reference = answers.reference("solutions.gru")
    reference.reset_gate(X, H, W_xr, W_hr, b_r)

In the kit this calls the function. A student's edition has no solutions: there the answer is looked
up under a digest of the question, that is, of the function's name and its arguments to the last bit
(whole numbers of eighths, or of finer parts: exact on every machine). So a question must be plain
data, and so must its answer: tensors, numbers, strings, None, and lists, tuples and dicts of
them. While a release records, both happen: the function is called, and its answer is kept.

The file is msgpack with a fixed schema (``Recorded``); nothing in it is code.
"""

import dataclasses
import functools
import importlib
from collections.abc import Callable
from typing import Any

import msgspec
import torch

from grader import edition as editions
from grader.checking.plain import digest, pack, unpack
from grader.nested import map_tensors

SCHEMA = 1


class NotRecorded(Exception):
    """A question that this edition has no answer to."""


class Recorded(msgspec.Struct):
    """The file of recorded answers.

    Attributes:
        answers: by the question's digest, in hexadecimal.
        draws: for each spec, seed and count the sizes and seeds of the bank's cases, so that the
            same cases are looked at whatever hypothesis would draw.
    """

    schema: int
    answers: dict[str, msgspec.Raw]
    draws: dict[str, list[tuple[list[int], int]]]


class Book:
    """Where answers come from. This one calls the reference, and keeps nothing."""

    recording = False
    recorded = False

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The right answer to a question about plain data."""
        return compute()

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """The cases that ``draw`` gives, or where they are recorded their sizes and seeds."""
        return draw()


class Recorder(Book):
    """A book that also keeps every answer."""

    recording = True

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.drawn: dict[str, list[tuple[list[int], int]]] = {}

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The right answer, kept."""
        key = digest(question, arguments)
        if key not in self.answers:
            self.answers[key] = pack(compute())
        return unpack(self.answers[key])

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """What is drawn; its sizes and seeds are kept."""
        cases = draw()
        self.drawn[name] = [(list(case.sizes.values()), case.seed) for case in cases]
        return cases

    def content(self) -> bytes:
        """The file: the same bytes for the same answers, in whichever order they came."""
        answers = {key: msgspec.Raw(value) for key, value in sorted(self.answers.items())}
        draws = dict(sorted(self.drawn.items()))
        return msgspec.msgpack.encode(Recorded(SCHEMA, answers, draws))


class RecordedBook(Book):
    """A book that can only look answers up."""

    recorded = True

    def __init__(self, content: bytes) -> None:
        """Read a file.

        Raises:
            msgspec.ValidationError: if it is none of this schema.
        """
        found = msgspec.msgpack.decode(content, type=Recorded)
        if found.schema != SCHEMA:
            raise msgspec.ValidationError(f"answers of schema {found.schema}, not {SCHEMA}")
        self._answers, self._draws = found.answers, found.draws

    def answer(self, question: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The recorded answer.

        Raises:
            NotRecorded: if there is none.
        """
        found = self._answers.get(digest(question, arguments))
        if found is None:
            raise NotRecorded(question)
        return unpack(found)

    def draws(self, name: str, draw: Callable[[], list]) -> list:
        """The sizes and seeds that were drawn.

        Raises:
            NotRecorded: if nothing was.
        """
        found = self._draws.get(name)
        if found is None:
            raise NotRecorded(name)
        return found


@functools.cache
def _book() -> list[Book]:
    if not editions.is_student():
        return [Book()]
    return [RecordedBook((editions.ROOT / editions.ANSWERS).read_bytes())]


def book() -> Book:
    """Where this process's right answers come from."""
    return _book()[0]


def record() -> Recorder:
    """From now on keep every answer; to be called before any check is imported."""
    recorder = Recorder()
    _book()[:] = [recorder]
    return recorder


@dataclasses.dataclass(frozen=True)
class Right:
    """A function that gives right answers; called, or looked up."""

    module: str
    name: str

    def __call__(self, *arguments: Any) -> Any:
        """Its answer."""
        return book().answer(str(self), arguments, lambda: self.live(*arguments))

    @property
    def live(self) -> Callable:
        """The function itself.

        Raises:
            ModuleNotFoundError: in a student's edition.
        """
        return getattr(importlib.import_module(self.module), self.name)

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Reference:
    """A module of right answers by its name; it need not be there."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Right:
        if name.startswith("__"):
            raise AttributeError(name)
        return Right(self._module, name)


def reference(module: str) -> Reference:
    """The functions of ``solutions.gru``, say, for checks."""
    return Reference(module)


def live(function: Callable) -> Callable:
    """What is called for a ``Right``, or the function itself."""
    return function.live if isinstance(function, Right) else function


def form_of(value: Any) -> Any:
    """A question's arguments without their numbers: shapes and plain values are left."""
    return map_tensors(value, lambda tensor: ("tensor", list(tensor.shape)))


def zeros_like(value: Any) -> Any:
    """An answer without its numbers."""
    return map_tensors(value, torch.zeros_like)


def probe() -> str:
    """What a seeded generator gives here: where it differs, other questions would be drawn."""
    generator = torch.Generator().manual_seed(2026)
    normal = (torch.randn(40, generator=generator, dtype=torch.float64) * 64).round()
    drawn = [normal, torch.rand(8, generator=generator, dtype=torch.float64)]
    drawn += [torch.randint(1000, (8,), generator=generator)]
    return digest("probe", [*drawn, torch.randperm(16, generator=generator)])


__all__ = ["NotRecorded", "book", "digest", "record", "reference"]
