"""What a check found, as a record; text is made from it last, in ``report/wording.py``.

A check that does not pass stops with one of these. ``status`` is the word of the JSON report.
"""

import dataclasses
from typing import Any, Literal

MOST_HELP = 3

Status = Literal[
    "passed", "failed", "not_started", "error", "timeout", "blocked", "skipped", "fault"
]


@dataclasses.dataclass(frozen=True)
class Place:
    """A line of the submission: ``file`` is relative to its folder.

    In a notebook it is a line of cell ``cell`` (from 1), or of ``In[prompt]`` of the session that
    asked; both are 0 elsewhere. Line 0 is the file as a whole. ``column`` is where in ``source`` a
    syntax error was seen, from 1; 0 elsewhere.
    """

    file: str
    line: int
    function: str
    source: str
    cell: int = 0
    prompt: int = 0
    column: int = 0


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a submission's function: argument names with their values, in order.

    ``printed`` is what the function wrote while it ran, as raw bytes. ``operation`` and ``take``
    are those of the question (``submission.Function.ask``), so that it can be asked once more.
    """

    function: str
    arguments: dict[str, Any]
    printed: bytes = b""
    dropped: int = 0
    operation: Any = None
    take: int = 0


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where two tensors part: the first index, both values there, how many, what was allowed.

    ``part`` names the place in the result ("", "outputs[1]", "∂/∂W_hz", ...).
    """

    part: str
    index: tuple[int, ...]
    returned: Any
    expected: Any
    count: int
    total: int
    tolerance: float


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """The known mistake that explains a function's answers: its text and hint, by language.

    ``also`` names another that gives the same answers, and is told of in the text.
    """

    id: str
    text: dict[str, str]
    hint: dict[str, str]
    also: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Advice:
    """What to do about a finding, where its cause could be seen: a sentence's id and its fields."""

    code: str
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Standing:
    """What of a wrong function is right.

    Attributes:
        titles: of the checks that passed, by language.
        where: under which simpler circumstances the values are right: "H = 0", "T = 1".
        gradients: where the values are right: arguments whose gradients are, and are not.
    """

    titles: list[dict[str, str]]
    where: list[str] = dataclasses.field(default_factory=list)
    gradients: tuple[list[str], list[str]] | None = None


@dataclasses.dataclass
class Finding:
    """Why a check did not pass.

    Attributes:
        code: the id of its sentence in ``grader/locale``.
        fields: the named fields of that sentence.
        status: the check's status that follows.
        call: the call that showed it, if there was one.
        returned, expected: whole values, shown when small (``MISSING`` where there is none).
        difference: the first place where they differ.
        places: the submission's traceback, outermost first.
        minimal: whether the call is the smallest that was found.
        of_file: whether the whole file could not be used, whichever function was asked.
        sibling: the submission's other exercise whose file could not be loaded, if that was it.
        diagnosis: the known mistake that it comes from, if there is exactly one.
        standing: where there is none, what is right.
        called: functions of the submission that the failing call called, as "gru.reset_gate".
        home: where the function that was checked is defined.
        hints: how much help is given with it, a level of ``report/hints.py``.
        advice: what to do about it, where its cause could be seen.
        particular: whether other checks of the function passed: it is what this one asks for.
    """

    code: str
    fields: dict[str, Any] = dataclasses.field(default_factory=dict)
    status: Status = "failed"
    call: Call | None = None
    returned: Any = None
    expected: Any = None
    has_values: bool = False
    difference: Difference | None = None
    places: list[Place] = dataclasses.field(default_factory=list)
    minimal: bool = False
    sibling: str = ""
    of_file: bool = False
    diagnosis: Diagnosis | None = None
    standing: Standing | None = None
    called: list[str] | None = None
    home: Place | None = None
    hints: int = MOST_HELP
    advice: Advice | None = None
    particular: bool = False


class CheckStopped(Exception):
    """A check ends here; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def fail(code: str, *, answer: Any = None, expected: Any = None, **fields: Any) -> CheckStopped:
    """A ``CheckStopped`` to raise: shows the answer's call, and its value beside ``expected``."""
    finding = Finding(code, fields)
    if answer is not None:
        finding.call = answer.call
        finding.returned = answer.value
        finding.has_values = True
    finding.expected = expected
    return CheckStopped(finding)


def skip(code: str, **fields: Any) -> CheckStopped:
    """A ``CheckStopped`` for what this machine, or this kind of code, can't show."""
    return CheckStopped(Finding(code, fields, status="skipped"))
