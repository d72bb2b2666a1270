"""Whose a file is: what the downloads of course systems are called, and names made into ids.

Recognised by the names that the systems give: Moodle's ``Name_12345_assignsubmission_file_``,
a folder or the beginning of a file's name; Canvas's ``name_LATE_12345_67890_file.py``;
Gradescope's ``submission_metadata.yml`` beside ``submission_12345`` folders. All else is plain:
a folder, an archive or a file named after its student.
"""

import dataclasses
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from grader.batch import archives
from grader.batch.selection import folded, is_source, problem, shown
from grader.sandbox.limits import MIB

METADATA = "submission_metadata.yml"
METADATA_BYTES = 64 * MIB  # it repeats every result of an autograder
METADATA_EVENTS = 5_000_000
ID_CHARS = 80
ID_BYTES = 200  # a file's name may have 255, and endings are added
SUBMITTERS = 20  # of one submission, by name
DIGEST = 6  # hexadecimal digits that tell alike ids apart

_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<plugin>file|onlinetext)(?:_(?P<file>.*))?"
)
_CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<upload>\d+)_(?P<file>.+)")
_AGAIN = re.compile(r"(.+)-(\d{1,3})(\.\w+)")  # Canvas: gru-2.py is gru.py handed in once more
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # on Windows
_BESIDE = ("thumbs.db", "desktop.ini", METADATA)


@dataclasses.dataclass(frozen=True)
class Piece:
    """One file or folder of a download, and whose it is.

    Attributes:
        key: equal for all pieces of one submission.
        name: the student's, as the system writes it.
        identity: what makes the student's id unique in the course, or "".
        file: what the file was called when it was handed in; "" for a folder.
        newest: higher for what was handed in later.
        text: whether it is text typed into a form.
    """

    path: Path
    key: str
    name: str
    identity: str = ""
    file: str = ""
    late: bool = False
    newest: tuple[int, int] = (0, 0)
    text: bool = False
    layout: str = "plain"


def is_beside(name: str) -> bool:
    """Whether a name at the top of a download is no submission: .DS_Store, __MACOSX, metadata."""
    return name.startswith((".", "__")) or name.lower() in _BESIDE


def piece(path: Path, folder: bool, exercises: Sequence[str]) -> Piece:
    """Whose a file or folder at the top of a download is."""
    return _moodle(path, folder) or _canvas(path, folder) or _plain(path, folder, exercises)


def _moodle(path: Path, folder: bool) -> Piece | None:
    match = _MOODLE.fullmatch(path.name)
    if match is None or not (folder or match["file"]):
        return None
    return Piece(
        path,
        f"moodle {match['name']} {match['id']}",
        match["name"].replace("_", " "),
        match["id"],
        "" if folder else match["file"],
        text=match["plugin"] == "onlinetext",
        layout="moodle",
    )


def _canvas(path: Path, folder: bool) -> Piece | None:
    match = _CANVAS.fullmatch(path.name)
    if match is None or folder:
        return None
    name, version = match["file"], 0
    if (again := _AGAIN.fullmatch(name)) is not None:
        name, version = again[1] + again[3], int(again[2])
    newest = (version, int(match["upload"][:18]))
    late = match["late"] is not None
    key = f"canvas {match['id']}"
    return Piece(path, key, match["name"], match["id"], name, late, newest, layout="canvas")


def _plain(path: Path, folder: bool, exercises: Sequence[str]) -> Piece:
    """A folder or archive is called after its student; a source after both, or its exercise."""
    if folder:
        return Piece(path, f"folder {path.name}", path.name)
    if not is_source(path.name):
        stem = path.name.removesuffix(archives.suffix(path.name)) or path.name
        return Piece(path, f"file {path.name}", stem, file=path.name)
    stem, _, ending = path.name.rpartition(".")
    for exercise in sorted(exercises, key=len, reverse=True):
        if stem == exercise:
            return Piece(path, "here", "", file=path.name)
        match = re.fullmatch(rf"(.+)[ _.-]+{exercise}|{exercise}[ _.-]+(.+)", stem, re.DOTALL)
        if match is not None and (student := match[1] or match[2]).strip(" _.-"):
            student = student.strip(" _.-")
            return Piece(path, f"named {student}", student, file=f"{exercise}.{ending}")
    return Piece(path, f"file {path.name}", stem, file="")


