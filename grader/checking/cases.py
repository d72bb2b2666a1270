"""Inputs for checks: shapes and seeds drawn by hypothesis, tensors from a seeded generator.

Drawing is what costs, so a *bank* of cases is drawn once for each seed, and every check of a
function looks at the same cases, hence at the same answers. Entries are multiples of 1/8, never
zero: exact in float32 and float64 alike, and short to read and to paste. Sizes differ from one
another in at least one case (n ≠ d ≠ h ≠ q), biases and states are never zero: with the notes'
own N(0, 0.01²) weights a wrong gate is invisible.

Two things small cases on a grid can't show. What goes wrong only at the sizes that people train
with: a whole bank ends with such a case. And what is computed in float16, bfloat16 or TF32, where
multiples of 1/8 are exact, too: ``CaseSpec.fine`` has the same case off the grid (``fill.py``).
"""

import dataclasses
import functools
import itertools
import zlib
from collections.abc import Callable
from typing import Any

import hypothesis
import torch
from hypothesis import strategies as st

from grader.checking import answers
from grader.checking.fill import BITS, Fill
from grader.nested import tensors_in

GENERIC_SIZES = {"n": 2, "d": 3, "h": 4, "q": 5, "T": 3, "L": 2}
LARGEST = {"n": 4, "d": 4, "h": 4, "q": 4, "T": 4, "L": 3}
BANK_SIZE = 10
MIDDLE = {"n": 9, "d": 7, "h": 11, "q": 6, "T": 9}  # what goes wrong only from some size on shows
USUAL = {  # what people train with, from and to; no two letters can come out alike
    "n": (18, 23),
    "h": (24, 29),
    "T": (30, 34),
    "d": (100, 107),
    "q": (108, 115),
    "L": (2, 2),
}
FEW = {"n": (4, 5)}  # rows, where someone's loop over every number of every step must be through
SHRINK_RUNS = 40
REMEMBERED = 64  # cases off the grid of one spec


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One input: argument names with their values (tensors in float64), in the call's order.

    ``sizes`` maps the letters of the interface (n, d, h, q, T, L) to this case's numbers;
    ``extra`` holds what a check needs beside the arguments; ``reach`` is 0 for what hypothesis
    draws, 1 beyond it, and 2 for the sizes that people train with.
    """

    arguments: dict[str, Any]
    sizes: dict[str, int]
    key: tuple
    seed: int
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)
    reach: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name] if name in self.arguments else self.extra[name]

    def replace(self, **changes: Any) -> "Case":
        """The same case with some arguments replaced."""
        key = (*self.key, next(_changes))
        return dataclasses.replace(self, arguments={**self.arguments, **changes}, key=key)

    @property
    def weight(self) -> int:
        """How much there is to look at: the number of tensor entries."""
        return sum(tensor.numel() for tensor in tensors_in(list(self.arguments.values())))


_changes = itertools.count()


class CaseSpec:
    """How to make cases: the sizes they need, and a function from sizes and a Fill to arguments.

    ``large`` asks for two larger cases in every whole bank: of the sizes ``MIDDLE``, and of sizes
    from ``USUAL``, or from ``usual`` for some letters. ``rough`` asks for two cases off the grid:
    where no check is about precision.
    """

    def __init__(
        self,
        letters: str,
        build: Callable[..., dict[str, Any]],
        largest: dict[str, int] | None = None,
        generic: dict[str, int] | None = None,
        large: bool = False,
        rough: bool = False,
        usual: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        self.large, self.rough = large, rough
        self.usual = {**USUAL, **(usual or {})}
        self._generic: dict[int, Case] = {}
        self._fine: dict[tuple, Case] = {}
        self.letters = letters.split()
        self.build = build
        self.name = f"{build.__module__}.{build.__qualname__}"
        self.generic = {**GENERIC_SIZES, **(generic or {})}
        top = {**LARGEST, **(largest or {})}
        self.top = top
        bounds = {letter: st.integers(1, top[letter]) for letter in self.letters}
        self.strategy = st.builds(
            self.case_of, st.fixed_dictionaries(bounds), st.integers(0, 2**30)
        )

    def case_of(
        self, sizes: dict[str, int], seed: int, reach: int = 0, bits: tuple[int, ...] = ()
    ) -> Case:
        """The case of these sizes (others are passed over) and this seed."""
        sizes = {letter: sizes[letter] for letter in self.letters}
        arguments = self.build(Fill(seed, bits, calm=reach > 0), **sizes)
        extra = arguments.pop("extra", {})
        key = (self.name, *sizes.values(), seed, reach, bits)
        return Case(arguments, sizes, key, seed, extra, reach)

    def fine(self, case: Case, dtype: torch.dtype = torch.float32) -> Case:
        """A case of this spec off the grid: every number has digits that only ``dtype`` holds.

        Recurrences of the sizes that people train with come in the middle ones.
        """
        key = (case.key, dtype)
        if key not in self._fine:
            if len(self._fine) >= REMEMBERED:
                self._fine.clear()
            self._fine[key] = self.case_of(case.sizes, case.seed, case.reach, BITS[dtype])
        return self._fine[key]

    def generic_case(self, seed: int) -> Case:
        """The case whose sizes all differ; made once for a seed."""
        if seed not in self._generic:
            sizes = {letter: self.generic[letter] for letter in self.letters}
            self._generic[seed] = self.case_of(sizes, seed)
        return self._generic[seed]

    def larger(self, seed: int) -> list[Case]:
        """Two cases beyond what hypothesis draws: of middle size, and of a usual one."""
        size = Fill(seed).integer
        usual = {letter: size(*bounds) for letter, bounds in self.usual.items()}
        return [self.case_of({**self.generic, **MIDDLE}, seed, 1), self.case_of(usual, seed, 2)]

    def off_grid(self, seed: int) -> list[Case]:
        """A small case and one of a usual size, both off the grid."""
        chosen = [self.generic_case(seed), *(self.larger(seed)[1:] if self.large else [])]
        return [self.fine(case) for case in chosen]

    def bank(self, seed: int, count: int = BANK_SIZE, whole: bool | None = None) -> list[Case]:
        """The cases for one run's seed, the smallest first: ``count`` small ones, and more.

        Args:
            count: how many small ones; among them are generic ones.
            whole: whether there are larger ones and those off the grid; by default if there are
                as many small ones as there can be.
        """
        return _bank(self, self.seed(seed), count, count >= BANK_SIZE if whole is None else whole)

    def ladder(self) -> list[Case]:
        """A few small cases, the smallest first, that are the same in every run.

        Where answers are recorded, the smallest failing example is looked for among these.
        """
        ones = dict.fromkeys(self.letters, 1)
        rungs = [(ones, 0), (ones, 1)]
        rungs += [({**ones, letter: self._two(letter)}, 0) for letter in self.letters]
        rungs += [({letter: self._two(letter) for letter in self.letters}, 0)]
        return sorted(itertools.starmap(self.case_of, rungs), key=lambda case: case.weight)

    def _two(self, letter: str) -> int:
        return min(2, self.top[letter])

    def seed(self, seed: int) -> int:
        """This spec's own seed within a run."""
        return zlib.crc32(f"{seed}:{self.name}".encode())


