"""One job of an audit, in a process that keeps an engine warm; what comes back is plain data."""

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import catalog as catalogs
from grader import misconceptions
from grader.audit import alone, assemble, behaviour
from grader.audit.jobs import SEED, Job, dependents
from grader.audit.model import InlineVersion, MutantRow, WrongVersion
from grader.audit.mutants import Mutant
from grader.checking import pairs
from grader.checking.scoring import Outcome
from grader.checking.session import Engine, Graded
from grader.misconceptions import Misconception
from grader.misconceptions.inline import Inline, inlined

BLAMED = ("failed", "error", "timeout", "not_started")
_engine: list[Engine] = []


@dataclasses.dataclass
class Found:
    """What a job found; see ``model.ExerciseAudit`` for the fields."""

    exercise: str
    wrong: list[WrongVersion] = dataclasses.field(default_factory=list)
    alone: dict[str, str] = dataclasses.field(default_factory=dict)
    inline: list[InlineVersion] = dataclasses.field(default_factory=list)
    mutants: list[MutantRow] = dataclasses.field(default_factory=list)
    lost: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    earned_by_stub: list[str] = dataclasses.field(default_factory=list)
    faults: list[str] = dataclasses.field(default_factory=list)


def engine() -> Engine:
    """This process's engine."""
    if not _engine:
        _engine.append(Engine())
    return _engine[0]


def run(job: Job) -> Found:
    """Do one job."""
    found = Found(job.exercise)
    _JOBS[job.kind](job, found)
    return found


def _reference(job: Job, found: Found) -> None:
    graded = engine().grade(assemble.SOLUTIONS, [job.exercise], SEED)
    found.lost["reference"] = _lost(graded)
    _note_faults(graded, found)


def _stub(job: Job, found: Found) -> None:
    graded = engine().grade(assemble.EXERCISES, [job.exercise], SEED)
    found.earned_by_stub = [key for key, outcome in graded.outcomes.items() if outcome.score]


def _styles(job: Job, found: Found) -> None:
    for folder in job.what:
        graded = engine().grade(Path(folder), [job.exercise], SEED, isolated=False)
        found.lost[Path(folder).name] = _lost(graded)
        _note_faults(graded, found)


def _lost(graded: Graded) -> list[str]:
    return [key for key, o in graded.outcomes.items() if o.status not in ("passed", "skipped")]


def _note_faults(graded: Graded, found: Found) -> None:
    for key, outcome in graded.outcomes.items():
        if outcome.status == "fault" and outcome.finding:
            found.faults.append(f"{key}: {outcome.finding.fields}")


def _grade(exercise: str, source: str, functions: Iterable[str], first: bool) -> Graded:
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        return engine().grade(
            assemble.write(Path(folder), exercise, source),
            [exercise],
            SEED,
            functions=set(functions),
            shrink=False,
            first=first,
            isolated=False,
            diagnosed=True,
        )


def _wrong(job: Job, found: Found) -> None:
    """Each round of known mistakes against all checks of their functions, and of those above."""
    known = {mistake.id: mistake for mistake in misconceptions.misconceptions(job.exercise)}
    for ids in job.what:
        mistakes = [known[name] for name in ids]
        functions = {f"{job.exercise}.{mistake.function}" for mistake in mistakes}
        above = {other for m in mistakes for other in dependents(job.exercise, m.function)}
        source = assemble.with_mistakes(job.exercise, mistakes)
        graded = _grade(job.exercise, source, functions | above, first=False)
        _note_faults(graded, found)
        innocent = above - functions
        blamed = sorted(key for key in innocent if any(_caught(graded, key)))
        for mistake in mistakes:
            key = f"{job.exercise}.{mistake.function}"
            caught = _caught(graded, key)
            others = [b for b in blamed if b in dependents(job.exercise, mistake.function)]
            diagnosis = _diagnosis(graded, key, mistake.id)
            row = WrongVersion(
                mistake.id, mistake.function, [o.check.name for o in caught], others, diagnosis
            )
            found.wrong.append(row)


def _alone(job: Job, found: Found) -> None:
    """Known mistakes in a file that has nothing else: as what they are named."""
    known = {mistake.id: mistake for mistake in alone.own(job.exercise)}
    for mistake, _, names in _named_alone(job, known):
        found.alone[mistake.id] = mistake.id if mistake.id in names else "".join(names[:1])


def _inline(job: Job, found: Found) -> None:
    """The same for helpers' mistakes inside the functions that use them."""
    known = {mistake.id: mistake for mistake in alone.inside(job.exercise)}
    for mistake, caught, names in _named_alone(job, known):
        row = InlineVersion(mistake.id, mistake.function, "named", mistake.id)
        if mistake.id not in names:
            row.diagnosis = "".join(names[:1])
            row.fate = _inline_fate(mistake, caught, names)
        found.inline.append(row)


def _inline_fate(mistake: Misconception, caught: bool, names: list[str]) -> str:
    source = alone.source([mistake])
    if not caught:
        return "no_mistake" if _same(mistake, source, None, [mistake.function]) else "survived"
    if not names:
        return "unnamed"
    candidates = {m.id: m for m in [*alone.own(mistake.exercise), *alone.inside(mistake.exercise)]}
    given = [candidates[name] for name in names if name in candidates]
    if any(other.text == mistake.text for other in given):  # a form of the same mistake
        return "named"
    other = candidates.get(names[0])
    same = other and _same(mistake, source, alone.source([other]), [mistake.function])
    return "named" if same else "taken"


