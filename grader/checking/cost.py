"""What a call costs, counted without a clock: operations, products, waits, memory, graph nodes.

The worker only writes down which operations a call consists of. They are counted here, after a
referee without any of the submission's code has carried them out on other inputs and got the right
results (``sandbox/recording.py`` says why). Limits are multiples of what the reference costs, wide
enough for every way of writing the same work and far below what a loop over samples costs.
"""

import dataclasses
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
from grader.sandbox import recording
from grader.submission import Answer, Function, Returned

REFEREE = Path(grader.referee.__file__).parent
LOOSE = 1e-4  # for what float32 inside a program leaves of its results
SIZES = {"n": 3, "d": 4, "h": 5, "q": 6, "T": 4}
LONGER = {**SIZES, "T": 8}
LONGEST = {**SIZES, "T": 16}
LARGER_BATCH = {**SIZES, "n": 9}
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


def cost_of(under: SubjectUnderCheck, sizes: dict[str, int]) -> Cost:
    """What the submission's function costs at some sizes; asked once, remembered.

    Raises:
        CheckStopped: if the call fails, or can't be followed.
    """
    key = ("cost", *sizes.values())
    if key not in under.function.cache:
        under.function.cache[key] = _counted(under, sizes)
        under.function.cache[("crossed", *key)] = under.function.crossed
    else:
        under.function.recall(under.function.cache[("crossed", *key)])
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
    """The case that is recorded, and the one that the program is carried out on."""
    first = subject.spec.seed(seed)
    return subject.spec.case_of(sizes, first), subject.spec.case_of(sizes, first + 1)


def _counted(under: SubjectUnderCheck, sizes: dict[str, int]) -> Cost | Finding:
    submission = under.function.exercise.submission
    dtype = under.working_dtype()
    shown, hidden = _cases(under.subject, sizes, submission.seed)
    try:
        answer = under.function.ask(cast(shown.arguments, dtype, True), record=True)
        agree(answer, under.subject.expected(shown))
        program = recording.unpack(answer.program)
    except CheckStopped as stopped:
        return stopped.finding
    except ValueError:
        return _unclear(answer)
    if program.operations > recording.MOST_STEPS and not program.unclear:
        counts = {"count": f"{program.operations:,}", "most": f"{recording.MOST_STEPS:,}"}
        return fail("cost_too_many", answer=answer, **counts).finding
    # a number that was read shows in the program as it was: another input would need another one
    read = any(step.name.startswith("_local_scalar") for step in program.steps)
    case = shown if read else hidden
    inputs = list(tensors_in(list(cast(case.arguments, dtype, True).values())))
    try:
        constants = [tensor.data for tensor in answer.constants]
        packed = torch.frombuffer(bytearray(answer.program), dtype=torch.uint8)
        carried_out = _referee(under).ask(
            {"program": packed, "inputs": inputs, "constants": constants}
        )
        results, measures = carried_out.value
        replayed = dataclasses.replace(answer, value=_with(answer.value, list(results)))
        agree(replayed, under.subject.expected(case), LOOSE)
        return Cost(**measures)
    except (CheckStopped, TypeError, ValueError):
        return _unclear(answer)


def _unclear(answer: Answer) -> Finding:
    return fail("cost_unclear", answer=answer).finding


def _referee(under: SubjectUnderCheck) -> Function:
    """The function that carries programs out, in a worker that is this function's alone."""
    remembered = under.function.cache
    if "referee" not in remembered:
        companion = under.function.exercise.submission.companion("referee", REFEREE)
        remembered["referee"] = companion.exercise("replay").fresh("replay")
    return remembered["referee"]


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