def identifier(name: str) -> str:
    """A name as an id: letters and digits of any script, safe as a file's name everywhere."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = "".join(sign if _is_plain(sign) else "_" for sign in text)
    text = re.sub(r"_+", "_", text).strip("_.-")
    text = text[:ID_CHARS]
    text = text.encode()[:ID_BYTES].decode("utf-8", "ignore").strip("_.-") or "student"
    return f"_{text}"[:ID_CHARS] if _RESERVED.fullmatch(text) else text


def _is_plain(sign: str) -> bool:
    return sign in "-." or unicodedata.category(sign)[0] in "LNM"


def with_digest(identity: str, exact: str) -> str:
    """An id that differs from those of other ``exact`` names."""
    raw = exact.encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(raw).hexdigest()[:DIGEST]
    room = ID_BYTES - DIGEST - 1
    short = identity[: ID_CHARS - DIGEST - 1].encode()[:room].decode("utf-8", "ignore")
    return f"{short.rstrip('_.-')}-{digest}"


def alone(identities: Sequence[str]) -> set[str]:
    """The ids that are unlike all others, on a disk without case and Unicode forms, too."""
    counts: dict[str, int] = {}
    for identity in identities:
        counts[folded(identity)] = counts.get(folded(identity), 0) + 1
    return {identity for identity in identities if counts[folded(identity)] == 1}


def gradescope(folder: Path) -> dict[str, Piece] | None:
    """The submissions of a Gradescope export by their folders' names; None if it isn't one.

    Only names and student numbers are looked for, as the parser comes upon them:
    no object is built from the file, whatever its tags and anchors say.

    Raises:
        IntakeProblem: if it can't be read.
    """
    path = folder / METADATA
    if not path.exists() and not path.is_symlink():
        return None
    file = archives.open_regular(path)
    if file is None:
        raise problem("unreadable", METADATA)
    with file:
        content = file.read(METADATA_BYTES + 1)
    if len(content) > METADATA_BYTES:
        raise problem("file_too_large", METADATA, most=METADATA_BYTES // MIB)
    try:
        return {
            key: _submission(folder / key, people) for key, people in _submitters(content).items()
        }
    except Exception as error:  # yaml's own errors, and what odd bytes make of it
        raise problem("metadata", METADATA, error=shown(type(error).__name__)) from None


def _submission(path: Path, people: list[dict[str, str]]) -> Piece:
    names = [person["name"] for person in people if person.get("name")]
    numbers = [person.get("sid", "") for person in people]
    identity = "_".join(filter(None, numbers)) or path.name
    name = ", ".join(names) or path.name
    return Piece(path, f"gradescope {path.name}", name, identity, layout="gradescope")


def _submitters(content: bytes) -> dict[str, list[dict[str, str]]]:
    """The submitters of each submission: texts at KEY / :submitters / [n] / :name."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, list[dict[str, str]]] = {}
    path: list[str | None] = []  # for each open mapping its key, if that has been read; "[]" else
    for number, event in enumerate(yaml.parse(content, Loader=loader)):
        if number > METADATA_EVENTS:
            raise ValueError("too long")
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            sequence = isinstance(event, yaml.SequenceStartEvent)
            path.append("[]" if sequence else None)
            if len(path) == 4 and path[1:3] == [":submitters", "[]"] and path[0] in found:
                found[path[0]].append({})
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            path.pop()
            _value_ends(path)
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent) and path:
            text = event.value if isinstance(event, yaml.ScalarEvent) else ""
            _text(path, text, found)
    return found


def _text(path: list[str | None], text: str, found: dict[str, list[dict[str, str]]]) -> None:
    """A key or a value at this place of the file."""
    if path[-1] is None:
        path[-1] = text
        if len(path) == 1:
            found.setdefault(text, [])
        return
    if len(path) == 4 and path[1:3] == [":submitters", "[]"] and path[0] in found:
        people = found[path[0]]
        if people and len(people) <= SUBMITTERS:
            people[-1][str(path[3]).lstrip(":")] = text[:200]
    _value_ends(path)


def _value_ends(path: list[str | None]) -> None:
    if path and path[-1] != "[]":
        path[-1] = None
