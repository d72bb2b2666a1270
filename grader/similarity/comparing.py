"""Which pairs share what others do not: fingerprints, less the kit's own code and the class's.

A fingerprint is the hash of ``LENGTH`` tokens in a row (copydetect, with a window of one: every
place counts, so a result does not depend on how strings are hashed in this process). A fingerprint
that the stubs or the solutions have is the kit's; one that many of the class have is common, the
textbook's or the lecture's. What remains of a file is its own, and two files are as similar as the
share of the smaller one's own fingerprints that the other has, too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from copydetect.utils import get_copied_slices, hashed_kgrams, winnow

from grader.similarity.reading import Read
from grader.similarity.tokens import Tokens

LENGTH = 16  # tokens
FEWEST = 60  # own fingerprints: a file with fewer counts as if it had as many
COMMON_SHARE = 1 / 3  # of those who handed a file in: what they all have is common
COMMON_LEAST = 5  # and at least so many, or three who copied would make their code common
THRESHOLD = 0.5  # independent solutions stay below a third, see docs/similar.md
WHOLE = "*"  # all files of a student as one: code may have moved from file to file
REPEATED = 8  # passages with the same fingerprint that are told apart; the first ones
_COLUMNS = 4096


@dataclass(frozen=True)
class Shared:
    """What two students share in one file, or in all: the share and the fingerprints."""

    file: str
    similarity: float
    hashes: np.ndarray


@dataclass(frozen=True)
class Pair:
    """Two students, by their places in the list, and the files in which they are alike."""

    left: int
    right: int
    shared: list[Shared]

    @property
    def similarity(self) -> float:
        """Of the file in which they are most alike."""
        return self.shared[0].similarity

    @property
    def weight(self) -> tuple[float, int]:
        """What pairs are ordered by: the similarity in tenths, then how much is shared."""
        return round(self.similarity, 1), sum(len(each.hashes) for each in self.shared)


def fingerprints(found: Tokens) -> np.ndarray:
    """The hash at every place of a file, in their order."""
    if len(found.code) < LENGTH:
        return np.zeros(0, dtype=np.int64)
    return hashed_kgrams(found.code, LENGTH)


def base_of(sources: Sequence[Tokens]) -> np.ndarray:
    """The fingerprints of code that the kit itself gives."""
    return _union([fingerprints(source) for source in sources])


def compare(reads: Sequence[Read], base: np.ndarray, threshold: float) -> list[Pair]:
    """The pairs that are alike in some file, the most alike first."""
    own = [_sets(read.files, base) for read in reads]
    names = sorted({name for sets in own for name in sets} - {WHOLE})
    found: dict[tuple[int, int], list[Shared]] = {}
    for name in [*names, WHOLE]:
        there = [index for index, sets in enumerate(own) if name in sets]
        for i, j, shared in _alike([own[index][name] for index in there], threshold):
            pair = (there[i], there[j])
            if name != WHOLE or pair not in found:
                found.setdefault(pair, []).append(Shared(name, *shared))
    pairs = [
        Pair(*pair, sorted(shared, key=lambda each: (-each.similarity, each.file)))
        for pair, shared in found.items()
    ]
    return sorted(pairs, key=lambda pair: (*(-w for w in pair.weight), pair.left, pair.right))


def _sets(files: Mapping[str, Tokens], base: np.ndarray) -> dict[str, np.ndarray]:
    """Sorted fingerprints by file, and of all files."""
    sets = {}
    for name, found in files.items():
        every, _ = winnow(fingerprints(found), 1)
        sets[name] = np.setdiff1d(every, base, assume_unique=True)
    return {**sets, WHOLE: _union(list(sets.values()))} if sets else sets


def _union(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate([*arrays, np.zeros(0, dtype=np.int64)]))


def _alike(
    sets: list[np.ndarray], threshold: float
) -> list[tuple[int, int, tuple[float, np.ndarray]]]:
    """The pairs of sets, less what is common, that share at least ``threshold``."""
    if len(sets) < 2:
        return []
    every, columns, counts = np.unique(
        np.concatenate(sets), return_inverse=True, return_counts=True
    )
    owners = np.repeat(np.arange(len(sets)), [len(each) for each in sets])
    is_own = counts < max(COMMON_LEAST, COMMON_SHARE * len(sets))
    sizes = np.bincount(owners, weights=is_own[columns], minlength=len(sets))
    shares = _overlaps(owners, columns, is_own & (counts > 1), len(sets))
    shares /= np.maximum(FEWEST, np.minimum(sizes[:, None], sizes[None, :]))
    kept = every[is_own]
    found = []
    for i, j in np.argwhere(np.triu(shares >= threshold, 1)).tolist():
        common = np.intersect1d(sets[i], sets[j], assume_unique=True)
        hashes = np.intersect1d(common, kept, assume_unique=True)
        found.append((i, j, (float(shares[i, j]), hashes)))
    return found


def _overlaps(owners: np.ndarray, columns: np.ndarray, counts: np.ndarray, size: int) -> np.ndarray:
    """How many of the counted columns each two owners have both: products of blocks of 0 and 1."""
    places = np.cumsum(counts) - 1
    chosen = counts[columns]
    rows, places = owners[chosen], places[columns[chosen]]
    order = np.argsort(places, kind="stable")
    rows, places = rows[order], places[order]
    total = np.zeros((size, size), dtype=np.float32)
    for start in range(0, int(places[-1]) + 1 if len(places) else 0, _COLUMNS):
        low, high = np.searchsorted(places, (start, start + _COLUMNS))
        block = np.zeros((size, _COLUMNS), dtype=np.float32)
        block[rows[low:high], places[low:high] - start] = 1
        total += block @ block.T
    return total.astype(np.float64)


def passages(
    left: Tokens, right: Tokens, hashes: np.ndarray
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Where shared fingerprints stand: start, end and number of each passage on both sides.

    Places are those of characters. The left side's passages are counted; one on the right has the
    number of the passage on the left with which it shares most.
    """
    sides = []
    for found in (left, right):
        every = fingerprints(found)
        at = np.flatnonzero(np.isin(every, hashes))
        slices = get_copied_slices(at, LENGTH).astype(np.int64)
        sides.append((every, [(int(a), int(b)) for a, b in slices.T] if len(at) else []))
    (every_left, spans_left), (every_right, spans_right) = sides
    held: dict[int, list[int]] = {}  # by fingerprint: the passages on the left that have it
    for index, (a, b) in enumerate(spans_left):
        for value in dict.fromkeys(every_left[a : max(a + 1, b - LENGTH + 1)].tolist()):
            if len(known := held.setdefault(value, [])) < REPEATED:
                known.append(index)

    def number(a: int, b: int) -> int:
        own = every_right[a : max(a + 1, b - LENGTH + 1)].tolist()
        scores = Counter(index for value in own for index in held.get(value, ()))
        return 1 + min(scores, key=lambda index: (-scores[index], index), default=0)

    return (
        [(*_place(left, a, b), index + 1) for index, (a, b) in enumerate(spans_left)],
        [(*_place(right, a, b), number(a, b)) for a, b in spans_right],
    )


def _place(found: Tokens, start: int, end: int) -> tuple[int, int]:
    return int(found.starts[start]), int(found.ends[min(end, len(found.code)) - 1])
