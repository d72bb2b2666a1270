"""Reading a commit of a git repository that anybody may have made.

The repository's configuration, hooks, attributes, filters, alternates and working files are never
looked at: git is shown the objects only (``grader/batch/git.py``). References are read here, as
small files. So nothing in the repository can name a program to run or a file elsewhere to read.
"""

import contextlib
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from grader.batch.archives import Content, open_regular
from grader.batch.git import Git
from grader.batch.selection import (
    FOLDER,
    KEPT_BYTES,
    IntakeProblem,
    is_beside,
    is_source,
    most,
    problem,
    too_large,
)
from grader.sandbox.limits import MIB

OBJECT_FILES = 200_000  # in the folder of objects
ENTRIES = 20_000  # in one folder of a commit
FOLDERS = 64  # of a commit's top that are looked into
REFERENCE_BYTES = 4 * MIB  # packed-refs
SYMBOLIC = 5  # references that name references

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_COMMIT = re.compile(r"([A-Za-z0-9][\w./+-]{0,200})((?:[~^][0-9]{0,4}){0,8})")
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]+) +(-|BAD|\d+)\t(.+)", re.DOTALL)
_REFUSED = ("info/alternates", "info/http-alternates")


def git_folder(folder: Path) -> Path | None:
    """The repository that a folder is (bare), or that it has in ``.git``; None if neither."""
    for place in (folder / ".git", folder):
        parts = (place / "HEAD", place / "objects", place / "refs")
        if place.is_symlink() or any(part.is_symlink() for part in parts[1:]):
            continue
        with contextlib.suppress(OSError):
            if parts[1].is_dir() and parts[2].is_dir() and os.path.lexists(parts[0]):
                return place
    return None


def has_commit(repository: Path) -> bool:
    """Whether HEAD names a commit: not so after ``git init`` alone."""
    with contextlib.suppress(IntakeProblem):
        return bool(_resolve(repository, "HEAD"))
    return True  # what is wrong is said when it is read


def read(repository: Path, commit: str | None = None) -> Content:
    """The wanted files of a commit by path, or what is wrong with each.

    Args:
        repository: what ``git_folder`` found.
        commit: a hash or its beginning, a branch or a tag, with ~1 or ^ behind; HEAD by default.

    Raises:
        IntakeProblem: if there is no such commit, or git can't or may not read it.
    """
    if shutil.which("git") is None:
        raise problem("git_missing")
    _look_over(repository / "objects")
    revision = _revision(repository, commit or "HEAD")
    long = 64 in (len(re.split("[~^]", revision)[0]), len(_resolve(repository, "HEAD")))
    with Git(repository / "objects", long) as git:
        tree = git.run("rev-parse", "--verify", "--quiet", revision + "^{tree}").decode().strip()
        if not _HASH.fullmatch(tree):
            raise problem("no_commit", commit=commit or "HEAD")
        return _blobs(git, _listing(git, tree))


def _look_over(objects: Path) -> None:
    """Refuse objects that stand elsewhere, and what would keep git waiting."""
    for name in _REFUSED:
        if os.path.lexists(objects / name):
            raise problem("repository_elsewhere")
    count, waiting = 0, [objects]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    folder = entry.is_dir(follow_symlinks=False)
                    if count > OBJECT_FILES:
                        raise problem("repository_large", most=OBJECT_FILES)
                    if not folder and not entry.is_file(follow_symlinks=False):
                        raise problem("repository_elsewhere")
                    if folder:
                        waiting.append(Path(entry.path))
        except OSError:
            raise problem("repository_broken") from None


def _revision(repository: Path, commit: str) -> str:
    """What git, which knows no references here, is asked for: a hash, and what stood behind."""
    match = _COMMIT.fullmatch(commit)
    if match is None:
        raise problem("no_commit", commit=commit[:80])
    name, behind = match.groups()
    found = _resolve(repository, name)
    if not found and re.fullmatch(r"[0-9a-fA-F]{4,64}", name):
        found = name.lower()
    if not found:
        raise problem("no_commit" if commit != "HEAD" else "repository_empty", commit=commit)
    return found + behind


