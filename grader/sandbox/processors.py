"""Where workers run while they are timed: all on one processor, and together on the next.

A neighbour that works on one processor and not on another would otherwise slow one side down and
spare the other, for as long as nobody moves. The workers themselves may not change their place.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator


class Together:
    """Moves processes from processor to processor; does nothing where the system can't."""

    def __init__(self, pids: Iterable[int]) -> None:
        self.pids = list(pids)
        self.known = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self.moves = 0

    def move(self) -> None:
        """Put all of them on the next processor."""
        if self.known:
            self._allow({self.known[self.moves % len(self.known)]})
            self.moves += 1

    def release(self) -> None:
        """Let them run anywhere again."""
        if self.known:
            self._allow(set(self.known))

    def _allow(self, processors: set[int]) -> None:
        for pid in self.pids:
            with contextlib.suppress(OSError):  # it has just ended, or belongs to somebody else
                os.sched_setaffinity(pid, processors)


@contextlib.contextmanager
def together(pids: Iterable[int]) -> Iterator[Together]:
    """Keep processes together while the block runs."""
    placed = Together(pids)
    try:
        yield placed
    finally:
        placed.release()


__all__ = ["Together", "together"]
