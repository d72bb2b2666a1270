"""What one look at the machine found; sentences are made of it last, in either language."""

import contextlib
import dataclasses
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

OK, WEAK, BROKEN = "ok", "weak", "broken"


@dataclasses.dataclass(frozen=True)
class Observation:
    """One line of the report.

    Attributes:
        name: what was looked at; ``doctor.about_<name>`` is its title.
        state: "ok", "weak" (grading goes on, with less) or "broken" (mend this first).
        code: ``doctor.<code>`` says what was found, with ``fields``.
        advice: ``doctor.<advice>`` says what to do; empty where there is nothing to do.
    """

    name: str
    state: str
    code: str
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)
    advice: str = ""


Look = Callable[[], Iterator[Observation]]


class TookTooLong(Exception):
    """A look had its time."""


def carefully(name: str, look: Look, seconds: float) -> Iterator[Observation]:
    """What ``look`` finds within its time; that it breaks down itself is an observation, too."""
    found: list[Observation] = []
    try:
        with _alarm(seconds):
            for each in look():
                found.append(each)
    except TookTooLong:
        found.append(Observation(name, WEAK, "look_late", {"seconds": round(seconds)}, "do_quiet"))
    except Exception as error:
        fields = {"error": f"{type(error).__name__}: {error}"}
        found.append(Observation(name, BROKEN, "look_failed", fields, "do_report"))
    yield from found


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """``TookTooLong`` in the block after so many seconds, where the system has such an alarm."""
    is_main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not is_main:
        yield
        return

    def ring(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
