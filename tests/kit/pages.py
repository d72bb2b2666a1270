"""Pages for tests: of a run and of a stored report, ordinary ones and hostile ones."""

import functools

import torch

from grader import catalog as catalogs
from grader.findings import Finding, Place
from grader.locale import LANGUAGES, Texts
from grader.pictures.asking import Sentence
from grader.pictures.draw import Artist
from grader.pictures.gallery import Picture, Piece, Row
from grader.pictures.weights import Weights
from grader.report import model
from grader.report.build import build_report
from grader.webpage.building import view
from grader.webpage.page import page, words
from tests.kit import made

HOSTILE = [
    "<script>window.pwned = 1</script>",
    "</script><script>window.pwned = 1</script>",
    '</style><img src=x onerror="window.pwned = 1">',
    "<a href='javascript:window.pwned=1' id=bad>x</a>",
    '" onmouseover="window.pwned = 1" x="',
    "' autofocus onfocus='window.pwned=1",
    "{{ 7 * 191 }} {% include 'x' %} {# x #}",
    "]]><svg onload=window.pwned=1>",
    "--><body onload=window.pwned=1>",
    "<style>* { display: none }</style><base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "\u202egnp.exe\u2066 \x1b[31mred\x07 \x00 \u200b",
]
EVERYTHING = " ".join(HOSTILE)


def run(hostile: bool = False) -> dict[str, model.Report]:
    """A run by language: a wrong value, an exception with its place, a stub, and what passed."""
    text = EVERYTHING if hostile else "boom"
    places = [Place(f"rnn.py{text}" if hostile else "rnn.py", 12, "step", f"raise X  # {text}")]
    fields = {"type": text if hostile else "ValueError", "text": text}
    raised = Finding("raised", fields, "error", call=made.gate_call(), places=places)
    stub = Finding("stub", {"function": "gru", "file": "gru.py"}, status="not_started")
    graded = made.graded(
        {"gru.update_gate": made.wrong_value(), "rnn.step": raised, "gru.gru": stub}
    )
    return {
        language: build_report(graded, "my/answers", 7, "cpu", 1.5, Texts(language), 4000)
        for language in LANGUAGES
    }


def stored(text: str) -> model.Report:
    """A stored report in which every string is ``text``: it may come from anywhere."""
    call = {
        "function": text,
        "arguments": {text: [text, [0.5]]},
        "returned": text,
        "expected": {text: 1},
    }
    check = model.CheckReport(
        *(text, text, text, 5.0, 0.0, "failed", f"  {text}\n  hint      {text}"),
        *(call, model.Diagnosis(text, text), [text], 0.5),
    )
    function = model.FunctionReport(text, 0.0, 5.0, text, [check])
    exercise = model.ExerciseReport(text, 0.0, 5.0, text, [function])
    return model.Report(1, text, 7, text, text, 1.0, 0.0, 5.0, [exercise])


@functools.cache
def pictures() -> list[Picture]:
    """A picture of each kind, and one that can't be had."""
    artist = Artist(words())
    wave = torch.sin(torch.arange(192.0)).reshape(8, 24)
    row = Row(
        *("Z", "update_gate"),
        (Piece(Sentence("html.yours"), artist.heat(wave.abs(), 0.0, 1.0)),
         Piece(Sentence("html.reference"), artist.heat(wave.abs(), 0.0, 1.0))),
        Sentence("html.gate_same"),
    )  # fmt: skip
    scale = (Piece(Sentence("html.scale_of", {"signs": "Z"}), artist.scale(0.0, 1.0)),)
    about = (Sentence("html.gates_about", {"units": 8, "steps": 24}),)
    bins = [-0.05 + 0.1 * i / 10 for i in range(11)]
    svg = {
        "weights": artist.histogram(Weights("f", bins, [10.0] * 10, 99, 0.0, 0.01, 0, 0)),
        "curve": artist.curves([9, 7, 5], [9, 7, 5], "@epoch", "@perplexity"),
        "norms": artist.curves([1e-9, 1e-3], [1e-9, 1e-2], "@step", "@norm", logarithmic=True),
        "timing": artist.times([(0.002, 0.001), (0.0021, 0.0012)]),
    }
    why = Sentence("html.no_function", {"name": "gru.gru", "why": made.wrong_value()})
    one = Sentence("html.times_about", dict.fromkeys(("count", "theirs", "reference", "ratio"), 2))
    yours = Sentence("html.yours")
    numbers = (("step", "yours", "reference"), (("0", "1", "1"),))
    return [
        Picture("gates", "gru", ("update_gate",), (row,), about, scale=scale),
        *(
            Picture(kind, "gru", ("gru",), (Row("", "", (Piece(yours, drawn),)),), (one,), numbers)
            for kind, drawn in svg.items()
        ),
        Picture("curve", "rnn", ("rnn",), why=why),
    ]  # fmt: skip


@functools.cache
def run_page(language: str = "en", hostile: bool = False) -> str:
    """The page of a run, with pictures."""
    printed = {"rnn.step.values": EVERYTHING if hostile else "hello"}
    shown = view(run(hostile), made.graded({}).catalog, printed)
    return page(shown, pictures(), language, "2026-01-02T03:04+00:00").decode()


@functools.cache
def stored_page(text: str, language: str = "en") -> str:
    """The page of a stored report in which every string is ``text``."""
    return page(view({"en": stored(text)}, catalogs.load()), None, language).decode()
