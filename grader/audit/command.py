"""``python -m grader audit``: run it, show it, keep it; 0 if there is no problem, else 1."""

from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from grader import catalog as catalogs
from grader.arguments import write_json
from grader.audit.auditing import audit
from grader.audit.page import page
from grader.audit.show import show
from grader.audit.verdict import pressing
from grader.locale import Texts

ALL = "audit"  # the names of the page and the JSON file


def run(exercises: list[str], changed: bool, out: str, texts: Texts) -> int:
    """Audit the exercises (all if none is named); write ``audit.html`` and ``audit.json``.

    Args:
        changed: only what has changed since its last audit.
        out: the folder for what is written.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    names = exercises or catalogs.load().names
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with Progress(
        TextColumn("{task.description:<16}", markup=False),
        BarColumn(30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    ) as bar:
        task = bar.add_task(texts.say("audit.starting"), total=None)

        def progress(exercise: str, done: int, total: int) -> None:
            bar.update(task, description=exercise, completed=done, total=total)

        found = audit(names, folder / "exercises", changed, progress)
    write_json(str(folder / f"{ALL}.json"), msgspec.json.format(msgspec.json.encode(found)))
    target = folder / f"{ALL}.html"
    write_json(str(target), page(found, texts))
    show(found, texts, console, matrix=len(exercises) == 1, page=str(target))
    return 1 if any(map(pressing, found.exercises)) else 0
