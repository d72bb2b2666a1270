"""Text of a submission must be harmless wherever it is shown."""

import io
import time
import unicodedata

import pytest
from rich.console import Console
from rich.text import Text

from grader.report.cleaning import clean, clean_line, guard
from grader.report.layout import wrap

ESCAPES = {
    "colour": ("a\x1b[1;31mred\x1b[0mb", "aredb"),
    "cursor": ("a\x1b[2J\x1b[Hb", "ab"),
    "title": ("a\x1b]0;owned\x07b", "ab"),
    "link": ("a\x1b]8;;http://x\x1b\\here\x1b]8;;\x1b\\b", "ahereb"),
    "clipboard": ("a\x1b]52;c;aGk=\x07b", "ab"),
    "device control": ("a\x1bPq#0\x1b\\b", "ab"),
    "eight-bit": ("a\x9b31mb\x9d0;t\x9cc", "abc"),
    "unfinished": ("a\x1b", "a"),
    "unfinished title": ("a\x1b]0;b\nc", "a\nc"),
    "charset": ("a\x1b(0b", "ab"),
    "nul and bell": ("a\x00b\x07c\x08d\x7fe", "abcde"),
    "carriage return": ("passed\rfailed\r\nend", "passed\nfailed\nend"),
    "override": ("a\u202eb\u2066c\u200fd", "abcd"),
    "zero width": ("a\u200bb\u200dc\ufeffd\u00ade", "abcde"),
    "tags": ("a\U000e0041b", "ab"),
    "line separators": ("a\u2028b\u2029c", "a\nb\nc"),
    "surrogate": ("a\ud800b", "a\ufffdb"),
    "private use": ("a\ue000b", "a\ufffdb"),
    "tab": ("a\tb", "a   b"),
    "Chinese": ("门控循环单元，好", "门控循环单元，好"),
    "stacked marks": ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_what_acts_is_removed_and_what_is_read_stays(name: str) -> None:
    """Escape sequences, controls and invisible characters go; the words around them stay."""
    text, expected = ESCAPES[name]
    assert clean(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "::error file=a.py::x",
        "   ::set-output name=grade::100",
        "\t::add-mask::a",
        "##[error]x",
        "text ##[set-env name=A]b",
        "##vso[task.complete result=Succeeded]",
        "\x1b[0m::error::x",
        "\u200b::error::x",
        ":\u200b:error::x",
        "\x00::error::x",
        "ok\n::error::x",
        "ok\r::error::x",
        ":::error::x",
    ],
)
def test_no_line_is_a_command_of_a_ci_system(line: str) -> None:
    """Neither GitHub's ::command:: and ##[command] nor Azure's ##vso[command] survives."""
    for text in (clean(line), clean_line(line)):
        for shown in text.splitlines():
            assert not shown.strip().startswith("::")
            assert "##[" not in shown
            assert "##vso[" not in shown


def test_cutting_a_line_anew_makes_no_command() -> None:
    """Where a long line is broken right before ``::``, the new line is no command either."""
    for width in range(8, 40):
        for line in wrap("some words, and then x[::2] ::error::boo " * 3, width):
            assert not line.strip().startswith("::")


def test_slices_stay_readable() -> None:
    """``X[::2]`` inside a line is left alone."""
    assert clean("Y = X[::2, 1::]") == "Y = X[::2, 1::]"
    assert guard("a ## b") == "a ## b"


def test_what_differs_from_run_to_run_is_hidden() -> None:
    """Addresses of objects and the sandbox's temporary folders don't reach the report."""
    text = "<f at 0x7f12ab34cd56> in '/tmp/gatecheck-source-a1_b2c3d/gru.py', 0x10"
    assert clean(text) == "<f at 0x…> in 'gru.py', 0x10"


def test_length_is_bounded_and_a_cut_shows() -> None:
    """However long a text is, what is shown is short, and says that it was cut."""
    assert clean("x" * 5000, 100) == "x" * 99 + "…"
    assert len(clean_line("y" * 10**6)) <= 200
    assert clean("short", 100) == "short"


@pytest.mark.parametrize(
    "piece", ["\x1b[", "\x1b]0;", "/", "::", "0x", "\u0301", "/gatecheck-", "\x90", " "]
)
def test_cleaning_is_quick_whatever_comes(piece: str) -> None:
    """No text makes the patterns take more than a moment."""
    start = time.process_time()
    clean(piece * (20_000 // len(piece)), 20_000)
    clean((piece * 10_000).encode("utf-8", "surrogatepass"), 500)
    assert time.process_time() - start < 2


def test_bytes_that_are_no_text_can_be_shown() -> None:
    """Output in any encoding becomes text."""
    assert clean(b"\xff\xfeok\x00") == "\ufffd\ufffdok"
    assert clean(bytes(range(256))).isprintable() is False  # it keeps its line breaks
    shown = clean(bytes(range(256)))
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c == "\n" for c in shown)


def test_rich_reads_no_markup_in_it() -> None:
    """Square brackets reach the terminal as they are."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80, highlight=False)
    console.print(Text(clean("[bold red]x[/] :smile: [link=http://x]y[/link]")))
    assert stream.getvalue() == "[bold red]x[/] :smile: [link=http://x]y[/link]\n"
