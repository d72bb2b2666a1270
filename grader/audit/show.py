"""An audit on a terminal: a row an exercise, the kill matrix of one, every problem in a line."""

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.audit.model import Audit, ExerciseAudit, Problem
from grader.audit.verdict import explanations, kill_rate, pressing
from grader.locale import Texts
from grader.report.layout import pad, shorten, wrap

WIDTH = 100
NAMES = 34  # cells of a wrong version's name in the matrix
PROBLEMS = 40  # shown; the page has all
KILLED, PASSED = "×", "·"


def show(audit: Audit, texts: Texts, console: Console, matrix: bool, page: str) -> None:
    """Print the summary, the problems, and where the page is.

    Args:
        matrix: also the kill matrix of every exercise.
        page: the path of the HTML page.
    """
    say = texts.say
    width = min(console.width, WIDTH)

    def line(text: str, style: str = "", indent: str = "") -> None:
        for part in wrap(text, width - len(indent)):
            console.print(Text(indent + part, style), soft_wrap=True)

    for exercise in audit.exercises if matrix else []:
        for text in matrix_lines(exercise, texts, width):
            console.print(Text(text), soft_wrap=True)
    console.print(_summary(audit, texts))
    for row in [r for e in audit.exercises for r in e.mutants if r.fate == "explained"]:
        reason = explanations()["survivors"].get(row.id, "")
        line(say("audit.explained", mutant=row.id, reason=reason), "dim")
    problems = audit.problems
    for problem in problems[:PROBLEMS]:
        line(problem_text(problem, texts), "red")
    if len(problems) > PROBLEMS:
        line(say("report.more", count=len(problems) - PROBLEMS), "red")
    fails = any(map(pressing, audit.exercises))
    verdict = "bad" if fails else "owed" if problems else "good"
    seconds = f"{audit.seconds:.0f}"
    line(say(f"audit.{verdict}", count=len(problems), seconds=seconds), "" if problems else "green")
    line(say("audit.page", path=page), "dim")


def problem_text(problem: Problem, texts: Texts) -> str:
    """What must not be, in a sentence."""
    return texts.say(f"audit.problem_{problem.code}", **problem.fields)


def _summary(audit: Audit, texts: Texts) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(texts.say("report.exercise"), no_wrap=True)
    for name in ("wrong", "named", "inline", "mutants", "rate", "same", "styles", "problems"):
        table.add_column(texts.say(f"audit.{name}"), justify="right", no_wrap=True)
    for exercise in audit.exercises:
        table.add_row(exercise.name, *figures(exercise))
    if len(audit.exercises) > 1:
        table.add_row(Text(texts.say("report.total"), "bold"), *figures(_together(audit)))
    return table


def figures(audit: ExerciseAudit) -> list[str]:
    """Wrong versions caught, named, inline; mutants killed, rate; equivalent; styles; problems."""
    caught = sum(bool(row.killed_by) for row in audit.wrong)
    named = sum(row.diagnosis == row.id for row in audit.wrong)
    inline = [row for row in audit.inline if row.fate != "no_mistake"]
    killed = sum(row.fate == "killed" for row in audit.mutants)
    same = sum(row.fate == "equivalent" for row in audit.mutants)
    rate = kill_rate(audit)
    right = sum(not audit.lost.get(name) for name in audit.styles)
    return [
        f"{caught}/{len(audit.wrong)}",
        str(named),
        f"{sum(row.fate == 'named' for row in inline)}/{len(inline)}",
        f"{killed}/{len(audit.mutants) - same}",
        "–" if rate is None else f"{100 * rate:.1f}%",
        str(same),
        f"{right}/{len(audit.styles)}",
        str(len(audit.problems)),
    ]


def _together(audit: Audit) -> ExerciseAudit:
    whole = ExerciseAudit("", "", [])
    for each in audit.exercises:
        whole.wrong += each.wrong
        whole.inline += each.inline
        whole.mutants += each.mutants
        whole.styles += [f"{each.name}/{name}" for name in each.styles]
        whole.lost.update({f"{each.name}/{name}": lost for name, lost in each.lost.items()})
        whole.problems += each.problems
    return whole


def matrix_lines(audit: ExerciseAudit, texts: Texts, width: int) -> list[str]:
    """Wrong versions down, checks across, a block a function; the last column names the mistake."""
    lines = []
    for each in audit.checks:
        rows = [row for row in audit.wrong if row.function == each.function]
        lines.append(f"{audit.name}.{each.function}")
        for number, name in enumerate(each.names, 1):
            kills = audit.kills(each.function, name)
            lines.append(f"  {number:>2} {name}  ({texts.say('audit.kills', count=kills)})")
        numbers = "".join(f"{number:>3}" for number in range(1, len(each.names) + 1))
        lines.append(f"  {pad('', NAMES)}{numbers}  {texts.say('audit.diagnosis')}")
        for row in rows:
            name = row.id.removeprefix(f"{audit.name}.{each.function}.")
            marks = "".join(f"{KILLED if n in row.killed_by else PASSED:>3}" for n in each.names)
            named = texts.say("audit.named_right") if row.diagnosis == row.id else row.diagnosis
            text = f"  {pad(shorten(name, NAMES), NAMES)}{marks}  {named}"
            lines.append(shorten(text, width) if cell_len(text) > width else text.rstrip())
        lines.append("")
    return lines
