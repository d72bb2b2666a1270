"""Python, its packages against constraints.txt, and the encoding of names and output."""

import importlib.metadata
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.catalog import ROOT
from grader.doctor.observation import BROKEN, OK, WEAK, Observation

DRAWING = ("torch", "numpy", "hypothesis")  # their versions decide which inputs are drawn
NEEDED = (
    *("torch", "numpy", "pytest", "hypothesis", "msgspec", "rich", "click", "filelock"),
    *("libcst", "jinja2", "matplotlib", "pyyaml"),
)
LAYERS = ("pyseccomp",)
NAMED = 6  # differences that are named; the rest are counted


def look() -> Iterator[Observation]:
    """Everything about Python itself."""
    version = {"version": platform.python_version(), "path": sys.executable}
    yield Observation("python", OK, "python_ok", version)
    needed = (*NEEDED, *LAYERS) if sys.platform == "linux" else NEEDED
    missing = [name for name in needed if installed(name) is None]
    if missing:
        fields = {"names": ", ".join(missing)}
        state = BROKEN if set(missing) - set(LAYERS) else WEAK
        yield Observation("packages", state, "packages_missing", fields, "do_install")
    yield from _against(ROOT / "constraints.txt")
    yield _encoding()


def installed(name: str) -> str | None:
    """A package's version, without what is built in, as "+cpu"; None if it is not there."""
    try:
        return importlib.metadata.version(name).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def _against(constraints: Path) -> Iterator[Observation]:
    """Versions that differ from those that the kit was tested with."""
    if not constraints.is_file():
        yield Observation("versions", WEAK, "no_constraints", {}, "do_install")
        return
    pins = pinned(constraints.read_text(encoding="utf-8"))
    versions = {name: installed(name) for name in pins}
    present = {name: found for name, found in versions.items() if found is not None}
    other = [name for name, found in present.items() if found != pins[name]]
    drawing = [name for name in other if name in DRAWING]
    named = [*drawing, *(name for name in other if name not in DRAWING)]
    shown = ", ".join(f"{name} {present[name]} ({pins[name]})" for name in named[:NAMED])
    fields = {"count": len(other), "names": shown, "present": len(present)}
    if drawing:
        yield Observation("versions", WEAK, "versions_draw", fields, "do_versions")
    elif other:
        yield Observation("versions", WEAK, "versions_differ", fields, "do_versions")
    else:
        yield Observation("versions", OK, "versions_ok", fields)


def pinned(text: str) -> dict[str, str]:
    """Names and versions of a constraints file, as far as they hold for this Python."""
    from packaging.requirements import InvalidRequirement, Requirement

    pins = {}
    for line in text.splitlines():
        try:
            found = Requirement(line.partition("#")[0])
        except InvalidRequirement:
            continue  # an empty line, a comment, an option
        exact = [each.version for each in found.specifier if each.operator == "=="]
        if exact and (found.marker is None or found.marker.evaluate()):
            pins[found.name.lower()] = exact[0]
    return pins


def _encoding() -> Observation:
    out = (getattr(sys.stdout, "encoding", None) or "?").lower()
    files = sys.getfilesystemencoding().lower()
    fields = {"out": out, "files": files}
    if files.startswith("utf-8") and out.startswith("utf"):
        return Observation("encoding", OK, "encoding_ok", fields)
    return Observation("encoding", WEAK, "encoding_other", fields, "do_encoding")
