"""What becomes of a report: files, the terminal, what a CI system gets, and the exit code."""

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console

from grader import ci, formats
from grader.arguments import STANDARD_OUTPUT, Order, Output, default_seed, write_json
from grader.checking.session import Graded
from grader.formats.about import About
from grader.formats.gathering import gathered
from grader.locale import Texts
from grader.progress.history import remember
from grader.report.cleaning import clean_line
from grader.report.model import Report
from grader.report.table import WIDTH
from grader.report.terminal import Terminal

FAULT = 3
ENOUGH = 1e-9  # points that rounding may take from a threshold


class Delivery:
    """Delivers the report of one run. What can't be written is said, and stops nothing else.

    Args:
        complain: puts a sentence on standard error.
    """

    def __init__(self, wish: Order, texts: Texts, complain: Callable[[Texts, str], None]) -> None:
        self.wish = wish
        self.texts = texts
        self._complain = functools.partial(complain, texts)
        self.outputs = [*wish.outputs]
        if wish.json is not None:
            self.outputs.insert(0, Output("json", wish.json))
        self.ci = ci.writer_of(os.environ, [output.format for output in self.outputs])
        self.failed = False
        self._about: About | None = None

    def files(self, graded: Graded, report: Report) -> None:
        """Every file that was asked for."""
        for output in self.outputs:
            try:
                content = formats.writer(output.format)(report, self.about(graded))
                _deliver(output.path, content)
            except Exception as error:  # the other files, and the report, are still to come
                if os.environ.get("GRADER_DEBUG"):
                    raise
                self.failed = True
                fields = {"path": output.path, "error": f"{type(error).__name__}: {error}"}
                self._say("cli.out_failed", format=output.format, **fields)

    def terminal(self, graded: Graded, report: Report) -> None:
        """The report for people, and what the CI system shows beside it."""
        to_stdout = all(output.path != STANDARD_OUTPUT for output in self.outputs)
        width = WIDTH if self.ci else None  # a log in a browser has no width of its own
        plain = {"highlight": False, "markup": False, "emoji": False}
        console = Console(stderr=not to_stdout, width=width, **plain)  # type: ignore[arg-type]
        wish = self.wish
        seen = Terminal(console, self.texts, wish.submission, wish.exercises, default_seed())
        # rich leaves with SystemExit when the reader of a pipe has gone; the verdict stands
        with contextlib.suppress(SystemExit), ci.fenced(self.ci, console.file):
            seen.show(graded, report)
        if self.ci is not None:
            for name in self.ci.report(report, self.about(graded), console.file):
                self._say(name)
        if self.wish.fail_under is not None and not self._enough(report):
            fields = {"score": f"{report.score:g}", "least": f"{self.wish.fail_under:g}"}
            self._say("ci.below", **fields)

    def history(self, report: Report, sources: dict[str, str] | None) -> None:
        """A line on how far one has come since, and the record of this run for the next one.

        Args:
            sources: hashes of what was graded; None if this submission has no history.
        """
        if sources is None:
            return
        line = remember(report, self.wish.submission, self.texts, self._say_line, sources)
        if line is not None:
            to_stdout = all(output.path != STANDARD_OUTPUT for output in self.outputs)
            print(line, file=sys.stdout if to_stdout else sys.stderr)

    def exit_code(self, report: Report) -> int:
        """0 enough (all, if no threshold was set), 1 not enough, 3 a fault of the kit's own."""
        if self.failed or "fault" in report.statuses:
            return FAULT
        if self.wish.fail_under is None:
            return report.exit_code
        return 0 if self._enough(report) else 1

    def about(self, graded: Graded) -> About:
        """What stands beside the report; gathered once."""
        if self._about is None:
            wish = self.wish
            whose = (wish.student, wish.assignment)
            self._about = gathered(graded, wish.submission, self.texts, *whose)
        return self._about

    def _enough(self, report: Report) -> bool:
        return report.score + ENOUGH >= (self.wish.fail_under or 0.0)

    def _say_line(self, line: str) -> None:
        self._complain(clean_line(line, 400))

    def _say(self, name: str, **fields: Any) -> None:
        cleaned = {key: clean_line(str(value), 400) for key, value in fields.items()}
        self._complain(self.texts.say(name, **cleaned))


def _deliver(path: str, content: bytes) -> None:
    if path == STANDARD_OUTPUT:
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        except BrokenPipeError:  # its reader has gone; Python must not complain at exit either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        write_json(path, content)
