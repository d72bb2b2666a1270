"""The line that says what of a file was left out, why, and where it belongs."""

from grader.locale import Texts
from grader.partly import Part, Partly
from grader.report.cleaning import clean_line
from grader.report.hints import filled
from grader.sandbox.loading import LIMIT

IMPORTS = ("ModuleNotFoundError", "ImportError")
SHOWN = 3  # statements that are named; the others are counted
SOURCE_CHARS = 60


def left_out_line(partly: Partly, file: str, texts: Texts) -> str:
    """As "rnn.py was loaded without line 95 (exit(): SystemExit). ...".

    Args:
        file: the submission's name for it.
    """
    say = texts.say
    named = [_part(part, texts) for part in partly.parts[:SHOWN]]
    more = len(partly.parts) - len(named)
    if more > 0:
        named.append(say("parts.more", count=more))
    if not named:
        return ""
    advice = partly.finding.advice
    if not all(part.type in IMPORTS for part in partly.parts):
        after = say("parts.where")
    elif advice is not None:
        after = say(f"advice.{advice.code}", **filled(advice.fields, texts))
    else:
        after = say("parts.not_installed")
    parts = say("parts.between").join(named)
    return say("parts.without", file=clean_line(file, 80), parts=parts, after=after)


def _part(part: Part, texts: Texts) -> str:
    first, last = part.place.line, part.last
    lines = f"{first}" if first == last else f"{first}–{last}"
    kind = texts.say("parts.limit") if part.type == LIMIT else part.type
    why = ": ".join(word for word in (kind, part.text) if word and word != "None")
    fields = {
        "lines": lines,
        "source": clean_line(part.place.source.rstrip(":"), SOURCE_CHARS),
        "why": clean_line(why, 120) if why else texts.say("parts.not_run"),
    }
    if part.place.cell:
        return texts.say("parts.in_cell", cell=part.place.cell, **fields)
    return texts.say("parts.line" if first == last else "parts.lines", **fields)


__all__ = ["left_out_line"]
