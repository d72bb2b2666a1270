"""Markdown as GitHub shows it in the summary of a step: the table, the first fault, the others.

Within 1 MiB. What comes from a submission stands in blocks of code, where nothing acts.
"""

from grader.formats.about import About
from grader.formats.outline import functions, notes, percent, points, summary, told
from grader.formats.safe import fenced, fitted, markdown, text
from grader.report.model import CheckReport, ExerciseReport, FunctionReport, Report

MOST_BYTES = 1024 * 1024
BAD = ("failed", "error", "timeout", "fault")


def write(report: Report, about: About) -> bytes:
    """The file."""
    return within(report, about, MOST_BYTES)


def within(report: Report, about: About, most: int) -> bytes:
    """The file, in at most ``most`` bytes; the table alone if there is no more room."""
    return fitted(lambda limit: _page(report, about, limit).encode(), most)


def _page(report: Report, about: About, limit: int) -> str:
    blocks = [f"## {markdown(summary(report, about))}", _table(report, about)]
    first = _first(report)
    if first is not None and limit:
        blocks += _in_full(*first, about, limit)
    if limit:
        for exercise in report.exercises:
            blocks += _details(exercise, about, limit)
    blocks += [f"{markdown(note, 1000)}" for note in notes(report, about)]
    return "\n\n".join(blocks) + "\n"


def _table(report: Report, about: About) -> str:
    say = about.texts.say
    rows = [
        f"| {say('report.exercise')} | | {say('report.points')} | | |",
        "|:--|:--|--:|--:|:--|",
    ]
    for exercise in report.exercises:
        title = markdown(about.title(exercise.name), 80)
        rows.append(
            f"| `{exercise.name}` | {title} | {points(exercise.score, exercise.max_score)} | "
            f"{percent(exercise.score, exercise.max_score)}% | {say(f'status.{exercise.status}')} |"
        )
    if len(report.exercises) > 1:
        share = percent(report.score, report.max_score)
        whole = points(report.score, report.max_score)
        rows.append(f"| **{say('report.total')}** | | **{whole}** | **{share}%** | |")
    return "\n".join(rows)


def _first(report: Report) -> tuple[ExerciseReport, FunctionReport, CheckReport] | None:
    for exercise, function in functions(report):
        for check in function.checks:
            if check.status in BAD:
                return exercise, function, check
    return None


def _in_full(
    exercise: ExerciseReport,
    function: FunctionReport,
    check: CheckReport,
    about: About,
    limit: int,
) -> list[str]:
    name = f"{exercise.name}.{function.name}"
    head = about.texts.say("formats.first", name=name, title=check.title)
    return [f"### {markdown(head)}", fenced(text(check.message, limit, about.texts))]


def _details(exercise: ExerciseReport, about: About, limit: int) -> list[str]:
    """What did not pass in one exercise, folded up; functions not begun by their names."""
    wrong = [f for f in exercise.functions if f.score < f.max_score]
    begun = [f for f in wrong if any(check.status != "not_started" for check in f.checks)]
    waiting = [f"`{function.name}`" for function in wrong if function not in begun]
    if not begun:
        return []
    whole = points(exercise.score, exercise.max_score)
    name = f"<code>{exercise.name}</code>"
    head = about.texts.say("formats.details", name=name, points=whole, count=len(begun))
    blocks = [f"<details><summary>{head}</summary>"]
    for function in begun:
        score = points(function.score, function.max_score)
        blocks += [f"**`{function.name}`** {score}", fenced(told(function, about, limit))]
    if waiting:
        blocks.append(about.texts.say("report.not_started", names=", ".join(waiting)))
    return [*blocks, "</details>"]
