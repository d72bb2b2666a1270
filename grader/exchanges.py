"""What a function was asked and what came back, as it crossed the boundary: the first of each kind.

They are kept for the diagnosis, which puts the same questions to known mistakes.
"""

import collections
import dataclasses

from grader.sandbox import wire

KEPT = 8  # calls of a function; the first ones
MODULES_KEPT = 3  # modules of a function that were asked the same kinds of questions
BYTES = 256 * 1024  # of one exchange; a larger one is not kept


@dataclasses.dataclass(frozen=True, eq=False)
class Exchange:
    """One question to a function and what came back, as they crossed the boundary."""

    request: wire.Request
    payload: bytes
    response: wire.Response
    data: bytes


class Exchanges:
    """The exchanges of one function that are kept.

    A call begins a group; what is asked of the module that it returned belongs to the same group,
    for without the module the questions make no sense.
    """

    def __init__(self) -> None:
        self._groups: list[list[Exchange]] = []
        self._makers: dict[int, list[Exchange]] = {}  # by the number of the module

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange, or let it go."""
        if len(exchange.payload) + len(exchange.data) > BYTES:
            return
        group = self._group_of(exchange.request)
        if group is None:
            return
        group.append(exchange)
        if isinstance(exchange.response.value, wire.HandleNode):
            self._makers[exchange.response.value.number] = group

    @property
    def kept(self) -> list[Exchange]:
        """The exchanges in their order, a group after the other."""
        self._thin_out()
        return [exchange for group in self._groups for exchange in group]

    def _group_of(self, request: wire.Request) -> list[Exchange] | None:
        if not request.function.startswith("@"):
            self._thin_out()
            self._groups.append([])
            return self._groups[-1]
        first = request.arguments[0]
        number = first.number if isinstance(first, wire.HandleNode) else -1
        group = self._makers.get(number)
        return group if any(group is other for other in self._groups) else None

    def _thin_out(self) -> None:
        """Let go of the latest group if there are enough of its kind already."""
        if not self._groups:
            return
        kinds = [_kind(group) for group in self._groups]
        most = KEPT if len(kinds[-1]) == 1 else MODULES_KEPT
        if collections.Counter(kinds)[kinds[-1]] > most:
            self._groups.pop()


def _kind(group: list[Exchange]) -> tuple[str, ...]:
    return tuple(exchange.request.function for exchange in group)
