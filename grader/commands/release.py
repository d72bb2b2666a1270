"""``python -m grader release``: write the student's edition or the course's, or look at one."""

import signal
import sys
from pathlib import Path
from typing import Any

import click

from grader.arguments import UsageProblem
from grader.locale import LANGUAGES, Texts

SHOWN = 8  # paths of a folder that is not as it was released


def command(texts: Texts) -> click.Command:
    """The command, with its help in one language."""

    def say(name: str) -> str:
        return texts.say(f"release.{name}")

    @click.command(name="release", help=say("help"))
    @click.argument("folders", nargs=-1, metavar="DIR")
    @click.option("--server", is_flag=True, help=say("help_server"))
    @click.option("--verify", is_flag=True, help=say("help_verify"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def release(folders: tuple[str, ...], server: bool, verify: bool, lang: str | None) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        if not all(folders) or not folders:
            raise UsageProblem("release_no_folder")
        if server and verify:
            raise UsageProblem("release_both")
        if verify:
            return _verify([Path(folder) for folder in folders], texts)
        if len(folders) > 1:
            raise UsageProblem("release_no_folder")
        return _write(Path(folders[0]), server, texts)

    return release


def _write(target: Path, server: bool, texts: Texts) -> int:
    from grader.catalog import ROOT
    from grader.release import writing

    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.default_int_handler)  # nothing half-written stays behind
    writing.check_target(target, ROOT)
    if server:
        found = writing.write_server(target)
        _say(texts, "server_done", path=target, id=found.id, seed=found.seeds[0])
        return 0
    print(texts.say("release.recording"), file=sys.stderr, flush=True)
    found = writing.write_student(target)
    elsewhere = sum(found.elsewhere.values())
    fields: dict[str, Any] = {"path": target, "id": found.id, "elsewhere": elsewhere}
    fields["size"] = f"{_size(target) / 1e6:.1f}"
    _say(texts, "student_done", **fields)
    return 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _verify(folders: list[Path], texts: Texts) -> int:
    """0 if every folder is as it was released, and all are of one release."""
    from grader.release.manifest import NoEdition, Verdict, verify

    verdicts: list[Verdict] = []
    for folder in folders:
        try:
            verdicts.append(verify(folder))
        except NoEdition:
            raise UsageProblem("release_no_manifest", path=folder) from None
    for folder, found in zip(folders, verdicts, strict=True):
        kind = texts.say(f"release.kind_{'server' if found.kind == 'server' else 'student'}")
        fields = {"path": folder, "kind": kind, "id": found.id, "count": found.count}
        _say(texts, "as_released" if found.is_whole else "not_as_released", **fields)
        for name in ("changed", "missing", "added"):
            paths = getattr(found, name)
            for path in paths[:SHOWN]:
                print("  " + texts.say(f"release.{name}", path=_clean(path)))
            if len(paths) > SHOWN:
                print("  " + texts.say("report.more", count=len(paths) - SHOWN))
    ids = [found.id for found in verdicts]
    if len(set(ids)) > 1:
        _say(texts, "different_releases", ids=", ".join(ids))
    return 0 if len(set(ids)) == 1 and all(found.is_whole for found in verdicts) else 1


def _say(texts: Texts, name: str, **fields: Any) -> None:
    print(texts.say(f"release.{name}", **{n: _clean(str(v)) for n, v in fields.items()}))


def _clean(text: str) -> str:
    from grader.report.cleaning import clean_line

    return clean_line(text, 400)
