"""What a call costs, counted without a clock: operations, products, waits, memory, graph nodes.

A worker that can start no threads writes down which operations a call consists of. A referee
without any of the submission's code carries them out, on inputs that no worker has seen, and counts
what reaches torch below; that counts if the results are right (``sandbox/recording.py``). Limits
are multiples of what the reference costs, wide enough for every way of writing the same work and
far below what a loop over samples costs.
"""

import contextlib
import dataclasses
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

import grader.referee
from grader.checking import answers
from grader.checking.cases import Case
from grader.checking.comparison import agree
from grader.checking.subjects import Subject, SubjectUnderCheck, returned_tensors
from grader.findings import CheckStopped, Finding, fail
from grader.nested import cast, tensors_in
from grader.referee.replay import Replay
from grader.sandbox import kernels, recording
from grader.submission import Answer, Function, Returned

REFEREE = Path(grader.referee.__file__).parent
LOOSE = 1e-4  # for what float32 inside a program leaves of its results
SIZES = {"n": 3, "d": 4, "h": 5, "q": 6, "T": 4}
LONGER = {**SIZES, "T": 8}
LONGEST = {**SIZES, "T": 16}
LARGER_BATCH = {**SIZES, "n": 9}
SEED_BITS = 30
NO_THREADS = "can't start new thread"
WIDER = {"n": 9, "d": 8, "h": 10, "q": 12, "T": 4}


@dataclasses.dataclass(frozen=True)
class Cost:
    """The measures of one call (``referee.replay.Replay.measures``); ``flops`` of products only."""

    operations: int
    products: int
    waits: int
    flops: int
    ready_made: int
    bytes: int
    nodes: int
    curved: int


def cost_of(under: SubjectUnderCheck, sizes: dict[str, int], without: tuple[str, ...] = ()) -> Cost:
    """What the submission's function costs at some sizes; asked once, remembered.

    Args:
        without: what it can't use while it is counted: torch's own recurrent "layers".

    Raises:
        CheckStopped: if the call fails, or can't be followed.
    """
    key = ("cost", without, *sizes.values())
    remembered, crossed = under.function.cache, ("crossed", *key)
    if key not in remembered:
        remembered[key] = _counted(under, sizes, without)
        remembered[crossed] = _recorder(under, without).crossed
    under.function.recall(remembered[crossed])
    found = under.function.cache[key]
    if isinstance(found, Finding):
        raise CheckStopped(found)
    return found


def reference_cost(subject: Subject, sizes: dict[str, int]) -> Cost:
    """What the reference costs at the same sizes."""
    key = (subject.exercise, subject.function, *sizes.values())
    if key not in _REFERENCES:
        measures = answers.book().answer("cost", key, lambda: _measured(subject, sizes))
        _REFERENCES[key] = Cost(**measures)
    return _REFERENCES[key]


def _measured(subject: Subject, sizes: dict[str, int]) -> dict[str, int]:
    case = _cases(subject, sizes, 0)[0]
    arguments = cast(list(case.arguments.values()), torch.float64, requires_grad=True)
    tensors = list(tensors_in(arguments))
    recorder = recording.Recorder(tensors)
    with recorder:
        result = answers.live(subject.reference)(*arguments)
    program = recorder.finish(list(tensors_in(result)))
    return Replay(program, tensors, recorder.constants).measures()


_REFERENCES: dict[tuple, Cost] = {}


def _cases(subject: Subject, sizes: dict[str, int], seed: int) -> tuple[Case, Case]:
    """The case that is recorded, and the one that the program is carried out on.

    Nobody knows the second one before: where it has to be recorded, or was, it is the seed's.
    """
    book, first = answers.book(), subject.spec.seed(seed)
    known = book.recorded or book.recording
    second = first + 1 if known else secrets.randbits(SEED_BITS)
    return subject.spec.case_of(sizes, first), subject.spec.case_of(sizes, second)


def _counted(
    under: SubjectUnderCheck, sizes: dict[str, int], without: tuple[str, ...]
) -> Cost | Finding:
    dtype = under.working_dtype()
    shown, hidden = _cases(under.subject, sizes, under.function.exercise.submission.seed)
    try:
        answer = _recorder(under, without).ask(cast(shown.arguments, dtype, True), record=True)
        agree(answer, under.subject.expected(shown))
        program = recording.unpack(answer.program)
    except CheckStopped as stopped:
        return _while_counting(stopped.finding)
    except ValueError:
        return fail("cost_unclear", answer=answer).finding
    if program.operations > recording.MOST_STEPS and not program.unclear:
        counts = {"count": f"{program.operations:,}", "most": f"{recording.MOST_STEPS:,}"}
        return fail("cost_too_many", answer=answer, **counts).finding
    inputs = list(tensors_in(list(cast(hidden.arguments, dtype, True).values())))
    try:
        results, measures = carried_out(under.function, answer, inputs)
        replayed = dataclasses.replace(answer, value=_with(answer.value, results))
        agree(replayed, under.subject.expected(hidden), LOOSE)
        return Cost(**measures)
    except (CheckStopped, TypeError, ValueError):
        code = "cost_unclear"
        with contextlib.suppress(CheckStopped):
            again = _recorder(under, without).ask(cast(hidden.arguments, dtype, True), record=True)
            code = _unclear(program, answer.constants, again)
        return fail(code, answer=answer).finding


