"""A line that shows how far a run is, on a terminal only; in a pipe it writes nothing."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from grader.catalog import Catalog, Check
from grader.checking.scoring import Outcome
from grader.locale import Texts

NAME_CELLS = 34


class Live:
    """The line, which disappears at the end. ``checked`` is what a grading run calls.

    Args:
        wanted: the exercises that the report is about; their checks are what is counted.
    """

    def __init__(self, console: Console, texts: Texts, catalog: Catalog, wanted: list[str]) -> None:
        chosen = [exercise for exercise in catalog.exercises if exercise.name in wanted]
        total = sum(len(f.checks) for exercise in chosen for f in exercise.functions)
        self.texts = texts
        self.wanted = set(wanted)
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(20),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not console.is_terminal,
        )
        self.task = self.progress.add_task(texts.say("report.starting"), total=total)

    def __enter__(self) -> "Live":
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.progress.stop()

    def say(self, line: str) -> None:
        """A line that stays, also where there is no terminal."""
        self.progress.console.print(line, markup=False)

    def doing(self, text: str) -> None:
        """What is done after the checks."""
        self.progress.update(self.task, description=f"{text:{NAME_CELLS}}")

    def checked(self, check: Check, outcome: Outcome | None) -> None:
        """Called before each check (no outcome yet) and after it."""
        if outcome is not None:
            self.progress.advance(self.task, int(check.exercise in self.wanted))
            return
        text = f"{self.texts.say('report.running')} {check.exercise}.{check.function}"
        self.progress.update(self.task, description=f"{text:{NAME_CELLS}}")
