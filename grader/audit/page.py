"""An audit as one HTML page that needs nothing else: the kill matrix, the mutants, the problems."""

from pathlib import Path

import jinja2

from grader.audit.model import Audit
from grader.audit.show import figures, problem_text
from grader.audit.verdict import explanations
from grader.locale import Texts

_FOLDER = Path(__file__).resolve().parent


def page(audit: Audit, texts: Texts) -> bytes:
    """The page, in the language of ``texts``; everything in it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html.jinja")
    text = template.render(
        audit=audit,
        say=texts.say,
        language=texts.language,
        figures=figures,
        problem_text=lambda problem: problem_text(problem, texts),
        reasons=explanations()["survivors"],
    )
    return text.encode("utf-8")
