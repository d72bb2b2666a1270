"""What several formats share: a report's functions, and what is to be told about each."""

from collections.abc import Iterator

from grader.formats.about import About
from grader.formats.safe import number, text
from grader.report import layers
from grader.report.model import CheckReport, ExerciseReport, FunctionReport, Report

EARNS = ("passed", "skipped")
BROKEN = ("error", "timeout", "fault")  # rather than answered wrongly


def functions(report: Report) -> Iterator[tuple[ExerciseReport, FunctionReport]]:
    """Every function with its exercise, in the syllabus's order."""
    for exercise in report.exercises:
        for function in exercise.functions:
            yield exercise, function


def checks(report: Report) -> Iterator[tuple[ExerciseReport, FunctionReport, CheckReport]]:
    """Every check with its function and exercise, in the syllabus's order."""
    for exercise, function in functions(report):
        for check in function.checks:
            yield exercise, function, check


def points(score: float, most: float) -> str:
    """7/10."""
    return f"{number(score)}/{number(most)}"


def percent(score: float, most: float) -> int:
    """Rounded down: 100 is full marks only."""
    return 100 if score >= most else int(100 * score / most)


def summary(report: Report, about: About) -> str:
    """The whole run in a line."""
    fields = {"points": points(report.score, report.max_score)}
    fields["percent"] = str(percent(report.score, report.max_score))
    return about.texts.say("formats.summary", **fields)


def notes(report: Report, about: About) -> list[str]:
    """What to know beside the points: a fault of the kit, what was not judged, which run it was."""
    found = []
    faults = sum(check.status == "fault" for _, _, check in checks(report))
    skipped = [check.id for _, _, check in checks(report) if check.status == "skipped"]
    if faults:
        found.append(about.texts.say("report.fault", count=faults))
    if skipped:
        names = ", ".join(skipped[:12]) + (", ..." if len(skipped) > 12 else "")
        found.append(about.texts.say("report.skipped", names=names))
    fields = {"seed": report.seed, "device": report.device, "sandbox": report.sandbox}
    found.append(about.texts.say("formats.run", seconds=f"{report.duration_s:.1f}", **fields))
    found += layers.meanings(report.sandbox, about.texts)
    return found


def told(function: FunctionReport, about: About, limit: int) -> str:
    """What did not pass in a function: titles with their message, one message once."""
    groups: dict[str, list[CheckReport]] = {}
    for check in function.checks:
        if check.status != "passed":
            groups.setdefault(check.message, []).append(check)
    parts = [_group(message, own, about, limit) for message, own in groups.items()]
    return "\n\n".join(parts)


def _group(message: str, own: list[CheckReport], about: About, limit: int) -> str:
    heads = [
        f"{about.texts.say(f'status.{check.status}').upper()}  {check.title}  "
        f"({points(check.score, check.points)})"
        for check in own
    ]
    body = text(message, limit, about.texts) if limit else ""
    return "\n".join([*heads, *([body] if body else [])])
