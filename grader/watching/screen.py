"""What ``watch`` shows: the first failure at once, then the report, and a line of keys.

On a terminal each picture takes the place of the last one; in a pipe they follow each other.
"""

import time

from rich.console import Console
from rich.text import Text

from grader.arguments import default_seed
from grader.checking.scoring import Outcome
from grader.checking.session import Graded
from grader.locale import Texts
from grader.report.layout import packed
from grader.report.model import Report
from grader.report.overview import Entry
from grader.report.table import WIDTH
from grader.report.terminal import Terminal

KEYS = "hlnrdq"


class Screen(Terminal):
    """Shows runs of one submission.

    Args:
        keyboard: whether keys can be pressed; else they are not offered.
    """

    def __init__(self, console: Console, texts: Texts, submission: str, keyboard: bool) -> None:
        super().__init__(console, texts, submission, [], default_seed())
        self.keyboard = keyboard

    def begins(self, name: str) -> None:
        """A run has begun."""
        self._clear()
        moment = time.strftime("%H:%M:%S")
        self._line(self.say("watch.begins", name=name, time=moment), "dim")

    def first(self, outcome: Outcome, graded: Graded) -> None:
        """The first check that failed, while the others still run."""
        check = outcome.check
        entry = Entry(check.exercise, check.function, outcome.status, [outcome])
        self._line()
        self._in_full(entry, graded)
        self._line(self.say("watch.goes_on"), "dim")

    def verdict(
        self, graded: Graded, report: Report, named: list[str], history: str | None
    ) -> None:
        """The whole report."""
        self._clear()
        self.named = named
        self.show(graded, report)
        if history:
            self._line(history)
        self.offer()

    def lines(self, lines: list[str]) -> None:
        """Some text below what is there."""
        for line in lines:
            self._line(line)

    def fresh(self) -> None:
        """Begin a new picture."""
        self._clear()

    def offer(self) -> None:
        """The keys, where there is a keyboard; else how to leave."""
        self._line()
        if not self.keyboard:
            self._line(self.say("watch.waits"), "dim")
            return
        items = [self.say(f"watch.key_{key}") for key in KEYS]
        for line in packed(items, self.width):
            self._print(Text(line.rstrip(), "dim"))

    def _clear(self) -> None:
        if self.console.is_terminal:
            self.console.clear()
        else:
            self._line("-" * min(self.width, WIDTH))


__all__ = ["Screen"]