@functools.lru_cache(maxsize=512)
def _bank(spec: CaseSpec, seed: int, count: int, whole: bool) -> list[Case]:
    found = [spec.generic_case(seed), spec.generic_case(seed + 1)][:count]
    if count > len(found):
        name, more = f"{spec.name} {seed} {count}", count - len(found)
        draws = answers.book().draws(name, lambda: _drawn(spec, seed, more))
        found += [d if isinstance(d, Case) else _case(spec, *d) for d in draws]
    if whole and spec.large:
        found += spec.larger(seed)
    if whole and spec.rough:
        found += spec.off_grid(seed)
    return sorted(found, key=lambda case: case.weight)


def _case(spec: CaseSpec, sizes: list[int], seed: int) -> Case:
    """A case whose sizes and seed are recorded."""
    return spec.case_of(dict(zip(spec.letters, sizes, strict=True)), seed)


def _drawn(spec: CaseSpec, seed: int, count: int) -> list[Case]:
    """The cases that hypothesis draws."""
    drawn: list[Case] = []

    def collect(case: Case) -> None:
        drawn.append(case)

    quiet = _quiet(seed, count, hypothesis.Phase.generate)
    quiet(hypothesis.given(spec.strategy)(collect))()
    return drawn


def _quiet(seed: int, count: int, *phases: hypothesis.Phase) -> Callable:
    """Hypothesis as a pure function of the seed: no database, no deadline, no output."""
    settings = hypothesis.settings(
        max_examples=count,
        phases=phases,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    return lambda function: hypothesis.seed(seed)(settings(function))


def smallest_failure(
    spec: CaseSpec, seed: int, fails: Callable[[Case], Exception | None]
) -> tuple[Case, Exception] | None:
    """Let hypothesis look for the smallest case for which ``fails`` returns an exception.

    It stops after ``SHRINK_RUNS`` cases: a small example soon is worth more than the smallest.
    Where answers are recorded there are those of the spec's ``ladder`` only.
    """
    if answers.book().recorded:
        tried = ((case, fails(case)) for case in spec.ladder())
        return next(((case, error) for case, error in tried if error is not None), None)
    seen: dict[tuple, Exception | None] = {}
    best: list[tuple[Case, Exception]] = []

    def attempt(case: Case) -> None:
        if case.key not in seen:
            if len(seen) >= SHRINK_RUNS:
                return
            seen[case.key] = fails(case)
        error = seen[case.key]
        if error is not None:
            if not best or case.weight <= best[0][0].weight:
                best[:] = [(case, error)]
            raise _Failing

    search = _quiet(seed, BANK_SIZE, hypothesis.Phase.generate, hypothesis.Phase.shrink)
    try:
        search(hypothesis.given(spec.strategy)(attempt))()
    except (_Failing, hypothesis.errors.HypothesisException):
        pass
    return best[0] if best else None


class _Failing(Exception):
    """Tells hypothesis that a case fails; carries nothing."""


def spec(letters: str, **options: Any) -> Callable[[Callable], CaseSpec]:
    """Decorator: ``build(fill, n, d, ...) -> {argument: value}`` becomes a CaseSpec."""
    return lambda build: CaseSpec(letters, build, **options)
