"""matplotlib's SVG made fit to stand inside a page with a strict Content-Security-Policy.

Such a page allows no style attributes and no style elements beside its own. So each declaration
becomes the presentation attribute of the same name, which SVG has for all of them; ids keep to one
picture; black turns into the page's own text colour; and words are written in both languages, of
which the page shows one.
"""

import copy
import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from matplotlib.figure import Figure

PRESENTATION = frozenset(
    "clip-path fill fill-opacity fill-rule font-size font-style font-weight opacity stroke "
    "stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-opacity stroke-width text-anchor".split()
)
_LEFT_TO_THE_PAGE = frozenset(["font-family", "font-stretch", "font-variant"])
_INK = {"#000000": "currentColor", "black": "currentColor"}
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NO_TURN = re.compile(r"\s*rotate\(-?0(\.0+)?[ )]")
Words = Mapping[str, Mapping[str, str]]  # a mark in the figure → its text by language


class NotInline(ValueError):
    """matplotlib wrote something that the page would not show."""


def inline(figure: Figure, prefix: str, words: Words, hidden: bool = True) -> str:
    """The figure as an ``svg`` element.

    Args:
        prefix: of all its ids; no other picture of the page may have it.
        words: texts of the figure that stand for a word, and what to write instead.
        hidden: from screen readers, because the words beside it say the same.

    Raises:
        NotInline: if the figure has a declaration that is no presentation attribute.
    """
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    root = ElementTree.fromstring(buffer.getvalue())
    _prune(root)
    _name(root, prefix)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        _attributes(element)
    _translate(root, words)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    if hidden:
        root.attrib.update({"aria-hidden": "true", "focusable": "false"})
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _prune(element: ElementTree.Element) -> None:
    """Take out style elements, metadata, paths that draw nothing, and groups left empty."""
    for child in list(element):
        _prune(child)
        name = child.tag.removeprefix(_SVG)
        empty = name in ("g", "defs") and not len(child) and "clip-path" not in child.attrib
        invisible = name == "path" and child.get("style") == "fill: none"
        if name in ("style", "metadata") or empty or invisible:
            element.remove(child)
        child.tail = None
    if element.tag not in (f"{_SVG}text", f"{_SVG}tspan"):
        element.text = None


def _name(root: ElementTree.Element, prefix: str) -> None:
    """Number the ids that something refers to; the others go."""
    used: dict[str, str] = {}
    for element in root.iter():
        found = [value for value in element.attrib.values() if "url(#" in value]
        names = [name for value in found for name in _REFERENCE.findall(value)]
        if _HREF in element.attrib:
            names.append(element.attrib[_HREF].removeprefix("#"))
        for name in names:
            used.setdefault(name, f"{prefix}-{len(used)}")
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.attrib["id"] = used[own]
        target = element.attrib.pop(_HREF, None)
        if target is not None:
            element.attrib["href"] = f"#{used[target.removeprefix('#')]}"
        for key, value in element.attrib.items():
            element.attrib[key] = _REFERENCE.sub(lambda m: f"url(#{used[m[1]]})", value)


def _attributes(element: ElementTree.Element) -> None:
    """Declarations as attributes, in short numbers."""
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if not key or key in _LEFT_TO_THE_PAGE:
            continue
        if key not in PRESENTATION:
            raise NotInline(f"{key}: {value}")
        element.attrib[key] = _INK.get(value, value)
    if element.tag == "text":
        element.attrib.setdefault("fill", "currentColor")
    if _NO_TURN.match(element.get("transform", "")):
        del element.attrib["transform"]
    for key, value in element.attrib.items():
        if key not in ("id", "href"):
            short = _NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)
            element.attrib[key] = " ".join(short.split())


def _translate(parent: ElementTree.Element, words: Words) -> None:
    """A text that stands for a word becomes two, one a language."""
    for index, child in reversed(list(enumerate(parent))):
        _translate(child, words)
        known = words.get(child.text or "") if child.tag == "text" else None
        if not known:
            continue
        parent.remove(child)
        for language, text in reversed(list(known.items())):
            own = copy.deepcopy(child)
            own.text = text
            own.attrib["class"] = f"l-{language}"
            parent.insert(index, own)
