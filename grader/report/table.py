"""The syllabus as a table: each exercise with a bar, its points, the percentage and its status."""

import math

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.catalog import Catalog
from grader.locale import Texts
from grader.report.layout import shorten
from grader.report.model import ExerciseReport, Report

WIDTH = 100
BAR, NARROW_BAR = 20, 12
GAP = 2
TITLE_ROOM = 12  # an exercise's title is left out where it would have less
STYLES = {
    "passed": "green",
    "failed": "red",
    "error": "red",
    "timeout": "red",
    "fault": "magenta",
    "blocked": "yellow",
    "skipped": "yellow",
    "not_started": "dim",
    "started": "yellow",  # only here: the JSON report says what became of it
}


def syllabus_table(catalog: Catalog, report: Report, texts: Texts, console: Console) -> Table:
    """The table, for the console's width and encoding; with a sum where there are several rows."""
    width = min(console.width, WIDTH)
    bar = BAR if width == WIDTH else NARROW_BAR
    total = texts.say("report.total")
    names = [exercise.name for exercise in report.exercises]
    room = width - _fixed_width([*names, total], bar, report, texts)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    table.add_column(texts.say("report.exercise"), no_wrap=True)
    if room >= TITLE_ROOM:
        table.add_column("", no_wrap=True, max_width=room)
    table.add_column("", no_wrap=True)
    table.add_column(texts.say("report.points"), no_wrap=True, justify="right")
    table.add_column("", no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    for exercise in report.exercises:
        title = Text(shorten(catalog.exercise(exercise.name).title[texts.language], room), "dim")
        word = _word(exercise)
        status = Text(texts.say(f"status.{word}"), STYLES[word])
        cells = [Text(exercise.name), title, *_score(exercise, bar, console), status]
        table.add_row(*(cells if room >= TITLE_ROOM else [cells[0], *cells[2:]]))
    if len(report.exercises) > 1:
        cells = [Text(total, "bold"), Text(""), *_score(report, bar, console)]
        table.add_row(*(cells if room >= TITLE_ROOM else [cells[0], *cells[2:]]))
    return table


def _word(exercise: ExerciseReport) -> str:
    """The status; "started" where something is written and something still to be."""
    found = {check.status for function in exercise.functions for check in function.checks}
    begun = "not_started" in found and exercise.status not in ("not_started", "fault")
    return "started" if begun else exercise.status


def _fixed_width(names: list[str], bar: int, report: Report, texts: Texts) -> int:
    """What a row takes beside the title."""
    states = max(cell_len(texts.say(f"status.{status}")) for status in STYLES)
    points = 2 * len(f"{report.max_score:g}") + 1
    return max(map(cell_len, names)) + bar + points + len("100%") + states + 5 * GAP


def _score(whole: ExerciseReport | Report, bar: int, console: Console) -> list[Text]:
    """The bar, the points and the percentage, rounded down: 100% is full marks only."""
    full, empty = ("█", "░") if console.encoding.lower().startswith("utf") else ("#", ".")
    share = whole.score / whole.max_score if whole.max_score else 1.0
    filled = math.floor(share * bar)
    drawn = Text(full * filled, "green").append(empty * (bar - filled), "dim")
    points = f"{whole.score:g}/{whole.max_score:g}"
    return [drawn, Text(points), Text(f"{math.floor(share * 100)}%")]
