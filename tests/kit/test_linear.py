"""What is done with a submission's text on the trusted side takes linear time, whatever it says.

Measured as growth: sixteen times the text may take sixteen times the processor time and some, not
two hundred and fifty-six times. Processor time of this thread, the best of several where the first
is too long, so that a busy machine changes nothing.
"""

import dataclasses
import json
import time
import types
from collections.abc import Callable

import pytest

from grader import outline
from grader.batch import layouts, selection
from grader.checking.unreadable import broken_check
from grader.findings import Finding
from grader.formats import safe
from grader.locale import Texts
from grader.notebook import cells, scanning, sources
from grader.report import cleaning, display, hints, layout, wording
from grader.sandbox import values, wire
from grader.similarity import comparing, tokens, view
from grader.similarity.reading import Read
from grader.snapshot import Snapshot
from tests.checks.training_runs import prints_number

SMALL, TIMES = 2_000, 16
ALLOWED = 4 * TIMES  # quadratic would be 256
MOMENT_S = 0.03  # what takes less is not looked at more closely
TRIES = 3

TEXTS: dict[str, Callable[[int], str]] = {
    "one wide indent": lambda n: "if True:\n" + " " * n + "x = 1",
    "spaces": lambda n: " " * n,
    "spaces before raise": lambda n: " " * n + "raise NotImplementedError",
    "tabs": lambda n: "\t" * n + "x",
    "spaces in an assignment": lambda n: "a" + " " * n + "b",
    "spaces before a colon": lambda n: "a" + " " * n + ":",
    "words": lambda n: "x " * (n // 2),
    "one word": lambda n: "a" * n,
    "backslashes": lambda n: "x = 1 " + "\\" * n,
    "spaced backslashes": lambda n: "x = 1 " + "\\ " * (n // 2),
    "continued lines": lambda n: "x \\\n" * (n // 4),
    "magics that go on": lambda n: "%a\\\n" * (n // 4),
    "annotation": lambda n: "a:" + "b" * n,
    "equal signs": lambda n: "a=" * (n // 2),
    "commas": lambda n: "a," * (n // 2),
    "brackets": lambda n: "x = " + "(" * n,
    "closed brackets": lambda n: "x = " + "()" * (n // 2),
    "quotes": lambda n: "x = " + "'" * n,
    "raw quotes": lambda n: "x = " + "r'" * (n // 2),
    "open strings": lambda n: "x = '''\n" * (n // 8),
    "open brackets in lines": lambda n: "x = (\n" * (n // 6),
    "question marks": lambda n: "a" * (n // 2) + "?" * (n // 2) + "b",
    "percent signs": lambda n: "%" * n,
    "future": lambda n: "from __future__ import a" + " " * n + "!",
    "futures": lambda n: "from __future__ import " + "a, " * (n // 3) + "!",
    "imports": lambda n: "import a;" + " " * n + "import b",
    "async": lambda n: "async" + " " * n + "def",
    "empty lines": lambda n: "\n" * n,
    "definitions": lambda n: "def f(x):\n    pass\n" * (n // 19),
    "nested blocks": lambda n: "\n".join(" " * i + "if x:" for i in range(int((2 * n) ** 0.5))),
    "marks": lambda n: "# gatecheck" + " " * n + ": x",
    "hashes": lambda n: "#" * n,
    "hashes and words": lambda n: "##a" * (n // 3),
    "slashes": lambda n: "/a" * (n // 2),
    "escapes": lambda n: "\x1b[" * (n // 2),
    "operating commands": lambda n: "\x1b]" * (n // 2),
    "combining marks": lambda n: "a\u0301" * (n // 2),
    "digits": lambda n: "1" * n,
    "numbers": lambda n: "1e9 " * (n // 4),
    "on lines": lambda n: "on line 7 " * (n // 10),
    "backticks": lambda n: "`" * n,
    "addresses": lambda n: "0x00000000 " * (n // 11),
    "grader's folders": lambda n: "/tmp/gatecheck-" * (n // 15),
}


def lines_of(text: str) -> list[str]:
    """The lines of a text as the scanner takes them."""
    return scanning.lines_of(text)


def notebook_of(text: str) -> bytes:
    """A notebook of two cells: one that is marked, and one that is not."""
    marked = {"cell_type": "code", "source": "# gatecheck: gru\n" + text, "metadata": {}}
    free = {"cell_type": "code", "source": text, "metadata": {}}
    return json.dumps({"nbformat": 4, "cells": [free, marked, free, marked]}).encode()


def compared(text: str) -> None:
    """Two students with the same text, as the page and the JSON of ``similar`` show them."""
    found = tokens.tokens(text.encode())
    reads = [Read("a", {"gru.py": found}), Read("b", {"gru.py": found})]
    pairs = comparing.compare(reads, comparing.base_of([]), 0.1)
    view.as_data(pairs, reads, 0.1, 10)
    view.view(pairs, reads)


def raised(text: str) -> Finding:
    """What is found where a submission raised an exception with that text."""
    return Finding("raised", {"type": text, "text": text}, status="error")


def said(text: str) -> None:
    """The sentence and the hint for an exception."""
    texts = Texts("en")
    wording.sentence(raised(text), texts)
    hints._own_hint(raised(text), texts)


FUNCTIONS = {"gru": ["update_gate", "gru"]}
TRUSTED: dict[str, Callable[[str], object]] = {
    "lines_of": lines_of,
    "statements": lambda text: scanning.statements(lines_of(text)),
    "definitions": lambda text: scanning.definitions(lines_of(text)),
    "is_untouched": lambda text: scanning.is_untouched(lines_of(text)),
    "without_magics": lambda text: scanning.without_magics(lines_of(text)),
    "only_imports": lambda text: scanning.only_imports(lines_of(text), ("a",), "gru"),
    "without_future": lambda text: scanning.without_future(lines_of(text)),
    "outline": outline.outline,
    "syntax_error": outline.syntax_error,
    "cells.mark_of": cells.mark_of,
    "notebooks": lambda text: sources.from_notebooks({"a.ipynb": notebook_of(text)}, ["gru"]),
    "selection.exercise_of": lambda text: selection.exercise_of(text.encode(), FUNCTIONS),
    "selection.is_stub": lambda text: selection._is_stub(text.encode(), "gru.py"),
    "clean": lambda text: cleaning.clean(text, 20_000),
    "clean_line": cleaning.clean_line,
    "markdown": lambda text: safe.markdown(text, 2_000),
    "fenced": safe.fenced,
    "cell": safe.cell,
    "wrap": lambda text: layout.wrap(text, 80),
    "shorten": lambda text: layout.shorten(text, 80),
    "sentence and hint": said,
    "literal": lambda text: display.literal([text, {text: text}]),
    "similar": compared,
    "prints_number": lambda text: prints_number(text, 12.5),
    "identifier": layouts.identifier,
    "encoded text": lambda text: values.Encoder().encode([text]),
    "response": lambda text: wire.unpack_response(
        wire.pack(wire.Response(1, wire.TextNode(text[:200_000], 1)), b"")[8:]
    ),
}


def seconds(function: Callable[[str], object], text: str, tries: int = 1) -> float:
    """The least processor time that a call takes."""
    taken = []
    for _ in range(tries):
        start = time.thread_time()
        function(text)
        taken.append(time.thread_time() - start)
    return min(taken)


def is_linear(function: Callable[[str], object], make: Callable[[int], str]) -> bool:
    """Whether sixteen times the text takes about sixteen times as long, or next to nothing."""
    small, large = make(SMALL), make(SMALL * TIMES)
    taken = seconds(function, large)
    if taken < MOMENT_S or taken <= ALLOWED * seconds(function, small, TRIES):
        return True
    return seconds(function, large, TRIES) <= ALLOWED * seconds(function, small, TRIES)


@pytest.mark.parametrize("name", TRUSTED)
def test_text_of_a_submission_is_looked_at_in_linear_time(name):
    """Long lines, many lines, deep nesting: none takes a trusted function more than linear time."""
    slow = [text for text, make in TEXTS.items() if not is_linear(TRUSTED[name], make)]
    assert slow == []


@dataclasses.dataclass
class Many:
    """A number of files, cells or names, and what is done with them."""

    make: Callable[[int], object]
    use: Callable[[object], object]
    small: int


MANY = {
    "cells of a notebook": Many(
        lambda n: json.dumps(
            {"nbformat": 4, "cells": [{"cell_type": "code", "source": "%%exercise gru\nx = 1"}] * n}
        ).encode(),
        lambda content: sources.from_notebooks({"a.ipynb": content}, ["gru", "lstm"]),
        100,
    ),
    "cells with strange marks": Many(
        lambda n: json.dumps(
            {"nbformat": 4, "cells": [{"cell_type": "code", "source": "# gatecheck: gruu"}] * n}
        ).encode(),
        lambda content: sources.from_notebooks({"a.ipynb": content}, ["gru", "lstm"]),
        100,
    ),
    "lines of a cell": Many(
        lambda n: json.dumps(
            {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = 1\n"] * n}]}
        ).encode(),
        lambda content: sources.from_notebooks({"gru.ipynb": content}, ["gru"]),
        1_000,
    ),
    "items of a result": Many(
        lambda n: wire.SequenceNode("list", [wire.IntNode(1)] * n),
        lambda node: display.tag(values.Decoder(b"").decode(node)),
        1_000,
    ),
    "entries of a dict": Many(
        lambda n: wire.MappingNode(
            [wire.TextNode(f"{i}", 1) for i in range(n)], [wire.IntNode(1)] * n
        ),
        lambda node: display.tag(values.Decoder(b"").decode(node)),
        500,
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_many_things_of_a_submission_take_linear_time(name):
    """Cells, lines, items: sixteen times as many take about sixteen times as long."""
    many = MANY[name]
    small, large = many.make(many.small), many.make(many.small * TIMES)
    taken = seconds(many.use, large)
    if taken > MOMENT_S:
        least = seconds(many.use, small, TRIES)
        assert min(taken, seconds(many.use, large, TRIES)) <= ALLOWED * least


def test_many_files_are_copied_in_linear_time(tmp_path):
    """A folder of many files and folders is read once, and no more of it than the limits allow."""
    counts = {}
    for number in (50, 800):
        folder = tmp_path / str(number)
        folder.mkdir()
        for index in range(number):
            (folder / f"f{index:05}.py").write_text("x = 1\n")
        start = time.thread_time()
        copy = Snapshot(folder, {"gru.py": ["gru"]})
        counts[number] = time.thread_time() - start
        assert len(copy.taken) <= 200
        copy.close()
    assert counts[800] < 0.5 or counts[800] <= ALLOWED * counts[50]


def test_no_magics_are_looked_for_in_files():
    """What IPython alone understands is no magic in a file: the statement is read as Python's."""
    lines = ["%time x = 1", "!ls", "a = !ls", "b?"]
    assert [s.magic for s in scanning.statements(lines)] == [False] * 4
    assert [s.magic for s in scanning.statements(lines, magics=True)] == [True] * 4
    assert not scanning.is_untouched([*lines, "def f():", "    raise NotImplementedError"])


def test_an_exception_of_any_length_is_told_in_a_sentence():
    """What a check raises over a strange answer is cut before anybody reads it."""
    asked = types.SimpleNamespace(latest=None)
    found = broken_check(ValueError("x" * 10**6), asked, None, lambda _: None)
    assert found.status == "fault" and len(str(found.fields)) < 500
