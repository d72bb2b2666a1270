"""Making a submission's text safe to show: on a terminal, in a CI log, in JSON.

Whatever comes from a submission goes through here before anybody reads it: exception types and
messages, source lines, printed output, names of types, files and functions, strings in results.
Rich markup is no danger: writers put what comes out of here into ``rich.text.Text`` as it is.
"""

import re
import unicodedata

LINE_CHARS = 200
TEXT_CHARS = 2_000
MARKS_IN_A_ROW = 3  # combining marks on one letter; more is only there to paint over other lines
CUT = "…"
UNKNOWN = "\ufffd"

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor movements
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links, clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c\n]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"
)
_COMMAND = re.compile(r"^(\s*):(?=:)")  # GitHub Actions: ::error::, ::set-output::, ...
_OLD_COMMAND = re.compile(r"##(?=\w*\[)")  # the older ##[command], Azure's ##vso[command]
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{7,16}\b")
_SANDBOX_PATH = re.compile(r"(?:/[^\s'\"():]{0,200})?/?gatecheck(?:-source)?-[a-zA-Z0-9_]{8}/?")


def clean(text: str | bytes, limit: int = TEXT_CHARS) -> str:
    """``text`` without anything that acts instead of being read; lines are kept.

    Escape sequences, control characters (C0 and C1), bidirectional overrides and zero-width
    characters are removed, lone surrogates and unassigned characters replaced, CI commands broken
    up, tabs expanded. Addresses of objects and paths of the sandbox, which differ from run to run,
    are hidden. At most ``limit`` characters are kept, and a cut shows.
    """
    if isinstance(text, bytes):
        text = text[: limit * 32].decode("utf-8", "replace")
    room = limit * 8 + 1000
    shortened = len(text) > room
    text = _ESCAPES.sub("", text[:room].replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(_visible(text.expandtabs(4)))
    text = _ADDRESS.sub("0x…", _SANDBOX_PATH.sub("", text))
    if len(text) > limit or shortened:
        text = text[: limit - 1] + CUT
    return "\n".join(guard(line) for line in text.split("\n"))


def clean_line(text: str | bytes, limit: int = LINE_CHARS) -> str:
    """``text`` cleaned, as one line of at most ``limit`` characters."""
    return guard(" ".join(clean(text, limit).split()))


def guard(line: str) -> str:
    """One line in which no CI system finds a command. What cuts lines anew asks again."""
    return _COMMAND.sub(r"\1: ", _OLD_COMMAND.sub("## ", line))


def _visible(text: str) -> list[str]:
    characters, marks = [], 0
    for character in text:
        if " " <= character <= "~" or character == "\n":
            marks = 0
            characters.append(character)
            continue
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS_IN_A_ROW or category in ("Cc", "Cf"):
            continue
        if category in ("Cs", "Cn", "Co"):
            character = UNKNOWN
        elif category in ("Zl", "Zp"):
            character = "\n"
        characters.append(character)
    return characters
