"""Which findings of an audit must not be, each as a problem that names a sentence."""

import re
from collections import Counter

from grader import catalog as catalogs
from grader import misconceptions
from grader.audit.model import ExerciseAudit, MutantRow, Problem
from grader.catalog import CHECKS, read_toml
from grader.locale import LANGUAGES

LEAST_WRONG_VERSIONS = 6  # of each function
KILL_RATE = 0.99  # of the mutants that are not equivalent
EXPLANATIONS = CHECKS / "audit.toml"
NAMES = ("unnamed", "diagnosis", "misnamed")  # codes of problems that are about names alone
KINDS = ("free", "survivors", "names", "idle", "unnamed", "inline")


def explanations() -> dict[str, dict[str, str]]:
    """What may stay, with its reason.

    Mutants that do what the interface leaves ``free``, and ``survivors`` that no check can see;
    ``names`` that fit a mutant although it is not that mistake in everything; ``idle`` checks;
    known mistakes that stay ``unnamed``, and ``inline`` ones that no check need catch.
    """
    read = read_toml(EXPLANATIONS) if EXPLANATIONS.is_file() else {}
    return {name: read.get(name, {}) for name in KINDS}


def pressing(audit: ExerciseAudit) -> list[Problem]:
    """The problems that make an audit fail: all but names that are known to be owed.

    ``[debt]`` in audit.toml says how many names an exercise owes; one more fails.
    """
    read = read_toml(EXPLANATIONS) if EXPLANATIONS.is_file() else {}
    names = [problem for problem in audit.problems if problem.code in NAMES]
    others = [problem for problem in audit.problems if problem.code not in NAMES]
    return [*others, *names[int(read.get("debt", {}).get(audit.name, 0)) :]]


def judge(audit: ExerciseAudit) -> None:
    """Fill in the problems of an exercise's audit, and which survivors are explained."""
    reasons = explanations()
    for row in audit.mutants:
        if row.fate == "survived" and reasons["free"].get(row.id, "").strip():
            row.fate = "equivalent"
        if row.fate == "survived" and reasons["survivors"].get(row.id, "").strip():
            row.fate = "explained"
        row.misnamed = row.misnamed and not reasons["names"].get(row.id, "").strip()
    audit.problems = [
        *_structure(audit),
        *_correct_code(audit),
        *_wrong_versions(audit),
        *_names(audit, reasons["unnamed"]),
        *_inline(audit, {**reasons["unnamed"], **reasons["inline"]}),
        *_idle_checks(audit, reasons["idle"]),
        *_mutants(audit),
        *(Problem("fault", {"text": text}) for text in audit.faults),
    ]


def _structure(audit: ExerciseAudit) -> list[Problem]:
    """Enough wrong versions of every function, in both languages; correct code in other styles."""
    counts = Counter(row.function for row in audit.wrong)
    functions = catalogs.load().exercise(audit.name).functions
    found = [
        Problem("few", {"function": f.key, "count": str(counts[f.name])})
        for f in functions
        if counts[f.name] < LEAST_WRONG_VERSIONS
    ]
    if not audit.styles:
        found.append(Problem("no_style", {"exercise": audit.name}))
    for mistake in misconceptions.misconceptions(audit.name):
        for language in LANGUAGES:
            if not (mistake.text[language].strip() and mistake.hint[language].strip()):
                found.append(Problem("untold", {"mistake": mistake.id, "language": language}))
        if not re.search("[\u4e00-\u9fff]", mistake.text["zh"] + mistake.hint["zh"]):
            found.append(Problem("untold", {"mistake": mistake.id, "language": "zh"}))
    return found


def _correct_code(audit: ExerciseAudit) -> list[Problem]:
    found = [
        Problem("lost", {"code": name, "checks": ", ".join(checks)})
        for name, checks in audit.lost.items()
        if checks
    ]
    if audit.earned_by_stub:
        found.append(Problem("stub", {"checks": ", ".join(audit.earned_by_stub)}))
    return found


def _wrong_versions(audit: ExerciseAudit) -> list[Problem]:
    found = []
    texts = {m.id: m.text["en"] for m in misconceptions.misconceptions(audit.name)}
    for row in audit.wrong:
        if not row.killed_by:
            found.append(Problem("survivor", {"mistake": row.id}))
        if row.blamed:
            found.append(Problem("blame", {"mistake": row.id, "others": ", ".join(row.blamed)}))
        form = texts.get(row.diagnosis) == texts[row.id]  # of the same mistake
        if row.diagnosis not in ("", row.id) and not form:
            found.append(Problem("diagnosis", {"mistake": row.id, "named": row.diagnosis}))
    return found


def _names(audit: ExerciseAudit, reasons: dict[str, str]) -> list[Problem]:
    """Every wrong version is named as itself, in the solution and alone in a file."""
    found = []
    texts = {m.id: m.text["en"] for m in misconceptions.misconceptions(audit.name)}
    for row in audit.wrong:
        alone = audit.alone.get(row.id, row.id)
        if alone and texts.get(alone) != texts[row.id]:  # not even of the same mistake
            found.append(Problem("diagnosis", {"mistake": row.id, "named": alone}))
        if not (row.diagnosis and alone) and not reasons.get(row.id, "").strip():
            found.append(Problem("unnamed", {"mistake": row.id}))
    return found


def _inline(audit: ExerciseAudit, reasons: dict[str, str]) -> list[Problem]:
    """So are helpers' mistakes inside the functions that use them, where they matter at all."""
    problems = {"survived": "survivor", "unnamed": "unnamed", "taken": "diagnosis"}
    return [
        Problem(problems[row.fate], {"mistake": row.id, "named": row.diagnosis})
        for row in audit.inline
        if row.fate in problems and not reasons.get(row.id, "").strip()
    ]


def _idle_checks(audit: ExerciseAudit, reasons: dict[str, str]) -> list[Problem]:
    return [
        Problem("idle", {"check": f"{audit.name}.{each.function}.{name}"})
        for each in audit.checks
        for name in each.names
        if not audit.kills(each.function, name)
        and not reasons.get(f"{audit.name}.{each.function}.{name}", "").strip()
    ]


def _mutants(audit: ExerciseAudit) -> list[Problem]:
    found = [
        Problem("mutant", {"mutant": row.id, "line": str(row.line), **_change(row)})
        for row in audit.mutants
        if row.fate == "survived"
    ]
    found += [
        Problem("misnamed", {"mutant": row.id, "named": row.diagnosis, **_change(row)})
        for row in audit.mutants
        if row.misnamed
    ]
    rate = kill_rate(audit)
    if rate is not None and rate < KILL_RATE:
        text = f"{100 * rate:.1f}"
        found.append(Problem("rate", {"exercise": audit.name, "rate": text, "least": "99"}))
    return found


def _change(row: MutantRow) -> dict[str, str]:
    return {"before": row.before, "after": row.after}


def kill_rate(audit: ExerciseAudit, function: str | None = None) -> float | None:
    """The share of the mutants that are not equivalent which the checks kill."""
    rows = [row for row in audit.mutants if function in (None, row.function)]
    counted = [row for row in rows if row.fate != "equivalent"]
    if not counted:
        return None
    return sum(row.fate == "killed" for row in counted) / len(counted)
