"""The report's pictures: what is asked of a submission, what is drawn, and what is said instead."""

import functools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch

from grader.checking.session import Graded
from grader.findings import Finding
from grader.pictures import asking, gallery, gates, learning, norms, svg, weights
from grader.pictures.asking import Asker, Budget, Sentence, Unavailable
from grader.pictures.draw import Artist
from grader.pictures.gallery import Gallery
from grader.pictures.svg import NotInline
from grader.webpage.page import words
from tests.kit import made
from tests.kit.submissions import SOLUTIONS, with_source

LONG = 60.0  # seconds that no picture here needs, on any machine


class _Sides:
    """A submission and the reference, open, with one exercise's file replaced."""

    def __init__(self, engine, catalog, folder: Path, **sources: str) -> None:
        for exercise, source in sources.items():
            with_source(folder, exercise, source)
        mine = folder if sources else SOLUTIONS
        self.submission = engine.open(mine, 0, catalog)
        self.reference = engine.open(SOLUTIONS, 0, catalog)

    def askers(self, seconds: float = LONG) -> tuple[Asker, Asker]:
        budget = Budget(seconds)
        return Asker(self.submission, None, budget), Asker(self.reference, None, budget)

    def close(self) -> None:
        self.submission.close()
        self.reference.close()


@pytest.fixture
def sides(engine, catalog, tmp_path):
    """Makes both sides, and closes them."""
    opened = []

    def make(**sources: str) -> _Sides:
        opened.append(_Sides(engine, catalog, tmp_path, **sources))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def _changed(exercise: str, before: str, after: str) -> str:
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    assert source.count(before) == 1
    return source.replace(before, after)


# what is asked


def test_the_right_gates_are_the_references(sides) -> None:
    """A panel for each gate, over all steps, without a difference."""
    panels = gates.panels("gru", *sides().askers())
    assert [panel.gate.sign for panel in panels] == ["Z", "R", "H̃", "H"]
    for panel in panels:
        assert panel.theirs is not None and panel.theirs.shape == (gates.UNITS, gates.STEPS)
        assert panel.difference[0] < 1e-12 and panel.why is None


def test_a_wrong_gate_differs_and_a_missing_one_says_why(sides) -> None:
    """Where one gate can't be asked, the others are shown all the same."""
    source = _changed("gru", "return torch.tanh(", "return torch.sigmoid(")
    source = source.replace("def reset_gate(", "def another_gate(")
    panels = {panel.gate.sign: panel for panel in gates.panels("gru", *sides(gru=source).askers())}
    assert panels["R"].theirs is None
    assert panels["R"].why is not None and panels["R"].why.name == "html.no_function"
    assert panels["R"].why.fields["why"].code == "function_missing"
    assert panels["H̃"].difference[0] > 0.1 and panels["Z"].theirs is not None


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        ("    import os; os._exit(3)\n", "html.no_function", "died_exit"),
        ("    raise KeyError('x')\n", "html.no_function", "raised"),
        ("    return 'text'\n", "html.no_shape", ""),
        ("    return [torch.full((50, 50), float('nan'))] * 3\n", "html.no_numbers", ""),
    ],
)
def test_what_cannot_be_had_is_a_sentence(sides, body: str, name: str, code: str) -> None:
    """A crash, an exception, another shape and NaN each say what happened."""
    source = (
        "import torch\n\n\ndef get_params(num_inputs, num_hiddens, num_outputs, device=None):\n"
    )
    theirs, _ = sides(gru=source + body).askers()
    with pytest.raises(Unavailable) as stopped:
        weights.weights("gru", theirs)
    sentence = stopped.value.sentence
    assert sentence.name == name and sentence.fields["name"] == "gru.get_params"
    assert not code or sentence.fields["why"].code == code


def test_the_histogram_is_that_of_the_weights(sides) -> None:
    """All weights are in it, and their mean and spread are those of N(0, 0.01²)."""
    found = weights.weights("rnn", sides().askers()[0])
    width = found.edges[1] - found.edges[0]
    assert found.count == 40 * 50 + 50 * 50 + 50 * 30
    assert abs(found.mean) < 1e-3 and abs(found.std - 0.01) < 1e-3
    assert sum(found.density) * width == pytest.approx(1, abs=1e-3)


def test_both_ways_to_the_norms_agree(sides) -> None:
    """Through the network by autograd, and by hand: the same Jacobians."""
    _, reference = sides().askers()
    network, hand = norms.through_network("rnn", reference), norms.by_hand(reference)
    assert network == pytest.approx(hand) and len(hand) == norms.STEPS
    assert hand[0] < 1e-3 * hand[-1]