def carried_out(
    function: Function, answer: Answer, inputs: list[torch.Tensor]
) -> tuple[list[Returned], dict[str, int]]:
    """The results and measures of a recorded answer's program on other inputs.

    Raises:
        CheckStopped, TypeError, ValueError: if it is no program, or one of other tensors.
    """
    results, measures = _referee(function, "replay").ask(_program(answer, inputs)).value
    return list(results), measures


def measured(function: Function, answer: Answer, inputs: list[torch.Tensor]) -> dict[str, int]:
    """The measures of a recorded answer's program as far as it can be carried out.

    Its results are not looked at, so this only shows what somebody did not hide.

    Raises:
        CheckStopped, ValueError: if it is no program.
    """
    counts = _referee(function, "look_through").ask(_program(answer, inputs)).value
    if not isinstance(counts, dict):
        raise ValueError("no measures")
    return counts


def _program(answer: Answer, inputs: list[torch.Tensor]) -> dict[str, Any]:
    """What the referee is told."""
    constants = [tensor.data for tensor in answer.constants]
    packed = torch.frombuffer(bytearray(answer.program), dtype=torch.uint8)
    return {"program": packed, "inputs": inputs, "constants": constants}


def _while_counting(finding: Finding) -> Finding:
    """A finding of the worker that counts, or what it comes from: things that it does without."""
    text = str(finding.fields.get("text", ""))
    if text == kernels.READY_MADE:
        finding.code = "cost_ready_made"
    elif text == NO_THREADS:
        finding.code = "cost_threads"
    else:
        return finding
    finding.status, finding.of_file = "failed", False
    return finding


def _unclear(program: recording.Program, constants: list[Returned], again: Answer) -> str:
    """Why a program does not do what the function does: what differs if others are recorded."""
    try:
        other = recording.unpack(again.program)
    except ValueError:
        return "cost_unclear"
    reads = any(step.name.startswith("_local_scalar") for step in program.steps)
    if reads and [*_numbers(program)] != [*_numbers(other)]:
        return "cost_reads"
    pairs = zip(constants, again.constants, strict=False)
    same = len(constants) == len(again.constants) and all(_equal(one, two) for one, two in pairs)
    return "cost_unclear" if same else "cost_elsewhere"


def _equal(one: Returned, other: Returned) -> bool:
    if one.data is None or other.data is None:
        return one.data is other.data
    return torch.equal(one.data, other.data)


def _numbers(program: recording.Program) -> Iterator[recording.Plain]:
    """All numbers that stand in a program, in order."""
    for step in program.steps:
        yield from _literals([*step.positional, *step.keywords.values()])


def _literals(operands: list[recording.Operand]) -> Iterator[recording.Plain]:
    for operand in operands:
        if isinstance(operand, recording.Many):
            yield from _literals(operand.items)
        elif isinstance(operand, recording.Literal):
            yield operand.value


def _recorder(under: SubjectUnderCheck, without: tuple[str, ...]) -> Function:
    """The function in the worker in which its operations are written down."""
    key, remembered = ("recorder", without), under.function.cache
    if key not in remembered:
        exercise = under.function.exercise
        remembered[key] = exercise.counting(under.function.name, without)
    return remembered[key]


def _referee(function: Function, name: str) -> Function:
    """One of the referee's functions, in a worker that is this function's alone."""
    key = ("referee", name)
    if key not in function.cache:
        companion = function.exercise.submission.companion("referee", REFEREE)
        function.cache[key] = companion.exercise("replay").fresh(name)
    return function.cache[key]


def _with(value: Any, results: list[Returned]) -> Any:
    """A result with the tensors of another, in order."""
    if len(results) != len(returned_tensors(value)):
        raise ValueError("another number of tensors")
    left = iter(results)

    def fill(item: Any) -> Any:
        if isinstance(item, Returned):
            return next(left)
        if isinstance(item, (list, tuple)):
            return type(item)(fill(part) for part in item)
        if isinstance(item, dict):
            return {key: fill(part) for key, part in item.items()}
        return item

    return fill(value)
