"""What a student reads of a finding: the whole text, its size, and that nothing in it acts."""

import math

import pytest
import torch
from rich.cells import cell_len

from grader.findings import Call, Difference, Finding, Place
from grader.locale import Texts
from grader.report.counterexample import counterexample
from grader.report.wording import LINES, message, one_line
from grader.sandbox.values import Opaque
from tests.kit import made
from tests.kit.messages import CASES, MESSAGES


@pytest.mark.parametrize(("name", "language"), list(MESSAGES))
def test_messages_read_like_this(name: str, language: str) -> None:
    """Each kind of finding has this text, in this order, in this language."""
    lines = message(CASES[name], made.check(), Texts(language), "my/answers", 90)
    assert "\n".join(lines) + "\n" == MESSAGES[name, language]


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_messages_keep_within_their_box(name: str, language: str, width: int) -> None:
    """A message has at most eleven lines (its heading is the twelfth) of the given width."""
    lines = message(CASES[name], made.check(), Texts(language), "my/answers", width)
    assert len(lines) <= LINES
    assert max(map(cell_len, lines)) <= width


def test_long_results_do_not_make_long_messages() -> None:
    """Huge arguments, results, frames and texts are cut, and the message stays in its box."""
    big = torch.rand(50, 50)
    call = Call("f" * 300, {f"argument_{i}": [big] * 40 for i in range(30)})
    finding = Finding(
        "raised",
        {"type": "E" * 500, "text": "很长的话 " * 500},
        status="error",
        call=call,
        places=[Place("x" * 500, 10**9, "y" * 500, "z" * 5000)] * 8,
    )
    lines = message(finding, made.check(), Texts("zh"), "d" * 500, 80)
    assert len(lines) <= LINES
    assert max(map(cell_len, lines)) <= 80


def test_what_the_submission_says_is_cleaned() -> None:
    """Escapes, commands and overrides in types, texts, frames and strings never get through."""
    nasty = "\x1b[31m::error::x\u202e\x00\n::set-output name=a::b\ud800"
    finding = Finding(
        "raised",
        {"type": nasty, "text": nasty},
        status="error",
        call=Call("f", {"prefix": nasty, "other": {nasty: 1}}),
        returned=[nasty, Opaque(nasty, nasty)],
        expected="ok",
        has_values=True,
        places=[Place(nasty, 3, nasty, nasty)],
    )
    lines = message(finding, made.check(), Texts("en"), nasty, 100)
    text = "\n".join([*lines, one_line(finding, Texts("zh"))])
    assert not set(text) & set("\x1b\x00\u202e\ud800")
    assert not any(line.strip().startswith("::") for line in text.splitlines())


def test_an_unknown_code_still_gives_a_readable_line() -> None:
    """A finding whose sentence is missing shows its code and its fields."""
    finding = Finding("never_heard_of", {"part": "H", "count": 3})
    assert one_line(finding, Texts("en")) == "never heard of (part=H, count=3)"


def test_close_numbers_are_shown_with_enough_digits() -> None:
    """Two values that differ in the twelfth digit don't look the same."""
    finding = made.wrong_value()
    finding.difference = Difference("", (0, 0), 0.123456789012, 0.123456789013, 1, 1, 1e-15)
    text = "\n".join(message(finding, made.check(), Texts("en")))
    assert "0.123456789012 instead of 0.123456789013" in text


def test_small_inputs_can_be_pasted() -> None:
    """The input's values are Python literals."""
    line = next(
        line for line in message(CASES["values"], made.check(), Texts("en")) if "  input " in line
    )
    pasted = line.split("X = ")[1].split("   ")[0]
    assert torch.tensor(eval(pasted)).tolist() == [[1.5]]


def test_counterexample_has_the_call_and_both_results() -> None:
    """The JSON names function, arguments, result and expectation, with every digit."""
    assert counterexample(CASES["values"]) == {
        "function": "update_gate",
        "arguments": {
            "X": [[1.5]],
            "H": [[-0.25]],
            "W_xz": [[0.5]],
            "W_hz": [[2.0]],
            "b_z": [0.125],
        },
        "returned": [[0.25]],
        "expected": [[0.75]],
    }
    assert counterexample(CASES["blocked"]) is None


def test_counterexample_is_json_and_bounded() -> None:
    """NaN and infinities become strings, what is large becomes its shape, text is cut."""
    finding = Finding(
        "values",
        call=Call("f", {"big": torch.zeros(100, 100), "text": "x" * 10_000, "flag": True}),
        returned=[math.nan, math.inf, made.returned(torch.tensor([-math.inf])), Opaque("Foo")],
        has_values=True,
    )
    found = counterexample(finding)
    assert found is not None
    assert found["arguments"]["big"] == "f32[100,100]"
    assert len(found["arguments"]["text"]) <= 500
    assert found["arguments"]["flag"] is True
    assert found["returned"] == ["nan", "inf", ["-inf"], "<Foo>"]


def test_strings_show_what_does_not_print() -> None:
    """Spaces, tabs and escapes in a result's strings can be told apart."""
    finding = Finding(
        "vocabulary", call=made.gate_call(), returned=[" ", "\t", "\x1b[1m"], has_values=True
    )
    text = "\n".join(message(finding, made.check(), Texts("en")))
    assert r"[' ', '\t', '\x1b[1m']" in text


def test_results_without_a_difference_may_take_two_lines() -> None:
    """A small structure is shown whole rather than by its shape, and the message keeps its size."""
    pairs = [
        (made.returned(torch.tensor([[i]])), made.returned(torch.tensor([[i]]))) for i in range(6)
    ]
    finding = Finding(
        "not_shifted",
        {"batch": 0},
        call=Call("f", {"corpus_indices": list(range(12))}),
        returned=pairs,
        expected=[12],
        has_values=True,
    )
    lines = message(finding, made.check(), Texts("en"), width=80)
    assert "([[4]], [[4]])" in "\n".join(lines) and len(lines) <= LINES
