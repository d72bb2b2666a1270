"""From what a check found to what a student reads, in a fixed order.

called / input / returned / expected / differs (or: at) / right or mistake / hint / again. At most
``LINES`` lines, so that the beginning is still on the screen; the JSON report has the whole call.
"""

from typing import Any

import torch
from rich.cells import cell_len

from grader.catalog import Check
from grader.findings import Call, Finding, Place, Standing
from grader.locale import Texts
from grader.report import display
from grader.report.cleaning import clean_line
from grader.report.codes import NO_RESULT, TAGS_ONLY
from grader.report.commands import DEFAULT_FOLDER, grade_command, line_of, path_of, place_of
from grader.report.counterexample import counterexample
from grader.report.hints import hint_for
from grader.report.layout import caret, fitting, labelled, packed, shorten, wrap
from grader.submission import StandIn

LINES = 11  # of a message; its heading is the twelfth
WIDTH = 100
SENTENCE_LINES = 2
HINT_LINES = 2
AGAIN_LINES = 5
SHORT = 24  # cells of an argument that is shown inside the call

_PLAIN = (type(None), bool, int, float, str, torch.dtype, torch.device, StandIn)
LABELS = ["called", "input", "returned", "expected", "differs", "at", "right", "mistake", "hint"]
LABELS.append("again")

__all__ = ["LABELS", "blocks", "counterexample", "message", "one_line", "reason", "sentence"]


def sentence(finding: Finding, texts: Texts) -> str:
    """What is wrong, in one sentence; everything that came from the submission is cleaned."""
    fields = {name: _field(value, texts) for name, value in finding.fields.items()}
    if "place" not in fields:
        fields["place"] = fields.get("part") or texts.say("message.whole")
    if texts.language == "zh" and fields.get("part"):
        fields["place"] += " "
    fields["error"] = ": ".join(fields[name] for name in ("type", "text") if fields.get(name))
    if not texts.has(f"finding.{finding.code}"):
        fields = {name: fields[name] for name in finding.fields}
    return texts.say(f"finding.{finding.code}", **fields)


