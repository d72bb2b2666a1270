"""The page: each pair with both sides beside each other. It loads nothing and runs nothing.

Every value that the template writes is cleaned as on the terminal and then escaped, as in
``grader/webpage/page.py``; the Content-Security-Policy allows one style and no script at all. The
switch between the languages is two radio buttons.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from grader import __version__
from grader.locale import LANGUAGES, Texts
from grader.report.cleaning import clean
from grader.similarity.view import PairView
from grader.webpage.page import TAGS, _hash

TEXT_CHARS = 2_000
_FOLDER = Path(__file__).resolve().parent


def page(pairs: Sequence[PairView], facts: Mapping[str, Any], language: str) -> bytes:
    """The page as UTF-8.

    Args:
        facts: ``folder``, ``submissions``, ``threshold`` (percent), ``found`` and ``unread``, a
            list of names with the id of what is wrong.
        language: which is shown first.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "\n" + (_FOLDER / "similar.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    text = environment.get_template("similar.html.jinja").render(
        pairs=pairs,
        facts=facts,
        language=language,
        tags=TAGS,
        version=__version__,
        style=Markup(style),
        policy=policy(style),
        t=say,
        title=Texts(language).say("similar.title"),
    )
    return text.encode("utf-8", "replace")


def policy(style: str) -> str:
    """Nothing may load and nothing may run; one style may be there."""
    parts = ("default-src 'none'", f"style-src '{_hash(style)}'", "base-uri 'none'")
    return "; ".join([*parts, "form-action 'none'"])


def say(name: str, /, **fields: Any) -> Markup:
    """A sentence in both languages, of which the page shows one."""
    said = {language: Texts(language).say(f"similar.{name}", **fields) for language in LANGUAGES}
    said = {language: clean(text, TEXT_CHARS) for language, text in said.items()}
    if len(set(said.values())) == 1:
        return escape(said["en"])
    spans = [
        Markup('<span class="l-{}" lang="{}">{}</span>').format(language, TAGS[language], text)
        for language, text in said.items()
    ]
    return Markup("").join(spans)


def _cleaned(value: Any) -> Any:
    if isinstance(value, (Markup, int, float)):
        return value
    return clean(str(value), TEXT_CHARS)
