"""``hint`` and ``solution``: help that comes step by step, and the reference for what is solved.

A hint starts from the first check that fails and says a little more each time it is asked for: a
nudge, the name of the mistake, what to change. How far a student has come with a fault is kept in
``.gatecheck/hints.json`` beside the project; another fault begins at the beginning. The text of a
solution is shown for functions with full marks only.
"""

import ast
import contextlib
import dataclasses
import json
from pathlib import Path

import msgspec
from rich.console import Console
from rich.text import Text

from grader import catalog as catalogs
from grader import edition as editions
from grader.arguments import UsageProblem, unknown, write_json
from grader.checking.scoring import Outcome
from grader.checking.session import Graded
from grader.locale import Texts
from grader.report import hints
from grader.report.cleaning import clean_line
from grader.report.commands import DEFAULT_FOLDER, command, place_of
from grader.report.layout import labelled, wrap
from grader.report.overview import Entry, entries, first_in_trouble, first_unstarted
from grader.report.table import WIDTH
from grader.report.wording import blocks, sentence, standing_text

SHOWN = ("called", "input", "returned", "expected", "differs", "at")  # rows of an example
MEMORY = Path(".gatecheck") / "hints.json"
_Levels = dict[str, tuple[str, int]]  # function → the fault and the level reached


def function_of(exercise: str, name: str | None) -> None:
    """Check that an exercise has a function.

    Raises:
        UsageProblem: if it has not.
    """
    names = [function.name for function in catalogs.load().exercise(exercise).functions]
    if name is not None and name not in names:
        raise unknown("function", name, names)


def show_hint(
    graded: Graded,
    submission: str,
    function: str | None,
    level: int | None,
    texts: Texts,
    console: Console,
) -> None:
    """Print the next hint for the first function in trouble, or for one function.

    Args:
        level: 1 to 3; None for one more than last time.
    """
    writer = _Writer(texts, console, submission)
    found = [e for e in entries(graded) if not e.function or function in (None, e.function)]
    entry = first_in_trouble(found)
    exercise = graded.wanted[0]
    if entry is None:
        _nothing_wrong(found, exercise, writer)
        return
    outcome = entry.troubled[0]
    assert outcome.finding is not None
    steps = _steps(entry, outcome, texts)
    known = outcome.finding.diagnosis
    fault = f"{outcome.check.id} {outcome.finding.code} {known.id if known else ''}"
    reached = level or _next_level(f"{submission}:{entry.name}", fault)
    shown = steps[: min(reached, len(steps))]
    writer.line(f"{entry.name} / {outcome.check.title[texts.language]}", "bold")
    writer.line(sentence(outcome.finding, texts), indent="  ")
    for number, (label, text) in enumerate(shown, 1):
        name = f"{number}  {texts.say(f'hinting.{label}')}"
        writer.row(name, texts.say("hinting.by_hand") if label == "example" else text)
        if label == "example":
            writer.block(text)
    if len(shown) < len(steps):
        writer.line(texts.say("hinting.more", left=len(steps) - len(shown)))
        writer.line(command("hint", [exercise], submission, function), indent="  ")
    else:
        writer.line(texts.say("hinting.all", page=_page(exercise, texts)))


def _steps(entry: Entry, outcome: Outcome, texts: Texts) -> list[tuple[str, str]]:
    """What can be said of a fault, from a nudge to what to change; each with its label's id."""
    finding = outcome.finding
    assert finding is not None
    steps = [("nudge", hints.nudge(finding, outcome.check, texts))]
    if finding.diagnosis is not None:
        steps.append(("mistake", finding.diagnosis.text[texts.language]))
        steps.append(("change", finding.diagnosis.hint[texts.language]))
    else:
        if finding.standing is not None:
            steps.append(("right", standing_text(finding.standing, texts)))
        steps.append(("example", _example(outcome, texts)))
    return [(label, text) for label, text in steps if text]


def _example(outcome: Outcome, texts: Texts) -> str:
    """The failing call as it stands in the report, to be worked out by hand; a line a row."""
    assert outcome.finding is not None
    bare = dataclasses.replace(outcome.finding, standing=None, hints=hints.NONE)
    rows = blocks(bare, outcome.check, texts, DEFAULT_FOLDER, WIDTH - 18)
    return "\n".join(line for label, lines in rows if label in SHOWN for line in lines)


