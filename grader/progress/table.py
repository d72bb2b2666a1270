"""``list`` on a terminal: a row an exercise, and what to do next."""

import math
import time

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.locale import Texts
from grader.progress.history import when
from grader.progress.standing import CHANGED, FULL, Standing, next_of
from grader.report.layout import shorten, wrap

WIDTH, BAR, GAP, TITLE_ROOM = 100, 10, 2, 12
STYLES = {FULL: "green", "started": "yellow", CHANGED: "cyan", "missing": "red"}


def show(found: list[Standing], texts: Texts, console: Console) -> None:
    """Print the table and the next step."""
    console.print(_table(found, texts, console))
    lines = [""]
    following = next_of(found)
    if following is None:
        lines.append(texts.say("progress.all_full"))
    else:
        name = following.exercise.name
        lines.append(texts.say(f"progress.next_{following.state}", name=name))
        lines.append(f"  make grade EX={name}")
    width = min(console.width, WIDTH)
    for line in lines:
        for part in wrap(line, width):
            console.print(Text(part), soft_wrap=True)


def _table(found: list[Standing], texts: Texts, console: Console) -> Table:
    now = time.time()
    rows = [_row(each, texts, now, console) for each in found]
    known = [each.result for each in found if each.result]
    most = sum(each.exercise.points for each in found)
    total = sum(result.score for result in known)
    rows.append([Text(texts.say("report.total"), "bold"), Text(),
                 *_points(total, most, console), Text(), Text()])  # fmt: skip
    taken = [max(cell_len(row[column].plain) for row in rows) for column in (0, 2, 3, 4, 5)]
    room = min(console.width, WIDTH) - sum(taken) - GAP * 5
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=False)
    for column in range(6):
        table.add_column(no_wrap=True, justify="right" if column == 3 else "left")
    for each, row in zip([*found, None], rows, strict=True):
        if each is not None and room >= TITLE_ROOM:
            row[1] = Text(shorten(each.exercise.title[texts.language], room), "dim")
        table.add_row(*row)
    return table


def _row(each: Standing, texts: Texts, now: float, console: Console) -> list[Text]:
    state = Text(texts.say(f"progress.state_{each.state}"), STYLES.get(each.state, "dim"))
    at = when(each.result.at, now, texts) if each.result else ""
    score = each.result.score if each.result else None
    points = _points(score, each.exercise.points, console)
    return [Text(each.exercise.name), Text(), *points, state, Text(at, "dim")]


def _points(score: float | None, most: float, console: Console) -> list[Text]:
    full, empty = ("█", "░") if console.encoding.lower().startswith("utf") else ("#", ".")
    filled = math.floor((score or 0) / most * BAR) if most else BAR
    drawn = Text(full * filled, "green").append(empty * (BAR - filled), "dim")
    return [drawn, Text(f"{'–' if score is None else format(score, 'g')}/{most:g}")]


__all__ = ["show"]