def _named_alone(
    job: Job, known: dict[str, Misconception]
) -> Iterator[tuple[Misconception, bool, list[str]]]:
    """Each mistake of some files, whether a check caught it, and the names that it was given.

    Up to the first check that catches it, and if that is not enough by all of them.
    """
    for ids in job.what:
        mistakes = [known[name] for name in ids]
        for first in (True, False):
            keys = {f"{job.exercise}.{mistake.function}" for mistake in mistakes}
            graded = _grade(job.exercise, alone.source(mistakes), keys, first)
            again = []
            for mistake in mistakes:
                key = f"{job.exercise}.{mistake.function}"
                names = _names_given(graded, key)
                if first and mistake.id not in names and _caught(graded, key):
                    again.append(mistake)
                else:
                    yield mistake, bool(_caught(graded, key)), names
            mistakes = again
            if not again:
                break


def _names_given(graded: Graded, function: str) -> list[str]:
    found = [o.finding.diagnosis for o in _caught(graded, function) if o.finding]
    return [name for known in found if known for name in (known.id, *known.also)]


def _caught(graded: Graded, function: str) -> list[Outcome]:
    """The outcomes of a function's checks that blame it."""
    return [
        outcome
        for outcome in graded.outcomes.values()
        if f"{outcome.check.exercise}.{outcome.check.function}" == function
        and outcome.status in BLAMED
    ]


def _diagnosis(graded: Graded, function: str, meant: str = "") -> str:
    """The name that was given; that which was ``meant`` if it was told of, too."""
    names = _names_given(graded, function)
    return meant if meant in names else "".join(names[:1])


def _mutants(job: Job, found: Found) -> None:
    """Each round of mutants until the first check that catches it; then what is left over."""
    for chosen in job.what:
        graded_names = _names(job.exercise)
        helpers = [mutant for mutant in chosen if mutant.function not in graded_names]
        own = {f"{job.exercise}.{mutant.function}" for mutant in chosen}
        functions = {f"{job.exercise}.{name}" for name in graded_names} if helpers else own
        source = assemble.with_mutants(job.exercise, list(chosen))
        graded = _grade(job.exercise, source, functions, first=True)
        for mutant in chosen:
            found.mutants.append(_fate(mutant, graded, graded_names))


def _names(exercise: str) -> list[str]:
    return [function.name for function in catalogs.load().exercise(exercise).functions]


def _fate(mutant: Mutant, graded: Graded, names: list[str]) -> MutantRow:
    row = MutantRow(mutant.id, mutant.function, mutant.line, mutant.before, mutant.after, "killed")
    functions = [mutant.function] if mutant.function in names else names
    for name in functions:
        key = f"{mutant.exercise}.{name}"
        caught = _caught(graded, key)
        if caught:
            row.killed_by = caught[0].check.name if name == mutant.function else caught[0].check.id
            row.diagnosis = _diagnosis(graded, key)
            if row.diagnosis and not _is_that(mutant, name, row.diagnosis):
                _name_again(row, mutant, name)
            return row
    row.fate = "equivalent" if _same(mutant, mutant.source, None, functions) else "survived"
    return row


def _name_again(row: MutantRow, mutant: Mutant, function: str) -> None:
    """The name that a student would be given: by all checks, not by the first that failed."""
    key = f"{mutant.exercise}.{function}"
    row.diagnosis = _diagnosis(_grade(mutant.exercise, mutant.source, [key], first=False), key)
    row.misnamed = bool(row.diagnosis) and not _is_that(mutant, function, row.diagnosis)


def _is_that(mutant: Mutant, function: str, diagnosis: str) -> bool:
    """Whether a mutant behaves like the known mistake (or the two) that it was taken for."""
    candidates = [
        *misconceptions.misconceptions(mutant.exercise, function),
        *inlined(mutant.exercise, function),
        *pairs.pairs(mutant.exercise, function),
    ]
    mistake = next(known for known in candidates if known.id == diagnosis)
    inline = isinstance(mistake, Inline)
    other = alone.source([mistake]) if inline else assemble.wrong_source(mistake)
    return _same(mutant, mutant.source, other, [function])


def _same(
    mutant: Mutant | Misconception, source: str, other: str | None, functions: Iterable[str]
) -> bool:
    """Whether two versions of a solution behave alike; without another, it is the reference."""
    exercise = mutant.exercise
    try:
        left = behaviour.load(exercise, source)
        right = behaviour.load(exercise, other or assemble.reference(exercise))
    except Exception:  # it can't even be imported: that is no equivalent
        return False
    return all(
        behaviour.same(
            behaviour.behaviour(exercise, function, left),
            behaviour.behaviour(exercise, function, right),
        )
        for function in functions
    )


_JOBS = {
    "reference": _reference,
    "stub": _stub,
    "styles": _styles,
    "wrong": _wrong,
    "alone": _alone,
    "inline": _inline,
    "mutants": _mutants,
}
