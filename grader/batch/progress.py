"""How far a batch is: a bar with an estimate on a terminal, a line now and then in a pipe."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.batch.running import Count
from grader.batch.store import Result
from grader.locale import Texts
from grader.report.cleaning import clean_line

EVERY_S = 10.0
NAME = 24


class Following:
    """Shows a batch while it runs."""

    def __init__(self, console: Console, texts: Texts, total: int) -> None:
        self.console, self.texts, self.total = console, texts, total
        self.slowest: tuple[float, str] = (0.0, "")
        self.start = self.last = time.monotonic()
        self.bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task("", total=total)

    def __enter__(self) -> "Following":
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def done(self, count: Count, result: Result) -> None:
        """A result has been stored."""
        self.slowest = max(self.slowest, (result.seconds, result.student))
        self.bar.update(self.task, completed=count.done)
        now = time.monotonic()
        if not self.console.is_terminal and now - self.last >= EVERY_S:
            self.last = now
            self.console.print(self._line(count), markup=False, highlight=False, soft_wrap=True)

    def working(self, count: Count, busy: list[tuple[str, float]]) -> None:
        """Who is being graded, and for how long."""
        longest = max(busy, key=lambda pair: pair[1], default=("", 0.0))
        name = clean_line(longest[0], NAME)
        fields = {"name": name, "seconds": f"{longest[1]:.0f}"}
        text = self.texts.say("batch.at", **fields)
        self.bar.update(self.task, completed=count.done, description=text)

    def tell_slowest(self) -> None:
        """Who took longest, once all is done."""
        seconds, student = self.slowest
        if seconds:
            fields = {"name": clean_line(student, NAME), "seconds": f"{seconds:.1f}"}
            self.console.print(self.texts.say("batch.slowest", **fields), soft_wrap=True)

    def _line(self, count: Count) -> str:
        spent = time.monotonic() - self.start
        fresh = count.done - count.kept
        left = (self.total - count.done) * spent / max(fresh, 1)
        name = clean_line(self.slowest[1], NAME)
        fields = {"done": count.done, "total": self.total, "minutes": f"{left / 60:.0f}"}
        slow = {"name": name, "seconds": f"{self.slowest[0]:.1f}"}
        return self.texts.say("batch.line", **fields, **slow)


__all__ = ["Following"]
