"""From the outcomes of a run to the report that every writer shares."""

import os
import traceback
from collections.abc import Iterable
from typing import Any

from grader import edition as editions
from grader.catalog import Check, Exercise, Function
from grader.checking.scoring import Outcome, combined
from grader.checking.session import Graded
from grader.findings import Finding
from grader.locale import Texts
from grader.report import model
from grader.report.cleaning import clean_line
from grader.report.layers import sandbox_text
from grader.report.parts import left_out_line
from grader.report.wording import WIDTH, counterexample, message, one_line

DIGITS = 4  # of durations


def build_report(
    graded: Graded,
    submission: str,
    seed: int,
    device: str,
    duration_s: float,
    texts: Texts,
    width: int = WIDTH,
) -> model.Report:
    """Every exercise that was asked for, with all functions and checks, in the syllabus's order.

    Args:
        submission: the folder, as the user typed it.
        width: of the messages' lines, in cells.
    """
    chosen = [graded.catalog.exercise(name) for name in graded.catalog.names]
    exercises = [
        _exercise(exercise, graded.outcomes, submission, texts, width)
        for exercise in chosen
        if exercise.name in graded.wanted
    ]
    for exercise in exercises:
        partly = graded.left_out.get(exercise.name)
        if partly is not None:
            exercise.left_out = left_out_line(partly, graded.shown(exercise.name), texts)
    return model.Report(
        schema=model.SCHEMA,
        submission=clean_line(submission, 1000),
        seed=seed,
        device=device,
        sandbox=sandbox_text(graded.layers),
        duration_s=round(duration_s, DIGITS),
        score=float(sum(exercise.score for exercise in exercises)),
        max_score=float(sum(exercise.max_score for exercise in exercises)),
        exercises=exercises,
        edition=_edition(graded.wanted),
    )


def _edition(wanted: Iterable[str]) -> model.EditionReport | None:
    here = editions.current()
    if here is None:
        return None
    elsewhere = sum(here.elsewhere.get(name, 0) for name in wanted)
    return model.EditionReport(here.kind, here.id, float(elsewhere))


def _exercise(
    exercise: Exercise, outcomes: dict[str, Outcome], submission: str, texts: Texts, width: int
) -> model.ExerciseReport:
    functions = [
        _function(function, outcomes, submission, texts, width) for function in exercise.functions
    ]
    return model.ExerciseReport(
        name=exercise.name,
        score=float(sum(function.score for function in functions)),
        max_score=float(exercise.points),
        status=combined([check.status for function in functions for check in function.checks]),
        functions=functions,
    )


def _function(
    function: Function, outcomes: dict[str, Outcome], submission: str, texts: Texts, width: int
) -> model.FunctionReport:
    own = [outcomes[check.id] for check in function.checks]
    checks = [_check(outcome, submission, texts, width) for outcome in own]
    return model.FunctionReport(
        name=function.name,
        score=float(sum(check.score for check in checks)),
        max_score=float(function.points),
        status=combined([check.status for check in checks]),
        checks=checks,
    )


def _check(outcome: Outcome, submission: str, texts: Texts, width: int) -> model.CheckReport:
    check, finding = outcome.check, outcome.finding
    report = model.CheckReport(
        id=check.id,
        kind=check.kind,
        title=check.title[texts.language],
        points=float(check.points),
        score=float(outcome.score),
        status=outcome.status,
        blocked_by=list(outcome.blocked_by),
        duration_s=round(outcome.duration_s, DIGITS),
    )
    if finding is not None:
        report.message, report.counterexample = _shown(finding, check, texts, submission, width)
        if finding.diagnosis is not None:
            text = finding.diagnosis.text[texts.language]
            report.diagnosis = model.Diagnosis(finding.diagnosis.id, text)
    return report


def _shown(
    finding: Finding, check: Check, texts: Texts, submission: str, width: int
) -> tuple[str, dict[str, Any] | None]:
    """A finding's message and counterexample; where an answer can't be shown, without it."""
    try:
        text = "\n".join(message(finding, check, texts, submission, width))
        return text, counterexample(finding)
    except Exception:  # one that nobody thought of costs its own picture, not the report
        if os.environ.get("GRADER_DEBUG"):
            traceback.print_exc()
        return f"  {one_line(finding, texts, width - 2)}", None
