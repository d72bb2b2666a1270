"""What was found, for people (a line each, and a line of advice where one is due) and as JSON."""

from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader import __version__
from grader.doctor.examining import SCHEMA, STATES, worst
from grader.doctor.observation import OK, Observation
from grader.locale import Texts
from grader.report.cleaning import clean_line
from grader.report.layout import MARGIN, pad, wrap

WIDTH = 100
TITLE_CELLS = 22
STYLES = {"ok": "green", "weak": "yellow", "broken": "bold red"}
FIELD_CHARS = 300


def sentence(each: Observation, texts: Texts, code: str) -> str:
    """``doctor.<code>`` with what was found, in one line."""
    fields = {name: clean_line(str(value), FIELD_CHARS) for name, value in each.fields.items()}
    return texts.say(f"doctor.{code}", **fields)


class Screen:
    """Prints parts as they come, and sums up."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self.console, self.texts = console, texts
        self.width = min(console.width, WIDTH)

    def part(self, name: str, found: list[Observation]) -> None:
        """A heading and the lines below it."""
        self._line(Text(self.texts.say(f"doctor.part_{name}"), "bold"))
        for each in found:
            self._observation(each)
        self._line(Text())

    def _observation(self, each: Observation) -> None:
        states = [self.texts.say(f"doctor.state_{state}") for state in STATES]
        column = max(cell_len(state) for state in states) + 2
        title = pad(self.texts.say(f"doctor.about_{each.name}"), TITLE_CELLS)
        before = len(MARGIN) + column + cell_len(title) + 1
        lines = wrap(sentence(each, self.texts, each.code), self.width - before)
        state = pad(states[STATES.index(each.state)], column)
        first = Text(MARGIN).append(state, STYLES[each.state]).append(f"{title} {lines[0]}")
        self._line(first)
        for line in lines[1:]:
            self._line(Text(" " * before + line))
        if each.advice:
            self._advice(sentence(each, self.texts, each.advice), len(MARGIN) + column)

    def _advice(self, text: str, indent: int) -> None:
        arrow = "→ " if self.console.encoding.lower().startswith("utf") else "> "
        for number, line in enumerate(wrap(text, self.width - indent - 2)):
            self._line(Text(" " * indent + ("  " if number else arrow) + line, "cyan"))

    def end(self, found: list[Observation], quick: bool) -> None:
        """How many of each state, which are not ok, and what that means."""
        counts = {state: sum(each.state == state for each in found) for state in STATES}
        if quick:
            self._wrapped(self.texts.say("doctor.was_quick"), "dim")
        for state in STATES[1:]:
            names = [self.texts.say(f"doctor.about_{e.name}") for e in found if e.state == state]
            if names:
                joined = self.texts.say("doctor.comma").join(dict.fromkeys(names))
                line = self.texts.say(f"doctor.these_{state}", names=joined)
                self._wrapped(line, STYLES[state])
        self._wrapped(self.texts.say("doctor.counts", **counts), "")
        state = worst(found)
        self._wrapped(self.texts.say(f"doctor.all_{state}"), f"bold {STYLES[state]}")

    def _wrapped(self, text: str, style: str) -> None:
        for line in wrap(text, self.width):
            self._line(Text(line, style))

    def _line(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True)


def as_data(
    parts: list[tuple[str, list[Observation]]], seconds: float, texts: Texts
) -> dict[str, Any]:
    """The JSON form."""
    found = [each for _, observations in parts for each in observations]
    return {
        "schema": SCHEMA,
        "version": __version__,
        "state": worst(found),
        "seconds": round(seconds, 1),
        "counts": {state: sum(each.state == state for each in found) for state in STATES},
        "observations": [
            {
                "part": part,
                "name": each.name,
                "state": each.state,
                "code": each.code,
                "fields": {name: str(value) for name, value in each.fields.items()},
                "text": sentence(each, texts, each.code),
                "advice": sentence(each, texts, each.advice) if each.advice else "",
            }
            for part, observations in parts
            for each in observations
        ],
    }


__all__ = ["OK", "Screen", "as_data", "sentence"]