def _field(value: Any, texts: Texts) -> str:
    if isinstance(value, Place):
        return line_of(value, texts)
    if isinstance(value, tuple):
        return "(" + ", ".join(map(str, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, float):
        return display.number(value)
    return clean_line(str(value))


def standing_text(standing: Standing, texts: Texts) -> str:
    """What of a wrong function is right, in a sentence or two; "" if nothing is."""
    parts = []
    if standing.where:
        where = texts.say("standing.or").join(standing.where)
        parts.append(texts.say("standing.where", where=where))
    if standing.gradients is not None:
        right, wrong = (texts.say("standing.comma").join(names) for names in standing.gradients)
        name = "gradients" if right else "no_gradients"
        parts.append(texts.say(f"standing.{name}", right=right, wrong=wrong))
    if standing.titles and (parts or len(standing.titles) > 1):
        titles = texts.say("report.between").join(t[texts.language] for t in standing.titles)
        parts.append(texts.say("standing.titles", titles=titles))
    return ("" if texts.language == "zh" else " ").join(parts)


def one_line(finding: Finding, texts: Texts, width: int = WIDTH) -> str:
    """The sentence, cut to ``width`` cells."""
    return shorten(sentence(finding, texts), width)


def reason(finding: Finding | None) -> tuple[str, ...]:
    """What two findings of one fault have in common: the kind of fault, and the exception."""
    if finding is None:
        return ()
    fields = (finding.fields.get(name) for name in ("type", "text", "argument"))
    return (finding.code, *map(str, fields))


def message(
    finding: Finding,
    check: Check,
    texts: Texts,
    submission: str = DEFAULT_FOLDER,
    width: int = WIDTH,
) -> list[str]:
    """The whole message as lines of at most ``width`` cells, at most ``LINES`` of them.

    Args:
        submission: the submission's folder, as the user typed it.
    """
    return [line for _, lines in blocks(finding, check, texts, submission, width) for line in lines]


Block = tuple[str, list[str]]


def blocks(
    finding: Finding, check: Check, texts: Texts, submission: str, width: int
) -> list[Block]:
    """The message's rows: the id of each row's label ("" for the sentence), and its lines.

    What is always short comes whole; the traceback and the inputs share the room that is left.
    """
    writer = _Writer(texts, submission, width)
    beginning: list[Block] = [("", writer.sentence(finding))]
    if finding.status == "not_started" and finding.advice is None:
        return beginning
    call, inputs = finding.call, []
    if call is not None:
        beginning.append(("called", writer.row("called", writer.called(finding, call))))
    ending = writer.results(finding)
    if finding.diagnosis is not None:
        text = finding.diagnosis.text[texts.language]
        ending.append(("mistake", writer.row("mistake", clean_line(text, 400), HINT_LINES)))
    elif finding.standing is not None:
        right = standing_text(finding.standing, texts)
        ending += [("right", writer.row("right", right, HINT_LINES))] if right else []
    hint = hint_for(finding, check, texts)
    if hint:
        ending.append(("hint", writer.row("hint", clean_line(hint, 400), HINT_LINES)))
    again = writer.again(check, finding)
    room = LINES - _height(beginning) - _height(ending) - len(again)
    places = writer.places(finding.places, max(room - 1, 1))
    if call is not None:
        inputs = writer.inputs(call, max(room - _height(places), 1))
    ending.append(("again", writer.row("again", "\n".join(again), AGAIN_LINES)))
    results = [block for block in ending if block[0] in ("returned", "expected", "differs")]
    return [*beginning, *inputs, *results, *places, *ending[len(results) :]]


def _height(found: list[Block]) -> int:
    return sum(len(lines) for _, lines in found)


class _Writer:
    """Makes the rows of one message."""

    def __init__(self, texts: Texts, submission: str, width: int) -> None:
        self.texts = texts
        self.submission = clean_line(submission)
        self.width = width
        self.column = 2 + max(cell_len(texts.say(f"label.{name}")) for name in LABELS)
        self.room = width - 2 - self.column

    def row(self, label: str, text: str, most: int = 1) -> list[str]:
        """One labelled row."""
        return labelled(self.texts.say(f"label.{label}"), text, self.column, self.width, most)

    def sentence(self, finding: Finding) -> list[str]:
        """What is wrong, on at most ``SENTENCE_LINES`` lines."""
        lines = wrap(sentence(finding, self.texts), self.width - 2)
        if len(lines) > SENTENCE_LINES:
            rest = shorten(" ".join(lines[SENTENCE_LINES - 1 :]), self.width - 2)
            lines = [*lines[: SENTENCE_LINES - 1], rest]
        return [f"  {line}" for line in lines]

    def called(self, finding: Finding, call: Call) -> str:
        """``update_gate(X, H, n=2)``, short plain arguments with their values."""
        arguments = [_argument(name, value) for name, value in call.arguments.items()]
        text = f"{call.function}({', '.join(arguments)})"
        note = self.texts.say("message.minimal")
        if finding.minimal and cell_len(text) + cell_len(note) + 3 <= self.room:
            return f"{text}   {note}"
        return text

    def inputs(self, call: Call, most: int) -> list[Block]:
        """The arguments that the call does not show, side by side, on at most ``most`` lines."""
        hidden = {n: v for n, v in call.arguments.items() if _inline(v) is None}
        if not hidden:
            return []
        values = {name: display.literal(value) for name, value in hidden.items()}
        while True:
            items = [
                f"{name}: {display.tag(value)}" if text is None else f"{name} = {text}"
                for (name, value), text in zip(hidden.items(), values.values(), strict=True)
            ]
            rows = self.row("input", "\n".join(packed(items, self.room)), LINES)
            known = [name for name, text in values.items() if text is not None]
            if len(rows) <= most or not known:
                break
            values[max(known, key=lambda name: len(values[name] or ""))] = None
        return [("input", self.row("input", "\n".join(packed(items, self.room)), most))]

    def results(self, finding: Finding) -> list[Block]:
        """What came back, what should have, and where the two part."""
        if finding.code in NO_RESULT:
            return []
        floating = _dtype_of(finding)
        rows = []
        returned, expected = finding.returned, finding.expected
        if finding.code in TAGS_ONLY:
            if finding.has_values:
                rows.append(("returned", display.tag(returned)))
            if expected is not None:
                rows.append(("expected", display.tag(expected, floating)))
        else:
            rows += self._values(finding, returned, expected, floating)
        most = 1 if finding.difference is not None else 2
        found = [(label, self.row(label, text, most)) for label, text in rows]
        if finding.difference is not None:
            found.append(("differs", self.row("differs", self._difference(finding), 2)))
        return found

    def _values(
        self, finding: Finding, returned: Any, expected: Any, floating: str | None
    ) -> list[tuple[str, str]]:
        index, part = None, ""
        if finding.difference is not None:
            index, part = finding.difference.index, finding.difference.part
        whole = display.literal(returned) if finding.has_values else ""
        if part and (whole is None or cell_len(whole) > self.room):
            inner = display.part_of(returned, expected, part)
            if inner[0] is not None:
                returned, expected = inner
        rows = []
        if finding.has_values:
            rows.append(("returned", display.shown(returned, None, index, self.room)))
        if expected is not None:
            rows.append(("expected", display.shown(expected, floating, index, self.room)))
        return rows

    def _difference(self, finding: Finding) -> str:
        difference = finding.difference
        assert difference is not None
        left, right = display.two_numbers(difference.returned, difference.expected)
        place = difference.part
        if difference.index:
            place += "[" + ", ".join(map(str, difference.index)) + "]"
        where = self.texts.say("message.difference_at", place=place) if place else ""
        say = self.texts.say
        text = say("message.difference", where=where, returned=left, expected=right)
        name = "difference_count" if difference.total > 1 else "difference_one"
        fields = {"count": difference.count, "total": difference.total}
        note = say(f"message.{name}", tolerance=difference.tolerance, **fields)
        return "\n".join(packed([text, note], self.room))

    def places(self, places: list[Place], most: int) -> list[Block]:
        """The student's own frames, the innermost last, as file:line and the source line."""
        lines: list[str] = []
        for place, inner in zip(reversed(places), [None, *reversed(places)], strict=False):
            if inner and (place.file, place.line, place.cell) == (
                inner.file,
                inner.line,
                inner.cell,
            ):
                continue  # a function that calls itself, or a loop within a line
            path = place_of(self.submission, place, self.texts)
            function = clean_line(place.function, 60)
            if function and not function.startswith("<"):
                path += "  " + self.texts.say("message.in_function", function=function)
            own = packed([path, clean_line(place.source)], self.room, "  ")
            own += caret(own[-1], place.source, place.column, self.room)
            if lines and len(lines) + len(own) > most:
                break
            rest = [fitting(line, self.room) for line in own[1:most]]
            lines = [wrap(own[0], self.room)[0], *rest, *lines]
        return [("at", self.row("at", "\n".join(lines), most))] if lines else []

    def again(self, check: Check, finding: Finding) -> list[str]:
        """The command that grades this exercise again, and which line to edit."""
        command = grade_command([check.exercise], self.submission)
        if finding.home is not None:
            path = place_of(self.submission, finding.home, self.texts)
        else:
            path = path_of(self.submission, f"{check.exercise}.py")
        rows = packed([command, self.texts.say("message.your_code", path=path)], self.room)
        return [line for row in rows for line in wrap(row, self.room)][:AGAIN_LINES]


def _argument(name: str, value: Any) -> str:
    text = _inline(value)
    if name.startswith("#"):
        return text or name
    return f"{name}={text}" if text else name


def _inline(value: Any) -> str | None:
    """A plain argument (a size, a flag, a word) that is shown inside the call."""
    if not isinstance(value, _PLAIN):
        return None
    text = display.literal(value)
    return text if text is not None and cell_len(text) <= SHORT else None


def _dtype_of(finding: Finding) -> str | None:
    """The dtype in which an expected value, computed in float64, was asked for."""
    if "expected_dtype" in finding.fields:
        return str(finding.fields["expected_dtype"])
    arguments = finding.call.arguments if finding.call else {}
    return display.floating_dtype(arguments) or display.returned_dtype(finding.returned)
