"""Whatever crosses the boundary is judged or refused: bounded runs of what was found by fuzzing.

Every run draws the same changes. LONG_TESTS=1, as in CI, draws ten times as many.
"""

import json
import os
import random

import msgspec
import pytest

from grader.checking import plain
from grader.locale import Texts
from grader.report.wording import counterexample, message
from grader.sandbox import reading, recording, values, wire
from grader.submission import Returned
from tests.kit.mutating import NAMES, Mutator, answering
from tests.kit.submissions import SOLUTIONS

LONG = "LONG_TESTS" in os.environ
ANSWERS = 10_000 if LONG else 1_000
FRAMES = 20_000 if LONG else 3_000
PARTS = 4  # so that two processes share the work
_encode = msgspec.msgpack.Encoder().encode


@pytest.mark.parametrize("part", range(PARTS))
def test_no_changed_answer_is_the_kit_s_fault(catalog, part):
    """Right answers with a few changes: each check ends in a verdict, the report can be read."""
    draw = random.Random(part)
    mutate = Mutator(part, share=0.7)
    exercises = catalog.names[part::PARTS]
    functions = {key for key, each in catalog.functions.items() if each.exercise in exercises}
    faults: set[str] = set()
    with answering(mutate) as engine:
        while mutate.count < ANSWERS / PARTS:
            graded = engine.grade(
                SOLUTIONS,
                exercises,
                2026,  # whose cases are drawn once in this process
                functions=functions,
                shrink=draw.random() < 0.1,
                diagnosed=draw.random() < 0.1,
                catalog=catalog,
            )
            faults |= {
                f"{outcome.check.id}: {outcome.finding.fields}"
                for outcome in graded.outcomes.values()
                if outcome.status == "fault"
            }
            for outcome in graded.outcomes.values():
                if outcome.finding is not None and draw.random() < 0.3:
                    message(outcome.finding, outcome.check, Texts("en"))
                    json.dumps(counterexample(outcome.finding), allow_nan=False)
    assert faults == set()


def any_value(draw: random.Random, depth: int = 0) -> object:
    """Any plain value: what a frame may hold in the place of something else."""
    if depth < 6 and draw.random() < 0.4:
        inner = [any_value(draw, depth + 1) for _ in range(draw.randrange(5))]
        return inner if draw.random() < 0.8 else {str(i): item for i, item in enumerate(inner)}
    numbers = (0, 1, -1, 7, 2**63, 2**64 - 1, -(2**63), 0.5, float("nan"), float("inf"))
    words = ("", "x", "tensor", "float32", "cpu", "meta", "seq", "list", b"\xff\x00", None, True)
    return draw.choice((*numbers, *words))


def damaged(draw: random.Random, content: bytes) -> bytes:
    """Some bytes changed, left out or put in."""
    found = bytearray(content)
    for _ in range(draw.choice((0, 1, 1, 2, 5))):
        if found:
            at = draw.randrange(len(found))
            put = draw.choice(([], [draw.randrange(256)], list(found[at : at + 9]) * 2))
            found[at : at + draw.randrange(2)] = bytes(put)
    return bytes(found)


def test_any_frame_is_a_response_or_refused():
    """Bytes as a response, and what they say as values: a ProtocolError or a value, no more."""
    draw, mutate = random.Random(1), Mutator(2)
    request = wire.Request(1, "f", [wire.NoneNode()] * 2, 0, wire.NoneNode())
    read = refused = 0
    for _ in range(FRAMES):
        nodes = [mutate.leaf() for _ in range(draw.randrange(4))]
        response = wire.Response(draw.choice((1, 2**62)), mutate.leaf(), [], [], nodes)
        content = draw.choice((damaged(draw, _encode(any_value(draw))), draw.randbytes(40)))
        if draw.random() < 0.7:
            content = damaged(draw, _encode(response))
        try:
            wire.frame_size(content[:8].ljust(8, b"\0"))
        except wire.ProtocolError:
            refused += 1
        try:
            found = wire.unpack_response(content)
            payload = b"".join(mutate.bytes.values()) if draw.random() < 0.8 else b"1234"
            decoder = values.Decoder(payload, Returned)
            for node in (found.value, *found.gradients, *found.arguments):
                decoder.decode(node)
            reading.read(request, found, payload, Returned)
            read += 1
        except wire.ProtocolError:
            refused += 1
        mutate.bytes.clear()
    assert read and refused


def test_any_bytes_are_a_program_or_refused():
    """A recorded program is one, or a ValueError: nothing else comes of damaged bytes."""
    draw = random.Random(3)
    for _ in range(FRAMES):
        operand = draw.choice((["r", 1], ["n", "dtype", "os"], ["m", [["p", 1]]], ["p", "x"]))
        steps = [[draw.choice(("mm.default", "?")), [operand], {}, [draw.randrange(5)]]]
        program = [steps * draw.randrange(4), [draw.randrange(3)], [0], draw.randrange(9), ""]
        try:
            recording.unpack(damaged(draw, _encode(program)))
        except ValueError:
            continue


def test_any_bytes_are_plain_data_or_refused():
    """Recorded answers are plain data, or a DecodeError, whatever the bytes say."""
    draw = random.Random(4)
    honest = [
        ["t", "float32", [1], b"1234"],
        ["t", "int64", [0, 3], b""],
        ["s", "list", [["p", 1], ["t", "bool", [2], b"\0\1"]]],
        ["d", [["p", 1]], [["p", 2]]],
        ["d", [["s", "list", []]], [["p", 2]]],
        ["d", [["p", 1]], []],
        ["t", "float32", [2**40, 2**40], b""],
        ["t", "float32", [-1], b"1234"],
        ["t", "float32", [0, 2**31, 2**31, 2**31], b""],
        ["p", "\ud7ff"],
    ]
    for number in range(FRAMES):
        content = _encode(honest[number % len(honest)])
        try:
            plain.unpack(damaged(draw, content) if number >= len(honest) else content)
        except msgspec.DecodeError:
            continue


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_any_device_is_one_or_refused(name):
    """A device's name becomes a device, or a ProtocolError."""
    try:
        assert values.Decoder(b"").decode(wire.DeviceNode(name)).type
    except wire.ProtocolError:
        assert name not in ("cpu", "meta", "cuda:0")
