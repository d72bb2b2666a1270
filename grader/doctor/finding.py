"""What one look at the machine found; sentences are made of it last, in either language."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

OK, WEAK, BROKEN = "ok", "weak", "broken"


@dataclasses.dataclass(frozen=True)
class Finding:
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


Look = Callable[[], Iterator[Finding]]


def carefully(name: str, look: Look) -> Iterator[Finding]:
    """What ``look`` finds; if it breaks down itself, that is a finding, too."""
    try:
        yield from look()
    except Exception as error:
        fields = {"error": f"{type(error).__name__}: {error}"}
        yield Finding(name, BROKEN, "look_failed", fields, "do_report")