def test_curves_are_computed_on_this_side(sides, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network learns; a training that changes nothing does not, whatever it reports."""
    monkeypatch.setattr(learning, "CELL_EPOCHS", 2)
    monkeypatch.setattr(learning, "EPOCHS", 1)
    lazy = "def train_epoch(*args):\n    return 1.0\n"
    theirs, reference = sides(training=lazy).askers()
    taught = learning.of_their_cell("rnn", reference)
    assert len(taught) == 2 and taught[-1] < taught[0]
    flat = learning.by_their_training(theirs)
    assert flat[0] == flat[1] > 20
    assert learning.by_their_training(reference)[-1] < 0.8 * flat[0]


def test_functions_that_hung_are_not_asked_again() -> None:
    """What grading found out is believed: the sandbox is not troubled a second time."""
    hung = Finding("timeout", {}, status="timeout")
    graded = made.graded({"gru.gru": hung})

    class Untouchable:
        def exercise(self, name: str):
            raise AssertionError("asked")

    asker = Asker(Untouchable(), graded.outcomes, Budget(LONG))  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as stopped:
        asker.ask("gru.gru", {})
    assert stopped.value.sentence.fields["why"] is hung


def test_time_is_bounded() -> None:
    """A picture ends when its time is up, and so does the gallery."""
    clock = iter([0.0, 5.0, 11.0])
    budget = Budget(10.0, lambda: next(clock))
    budget.check()
    with pytest.raises(Unavailable) as stopped:
        budget.check()
    assert stopped.value.sentence == Sentence("html.no_time")
    now = [0.0]
    show = _gallery(made.graded({}), lambda: now[0])
    now[0] = gallery.ALL_S + 1
    found = [picture.why for picture in show.pictures()]
    assert found and all(why == Sentence("html.no_time") for why in found)
    assert asking.ALLOWANCE.cpu_s + asking.ALLOWANCE.idle_s <= 6 and gallery.ALL_S <= 60


def _gallery(graded: Graded, now=lambda: 0.0) -> Gallery:
    class Closed:
        allowance = None

    return Gallery(graded, Closed(), Closed(), Artist(words()), now=now)  # type: ignore[arg-type]


def test_a_fault_of_our_own_costs_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while drawing is that picture's sentence."""
    graded = made.graded({})
    graded.timed["gru.gru"] = ((0.002, 0.001),) * 6

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    for module, name in ((gates, "panels"), (weights, "weights"), (norms, "through_network"),
                         (learning, "of_their_cell")):  # fmt: skip
        monkeypatch.setattr(module, name, broken)
    found = _gallery(graded).pictures()
    fine = [picture.kind for picture in found if picture.why is None]
    assert fine == ["timing"] and len(found) == 8
    assert found[0].why == Sentence("html.no_drawing", {"error": "ZeroDivisionError"})


def test_untouched_exercises_have_no_pictures() -> None:
    """Where nothing is written there is nothing to draw."""
    stub = functools.partial(Finding, "stub", status="not_started")
    graded = made.graded({"gru.update_gate": stub(), "gru.gru": stub()})
    assert gallery.untouched(graded, "gru") and not gallery.untouched(graded, "rnn")
    graded.wanted = ["gru"]
    assert _gallery(graded).pictures() == []


# what is drawn


@functools.cache
def _all() -> list[str]:
    return _drawn()


def _drawn() -> list[str]:
    artist = Artist(words())
    wave = torch.sin(torch.arange(48.0)).reshape(4, 12)
    found = weights.Weights("f", [-0.05, 0.0, 0.05], [10.0, 10.0], 99, 0.0, 0.01, 0, 0)
    return [
        artist.heat(wave, -1.0, 1.0),
        artist.heat(wave.abs(), 0.0, 0.0, difference=True),
        artist.scale(-2.0, 2.0),
        artist.histogram(found),
        artist.curves([9.0, 7.0], [9.0, 1e9], "@epoch", "@perplexity", 1),
        artist.curves([0.0, 1e-3], [0.0, 1e-2], "@step", "@norm", logarithmic=True),
        artist.times([(0.002, 0.001)]),
    ]


def test_pictures_have_no_style_of_their_own() -> None:
    """Neither style attributes nor style elements, which the page's policy would drop."""
    for each in _all():
        assert "style" not in each and "<script" not in each and "http" not in each
        assert "currentColor" in each and 'fill="#000000"' not in each


def test_pictures_are_the_same_each_time() -> None:
    """The same numbers are the same bytes."""
    assert _all() == _drawn()


def test_no_two_pictures_share_an_id() -> None:
    """Each picture's ids are its own, and each that is referred to exists."""
    pictures = _all()
    ids = [name for each in pictures for name in re.findall(r' id="([^"]+)"', each)]
    assert len(ids) == len(set(ids)) > 0
    for each in pictures:
        own = set(re.findall(r' id="([^"]+)"', each))
        assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', each)) == own


def test_words_are_written_in_both_languages() -> None:
    """A mark becomes two texts, of which the page shows one; no mark is left."""
    for each in _all():
        assert not re.search(r">@\w+<", each)
        assert each.count('class="l-en"') == each.count('class="l-zh"')
    assert ">困惑度</text>" in _all()[4] and ">perplexity</text>" in _all()[4]


def test_the_two_colours_stand_out_on_both_grounds() -> None:
    """At least 3 to 1 against a white and a dark card, as is asked of graphics."""
    from grader.pictures.draw import REFERENCE, THEIRS

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (THEIRS, REFERENCE):
        for ground in ("#ffffff", "#1a1f25"):
            high, low = sorted((light(colour) + 0.05, light(ground) + 0.05), reverse=True)
            assert high / low >= 3, (colour, ground)


def test_another_declaration_would_be_noticed() -> None:
    """What is no presentation attribute stops the drawing instead of being lost."""
    element = ElementTree.Element("path", style="fill: none; mix-blend-mode: multiply")
    with pytest.raises(NotInline, match="mix-blend-mode"):
        svg._attributes(element)