def _resolve(repository: Path, name: str) -> str:
    """The hash that a reference stands for; "" if there is none of this name."""
    if ".." in name:
        return ""
    packed = _packed(_small_file(repository / "packed-refs", REFERENCE_BYTES))
    prefixes = [""] if name == "HEAD" else ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"]
    for candidate in [prefix + name for prefix in prefixes] + [f"refs/remotes/origin/{name}"]:
        reference = candidate.replace("refs/refs/", "refs/")
        for _ in range(SYMBOLIC):
            value = _loose(repository, reference) or packed.get(reference, "")
            if not value.startswith("ref: "):
                break
            reference = value.removeprefix("ref: ").strip()
            if ".." in reference or not reference.startswith("refs/"):
                return ""
        if _HASH.fullmatch(value):
            return value
    return ""


def _loose(repository: Path, reference: str) -> str:
    path = repository
    for part in reference.split("/"):
        path = path / part
        if path.is_symlink():
            return ""
    return _small_file(path, 1024).strip()


def _packed(text: str) -> dict[str, str]:
    lines = (line.partition(" ") for line in text.splitlines())
    return {name: value for value, _, name in lines if _HASH.fullmatch(value)}


def _small_file(path: Path, size: int) -> str:
    file = open_regular(path)
    if file is None:
        return ""
    with file:
        return file.read(size).decode("utf-8", "replace")


def _listing(git: Git, tree: str) -> dict[str, tuple[str, int] | IntakeProblem]:
    """The wanted files of a commit: path to hash and size, or what is wrong with them."""
    found: dict[str, tuple[str, int] | IntakeProblem] = {}
    folders: list[str] = []
    for kind, name, identity in _entries(git, tree):
        if kind == "folder" and not is_beside(name):
            folders.append(name)
        elif kind == "file" and is_source(name):
            found[name] = identity
    for folder in folders[:FOLDERS]:
        inner = list(_entries(git, f"{tree}:{folder}"))
        if any(kind == "folder" and name == FOLDER for kind, name, _ in inner):
            deeper = _entries(git, f"{tree}:{folder}/{FOLDER}")
            found |= {
                f"{folder}/{FOLDER}/{name}": at for kind, name, at in deeper if kind == "file"
            }
        found |= {f"{folder}/{name}": at for kind, name, at in inner if kind == "file"}
    return {path: at for path, at in found.items() if is_source(path.rpartition("/")[2])}


def _entries(git: Git, tree: str) -> Iterator[tuple[str, str, tuple[str, int] | IntakeProblem]]:
    """Kind, name and place of what stands in one folder of a commit."""
    records = git.run("ls-tree", "-z", "-l", "--full-tree", tree).split(b"\0")
    if len(records) > ENTRIES:
        raise problem("folder_full", most=ENTRIES)
    for record in records:
        match = _ENTRY.fullmatch(record)
        if match is None:
            continue
        mode, kind, identity, size, raw = match.groups()
        name = raw.decode("utf-8", "surrogateescape")
        if kind == b"tree":
            yield "folder", name, (identity.decode(), 0)
        elif kind == b"blob" and mode != b"120000" and size.isdigit():
            yield "file", name, (identity.decode(), int(size))
        elif kind == b"blob":
            linked = mode == b"120000"
            yield "file", name, problem("file_link" if linked else "file_damaged", name)


def _blobs(git: Git, listing: dict[str, tuple[str, int] | IntakeProblem]) -> Content:
    """The files' bytes, those of a reasonable size in one go."""
    content: Content = {}
    asked: dict[str, str] = {}
    room = KEPT_BYTES
    for path, at in sorted(listing.items()):
        if isinstance(at, IntakeProblem):
            content[path] = at
        elif at[1] > most(path):
            content[path] = too_large(path)
        else:
            asked[path] = at[0]
            room -= at[1]
    if room < 0:
        raise problem("archive_bytes", most=KEPT_BYTES // MIB)
    given = "".join(f"{identity}\n" for identity in asked.values())
    output = io.BytesIO(git.run("cat-file", "--batch", "--buffer", given=given) if asked else b"")
    for path, identity in asked.items():
        content[path] = _blob(output, identity, path)
    return content


def _blob(output: io.BytesIO, identity: str, path: str) -> "bytes | IntakeProblem":
    words = output.readline(200).split()
    if len(words) != 3 or words[:2] != [identity.encode(), b"blob"]:
        return problem("file_damaged", path)
    blob = output.read(int(words[2]))
    return blob if output.read(1) == b"\n" else problem("file_damaged", path)