def _nothing_wrong(found: list[Entry], exercise: str, writer: "_Writer") -> None:
    """No function is at fault: say what else there is to do."""
    say = writer.texts.say
    waiting = [entry for entry in found if entry.status == "blocked"]
    fresh = first_unstarted(found)
    if waiting:
        names = ", ".join(dict.fromkeys(n for o in waiting[0].outcomes for n in o.blocked_by))
        writer.line(say("hinting.waiting", name=waiting[0].name, functions=names))
    elif fresh is not None:
        path = place_of(writer.submission, fresh.home, writer.texts)
        page = _page(exercise, writer.texts)
        writer.line(say("hinting.not_started", name=fresh.name, path=path, page=page))
    else:
        if editions.is_student():
            writer.line(say("release.full_marks"))
            return
        writer.line(say("hinting.full_marks"))
        writer.line(command("solution", [exercise], writer.submission, None), indent="  ")


def _page(exercise: str, texts: Texts) -> str:
    return f"docs/{exercise}{'.zh' if texts.language == 'zh' else ''}.md"


def _next_level(key: str, fault: str) -> int:
    """One level more than the last time for this fault; remembered, where that can be."""
    known: _Levels = {}
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        known = msgspec.json.decode(MEMORY.read_bytes(), type=_Levels)
    last_fault, last = known.get(key, ("", 0))
    level = min(last + 1, hints.CHANGE) if last_fault == fault else 1
    known[key] = (fault, level)
    with contextlib.suppress(OSError):
        MEMORY.parent.mkdir(exist_ok=True)
        write_json(str(MEMORY), json.dumps(known, ensure_ascii=False, indent=1).encode())
    return level


def show_solution(
    graded: Graded, submission: str, function: str | None, texts: Texts, console: Console
) -> bool:
    """Print the reference of every function (or one) that has full marks.

    Returns:
        Whether all that was asked for was shown.
    """
    writer = _Writer(texts, console, submission)
    exercise = graded.catalog.exercise(graded.wanted[0])
    source = _reference(exercise.name)
    held = []
    for each in exercise.functions:
        if function not in (None, each.name):
            continue
        outcomes = [graded.outcomes[check.id] for check in each.checks]
        score = sum(outcome.score for outcome in outcomes)
        if score == each.points:
            writer.code(_definition(source, each.name))
        else:
            held.append(texts.say("hinting.held", name=each.name, score=score, points=each.points))
    for line in held:
        writer.line(line)
    if held:
        writer.line(command("hint", [exercise.name], submission, function), indent="  ")
    return not held


def _reference(exercise: str) -> str:
    path = catalogs.ROOT / "solutions" / f"{exercise}.py"
    if not path.is_file():
        raise UsageProblem("no_solutions")
    return path.read_text(encoding="utf-8")


def _definition(source: str, name: str) -> str:
    """A function's or class's text without its docstring, which the stub has too."""
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            lines = source.split("\n")
            first = node.body[0]
            text = lines[node.lineno - 1 : node.end_lineno]
            if ast.get_docstring(node) is not None and len(node.body) > 1:
                start, end = first.lineno - node.lineno, (first.end_lineno or 0) - node.lineno + 1
                text[start:end] = []
            return "\n".join(text)
    return ""


class _Writer:
    """Prints lines of at most ``WIDTH`` cells; nothing of a submission is read as markup."""

    def __init__(self, texts: Texts, console: Console, submission: str) -> None:
        self.texts = texts
        self.console = console
        self.submission = submission
        self.width = min(console.width, WIDTH)

    def line(self, text: str, style: str = "", indent: str = "") -> None:
        """Text of any length, wrapped."""
        for part in wrap(clean_line(text, 1000), self.width - len(indent)):
            self.console.print(Text(indent + part, style), soft_wrap=True)

    def block(self, text: str) -> None:
        """Rows of a report, which are clean and short enough already."""
        for part in text.split("\n"):
            self.console.print(Text(part), soft_wrap=True)

    def row(self, label: str, text: str) -> None:
        """A label, and the text beside it."""
        for part in labelled(label, clean_line(text, 1000), 16, self.width, 12):
            self.console.print(Text(part), soft_wrap=True)

    def code(self, text: str) -> None:
        """Python, in colours where the terminal has them."""
        from rich.syntax import Syntax

        shown = Syntax(text, "python", theme="ansi_light", background_color="default")
        self.console.print(shown.highlight(text), soft_wrap=True)
