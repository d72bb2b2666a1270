"""What a function was asked and what came back, as it crossed the boundary, check by check.

They are kept for the diagnosis, which puts the same questions to known mistakes: a mistake belongs
to the checks whose answers it explains, so each check has its own. An answer that was remembered
for several checks counts for each of them.
"""

import dataclasses

from grader.sandbox import wire
from grader.weighing import ITEM

FIRST, LAST = 6, 6  # groups of a check that are kept: the first ones, and the latest
HEADER_BYTES = 16 * 1024  # of a response: shorter ones count for nothing
BYTES = 512 * 1024  # of one exchange; a larger one is not kept
CHECK_BYTES = 1024 * 1024  # of those of a check
ALL_BYTES = 4 * 1024 * 1024  # of all those of a function
PRINTED_BYTES = 16 * 1024  # of what a call printed


@dataclasses.dataclass(frozen=True, eq=False)
class Exchange:
    """One question to a function and what came back, as they crossed the boundary.

    ``on_meta`` says that tensors without data were among its arguments; ``number`` is that of the
    function's call, ``header_bytes`` how long the response was without its tensors. Where a check
    looks at what is printed, that is ``printed``, and ``starts`` says how its texts begin.
    """

    request: wire.Request
    payload: bytes
    response: wire.Response
    data: bytes
    on_meta: bool = False
    number: int = 0
    header_bytes: int = 0
    starts: tuple[str, ...] = ()
    printed: bytes = b""

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly; a long header is thousands of objects."""
        objects = ITEM * self.header_bytes // 8 if self.header_bytes > HEADER_BYTES else 0
        crossed = len(self.payload) + len(self.data) + len(self.response.program)
        return crossed + len(self.printed) + objects


class Exchanges:
    """The exchanges of one function that are kept, by check.

    A call begins a group; what is asked of the module that it returned belongs to the same group,
    for without the module the questions make no sense.
    """

    def __init__(self) -> None:
        self._checks: dict[str, _Kept] = {}
        self._makers: dict[int, list[Exchange]] = {}  # by the number of the module

    def add(self, check: str, exchange: Exchange) -> None:
        """Keep an exchange that a check provoked, or let it go."""
        if exchange.size > BYTES or not self._room(check):
            return
        kept = self._checks.setdefault(check, _Kept())
        if not exchange.request.function.startswith("@"):
            group = [exchange]
            kept.begin(group)
        else:
            first = exchange.request.arguments[0]
            number = first.number if isinstance(first, wire.HandleNode) else -1
            if number not in self._makers:
                return
            group = self._makers[number]
            if not any(exchange is other for other in group):
                group.append(exchange)
            kept.go_on(group)
        if isinstance(exchange.response.value, wire.HandleNode):
            self._makers[exchange.response.value.number] = group

    def _room(self, check: str) -> bool:
        """Whether there is room for one more; for a check's first, others give theirs up."""
        if self.size <= ALL_BYTES:
            return True
        others = [kept for kept in self._checks.values() if len(kept.groups) > 2]
        if check not in self._checks and others:
            max(others, key=lambda kept: kept.size).give_up()
        return check not in self._checks and self.size <= 2 * ALL_BYTES

    @property
    def size(self) -> int:
        """Bytes of all of them, roughly."""
        return sum(kept.size for kept in self._checks.values())

    def of(self, check: str) -> list[Exchange]:
        """The exchanges that a check provoked, in their order, a group after the other."""
        kept = self._checks.get(check, _Kept())
        return [exchange for group, count in kept.groups for exchange in group[:count]]


class _Kept:
    """What one check provoked: groups, and how much of each it has seen."""

    def __init__(self) -> None:
        self.groups: list[tuple[list[Exchange], int]] = []
        self.size = 0

    def begin(self, group: list[Exchange]) -> None:
        """Take up a call, or once more one that was remembered."""
        if any(group[0] is other[0] for other, _ in self.groups):
            return
        self.groups.append((group, 1))
        self._thin_out()

    def go_on(self, group: list[Exchange]) -> None:
        """What was asked of a module, up to now."""
        self.groups = [each for each in self.groups if each[0] is not group]
        self.groups.append((group, len(group)))
        self._thin_out()

    def give_up(self) -> None:
        """Keep no more than the first call and the last."""
        self.groups[1:-1] = []
        self._thin_out()

    def _thin_out(self) -> None:
        self.size = sum(_size(group, count) for group, count in self.groups)
        while len(self.groups) > FIRST + LAST or (len(self.groups) > 2 and self.size > CHECK_BYTES):
            gone = self.groups.pop(min(FIRST, len(self.groups) - 2))
            self.size -= _size(*gone)


def _size(group: list[Exchange], count: int) -> int:
    return sum(exchange.size for exchange in group[:count])
