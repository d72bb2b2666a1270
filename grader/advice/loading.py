"""Files that can't be imported: signs that only look like Python's, encodings, tabs, modules."""

import dataclasses
import re
import unicodedata
from collections.abc import Callable

from grader.advice.names import import_error
from grader.advice.scene import Scene, text_of
from grader.findings import Advice, Finding, Place
from grader.outline import syntax_error

_CHARACTER = re.compile(r"invalid (?:non-printable )?character .{0,8}\(?U\+([0-9A-F]{4,6})")
_ENCODING = re.compile(r"codec can't decode|null byte|Non-UTF-8 code|encoding problem")
_TWINS = {  # beside those that Unicode itself calls wide forms of an ASCII character
    **dict.fromkeys("“”„‟″〝〞", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("–—―−‒", "-"),
    **dict.fromkeys("、", ","),
    **dict.fromkeys("。", "."),
    **dict.fromkeys("【〔「『", "["),
    **dict.fromkeys("】〕」』", "]"),
    **dict.fromkeys("《〈", "<"),
    **dict.fromkeys("》〉", ">"),
    **dict.fromkeys("×·∙⋅⊙∗", "*"),
    **dict.fromkeys("÷", "/"),
    **dict.fromkeys("≤", "<="),
    **dict.fromkeys("≥", ">="),
    **dict.fromkeys("≠", "!="),
}
_INDENT = (
    ("expected an indented block", "indent_more"),
    ("unexpected indent", "indent_less"),
    ("unindent does not match", "indent_other"),
)
_TABS = re.compile(r"^ *\t", re.MULTILINE)
_MOST_CHARS = 64 * 1024  # of a file that are looked at for its encoding


def advised(scene: Scene) -> Finding | None:
    """The finding of a file that can't be imported, with what to do, and where."""
    if scene.finding.code != "load_raised":
        return None
    scene.finding = _with_column(scene)
    for adviser in _ADVISERS:
        found = adviser(scene)
        if found is not None:
            return found
    return scene.finding


def _file(scene: Scene) -> str:
    """The file of the copy that is broken."""
    if scene.finding.sibling:
        return f"{scene.finding.sibling}.py"
    at = scene.at
    return at.file if at and scene.snapshot.has(at.file) else scene.file


def _with_column(scene: Scene) -> Finding:
    """The finding with the column of its syntax error, for a caret below the line."""
    at = scene.at
    if at is None or not scene.error.startswith("SyntaxError"):
        return scene.finding
    text = text_of(scene.snapshot, _file(scene))
    error = syntax_error(text)
    if error is None or not error.offset or not error.lineno:
        return scene.finding
    lines = text.splitlines() if error.lineno <= text.count("\n") + 1 else []
    line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    indent = len(line) - len(line.lstrip())
    column = error.offset - indent
    if not line.strip().startswith(at.source) or not 1 <= column <= len(at.source) + 1:
        return scene.finding
    marked = dataclasses.replace(at, column=column)
    return dataclasses.replace(scene.finding, places=[*scene.finding.places[:-1], marked])


def _character(scene: Scene) -> Finding | None:
    """A full-width sign, a quotation mark of a word processor, a space that is none."""
    found = _CHARACTER.search(scene.error)
    if not found:
        return None
    character = chr(int(found.group(1), 16))
    twin = _twin(character)
    fields = {"place": _here(scene), "column": _column(scene, character)}
    code = f"U+{ord(character):04X}"
    if twin is None:
        return scene.with_advice("character", code=code, **fields)
    if not twin.strip():
        name = "space" if unicodedata.category(character) == "Zs" else "invisible"
        return scene.with_advice(f"character_{name}", code=code, **fields)
    return scene.with_advice("character_twin", character=character, twin=twin, **fields)


def _twin(character: str) -> str | None:
    """The ASCII that a character stands for: "" for one that is not seen, None for a letter."""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in ("Cf", "Cc"):
        return ""
    plain = _TWINS.get(character) or unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() else None


def _column(scene: Scene, character: str) -> int:
    """Where the character stands in its line, from 1."""
    at = scene.at
    if at is None:
        return 1
    lines = text_of(scene.snapshot, _file(scene)).splitlines()
    error = syntax_error("\n".join(lines))
    line = lines[error.lineno - 1] if error and error.lineno and error.lineno <= len(lines) else ""
    return max(line.find(character), 0) + 1


def _here(scene: Scene) -> Place:
    return scene.at or scene.place(0)


def _encoding(scene: Scene) -> Finding | None:
    """Text that is not UTF-8."""
    if not _ENCODING.search(scene.error):
        return None
    file = _file(scene)
    if not scene.snapshot.has(file) or file in scene.snapshot.sources:
        return None
    content = (scene.snapshot.folder / file).read_bytes()[:_MOST_CHARS]
    name = encoding_of(content)
    fields = {"file": scene.snapshot.shown(file), "name": name}
    code = "load_encoding_named" if name else "load_encoding"
    advice = Advice("encoding", fields)
    return dataclasses.replace(scene.finding, code=code, fields=fields, advice=advice, places=[])


def encoding_of(content: bytes) -> str:
    """The encoding in which bytes that are not UTF-8 were probably written; "" if unknown."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = content.count(0)
    if zeros:
        return "UTF-16" if zeros * 5 > len(content) else ""
    for name, codec in (("GBK", "gb18030"), ("Big5", "big5")):
        text = content.decode(codec, "ignore")
        high = sum(byte >= 0x80 for byte in content)
        chinese = sum("\u4e00" <= c <= "\u9fff" or c in "，。：；（）、“”！？" for c in text)
        if high and chinese * 2 >= high * 0.9:
            return name
    return ""


def _tabs(scene: Scene) -> Finding | None:
    """Tabs in some lines and spaces in others."""
    if scene.error.startswith("TabError"):
        return scene.with_advice("tabs", place=_here(scene))
    if not scene.error.startswith("IndentationError"):
        return None
    text = text_of(scene.snapshot, _file(scene))
    if "unindent" in scene.error and _TABS.search(text) and "\n  " in text:
        return scene.with_advice("tabs", place=_here(scene))
    code = next((code for words, code in _INDENT if words in scene.error), None)
    return scene.with_advice(code) if code else None


_ADVISERS: tuple[Callable[[Scene], Finding | None], ...] = (
    _character,
    _encoding,
    _tabs,
    import_error,
)
