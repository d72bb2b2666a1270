"""From a view to the page's bytes.

Everything is escaped twice over: each value that the template writes is cleaned as on the terminal
(no control and no bidirectional characters) and then escaped, unless it is markup of our own. The
page's Content-Security-Policy lets nothing load, and nothing run but the one script whose hash it
names; so even what slipped through would be dead.
"""

import base64
import functools
import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from grader import __version__
from grader.findings import Finding
from grader.locale import LANGUAGES, Texts
from grader.pictures.asking import Sentence
from grader.pictures.gallery import Picture
from grader.report import layers
from grader.report.cleaning import clean
from grader.report.wording import sentence
from grader.webpage.view import Both, View

TEXT_CHARS = 6_000  # of one text; a counterexample has 400 numbers at most
TAGS = {"en": "en", "zh": "zh-Hans"}
WORDS = ("density", "epoch", "milliseconds", "norm", "perplexity", "reference", "step", "value")
MARKS = dict.fromkeys(("failed", "error", "timeout"), "✗")
MARKS |= {"passed": "✓", "skipped": "–", "fault": "!"}
MARKS |= {"not_started": "○", "started": "◐", "blocked": "…"}
_FOLDER = Path(__file__).resolve().parent


def words() -> dict[str, dict[str, str]]:
    """What the marks in pictures stand for."""
    texts = [Texts(language) for language in LANGUAGES]
    return {
        f"@{name}": {each.language: each.say(f"html.{name}") for each in texts}
        for name in (*WORDS, "yours")
    }


@functools.cache
def _template() -> jinja2.Template:
    """Compiled once: a batch writes hundreds of pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja")


def page(
    view: View,
    pictures: Sequence[Picture] | None,
    language: str,
    made: str = "",
    bare: Sequence[str] = (),
    left_out: bool = False,
) -> bytes:
    """The page as UTF-8.

    Args:
        pictures: None where there was no run to take them from.
        language: which is shown first.
        made: when, as ISO 8601.
        bare: exercises without pictures because nothing of them is written.
        left_out: whether pictures were not wanted.
    """
    speech = Speech()
    style, script = (_own(name) for name in ("report.css", "report.js"))
    text = _template().render(
        view=view,
        report=view.report,
        missing_layers=[speech.word("layers", n) for n in layers.missing(view.report.sandbox)],
        pictures=pictures,
        bare=bare,
        left_out=left_out,
        language=language,
        tags=TAGS,
        made=made,
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        markup=Markup,
        marks=MARKS,
        t=speech.say,
        both=speech.both,
        tell=speech.tell,
        word=speech.word,
        title=speech.titles(view),
        share=share,
        number=number,
    )
    return text.encode("utf-8", "replace")


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing may load, one style and one script may be there."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _own(name: str) -> str:
    """A file of ours that stands in the page, with the line ends that the hash counts on."""
    return "\n" + (_FOLDER / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _cleaned(value: Any) -> Any:
    """Applied to whatever the template writes."""
    if isinstance(value, (Markup, int, float)):
        return value
    return clean(str(value), TEXT_CHARS)


def share(score: float, points: float) -> int:
    """Percent, rounded down: 100 is full marks only."""
    return max(0, min(100, math.floor(100 * score / points))) if points > 0 else 100


def number(value: float) -> str:
    """Points without a needless .0."""
    return f"{value:g}"


class Speech:
    """The grader's sentences in both languages, as markup of which the page shows one."""

    def __init__(self) -> None:
        self.texts = {language: Texts(language) for language in LANGUAGES}

    def say(self, name: str, /, **fields: Any) -> Markup:
        """A sentence of the locale; its fields are plain text, or texts by language."""
        return self.both(
            {
                language: texts.say(f"html.{name}", **_in(fields, language))
                for language, texts in self.texts.items()
            }
        )

    def both(self, by_language: Both) -> Markup:
        """A text in each language that it has; with one only, that is shown in any."""
        cleaned = {language: clean(text, TEXT_CHARS) for language, text in by_language.items()}
        if len(cleaned) == len(LANGUAGES) and len(set(cleaned.values())) == 1:
            return escape(next(iter(cleaned.values())))
        alone = len(cleaned) == 1
        spans = [
            Markup('<span class="{}" lang="{}">{}</span>').format(
                "l-any" if alone else f"l-{language}", TAGS[language], text
            )
            for language, text in cleaned.items()
        ]
        return Markup("").join(spans)

    def tell(self, told: Sentence) -> Markup:
        """A picture's sentence; a finding among its fields is put into words first."""
        return self.both(
            {
                language: texts.say(told.name, **_told(told.fields, texts))
                for language, texts in self.texts.items()
            }
        )

    def word(self, section: str, name: str) -> Markup:
        """A label or the word for a status."""
        name = f"{section}.{name}"
        return self.both({language: texts.say(name) for language, texts in self.texts.items()})

    def titles(self, view: View) -> dict[str, str]:
        """The page's title by language; a title element has no markup."""
        fields = {"submission": view.report.submission}
        return {
            language: texts.say("html.title", **fields) for language, texts in self.texts.items()
        }


def _in(fields: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        name: value.get(language, "") if isinstance(value, Mapping) else value
        for name, value in fields.items()
    }


def _told(fields: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    return {
        name: sentence(value, texts) if isinstance(value, Finding) else value
        for name, value in fields.items()
    }
