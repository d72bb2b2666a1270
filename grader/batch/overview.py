"""A class at a glance, as one HTML page that loads nothing and runs nothing."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import matplotlib as mpl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.batch.numbers import Overview
from grader.locale import Texts
from grader.pictures.draw import STYLE, THEIRS
from grader.pictures.svg import inline
from grader.report.cleaning import clean_line

HERE = Path(__file__).parent
BINS = 10
WORDS = ("share", "students", "right")  # in the plots
TEXT = 400  # characters of a mistake's sentence


def page(found: Overview, texts: Texts) -> bytes:
    """The page."""
    style = (HERE / "overview.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    loader = FileSystemLoader(HERE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    bins = _bins(found.scores)
    hardest = found.hardest()
    words = {f"@{name}": {texts.language: texts.say(f"batch.{name}")} for name in WORDS}
    content = environment.get_template("overview.html.jinja").render(
        language=texts.language,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none';"
        " form-action 'none'",
        style=Markup(style),
        say=lambda name, **fields: texts.say(f"batch.{name}", **fields),
        found=found,
        number=lambda value: f"{value:.0f}",
        clean=lambda value: clean_line(value, TEXT),
        bins=bins,
        distribution=Markup(_bars(bins, "@share", "@students", "d", words)),
        hardest=hardest,
        functions=Markup(_across(hardest, words)),
        mistakes=found.commonest(),
        checks=sorted(found.checks.items(), key=lambda pair: (pair[1].percent, pair[0])),
    )
    return content.encode()


def _bins(scores: list[float]) -> list[tuple[str, int]]:
    """How many students have 0 to 9 per cent, and so on; full marks are a class of their own."""
    width = 100 // BINS
    counts = [0] * (BINS + 1)
    for score in scores:
        counts[min(int(score // width), BINS)] += 1
    labels = [f"{low}–{low + width - 1}" for low in range(0, 100, width)]
    return list(zip([*labels, "100"], counts, strict=True))


def _bars(bins: list[tuple[str, int]], below: str, beside: str, prefix: str, words: Any) -> str:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 2.6), layout="constrained")
        axes = figure.subplots()
        axes.bar([label for label, _ in bins], [count for _, count in bins], color=THEIRS)
        axes.set(xlabel=below, ylabel=beside)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
        return inline(figure, prefix, words)


def _across(hardest: list, words: Any) -> str:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 0.5 + 0.26 * max(len(hardest), 1)), layout="constrained")
        axes = figure.subplots()
        names = [name for name, _ in reversed(hardest)]
        axes.barh(names, [share.percent for _, share in reversed(hardest)], color=THEIRS)
        axes.set(xlim=(0, 100), xlabel="@right")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
        return inline(figure, "f", words)


__all__ = ["page"]
