"""``report [PATH] [EXERCISE ...]``: grade, draw, and write one HTML page that needs nothing else.

With ``--from`` the page is made from a JSON report that was stored earlier; then nothing is run,
and there are no pictures. Attached to the command line without importing anything heavy.
"""

import dataclasses
import datetime
import os
import time
from pathlib import Path
from typing import Any

import click

from grader import catalog as catalogs
from grader.arguments import (
    Order,
    UsageProblem,
    default_seed,
    order,
    unknown,
    write_json,
)
from grader.locale import LANGUAGES, Texts

OUT = "report.html"
LARGEST = 32 << 20  # bytes of a stored report
WIDE = 4_000  # cells of a message's line: the page sets its own lines
PRINTED_CHARS = 4_000
FAULT = 3


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the command line."""

    def say(name: str) -> str:
        return texts.say(f"help.{name}")

    @group.command(name="report", help=say("report"))
    @click.argument("words", nargs=-1, metavar="[PATH] [EXERCISE]...")
    @click.option("--out", metavar="FILE", default=OUT, show_default=True, help=say("report_out"))
    @click.option("--from", "stored", metavar="FILE", help=say("report_from"))
    @click.option("--no-pictures", "pictures", flag_value=False, default=True,
                  help=say("no_pictures"))  # fmt: skip
    @click.option("--submission", metavar="DIR", help=say("submission"))
    @click.option("--seed", metavar="N", help=f"{say('seed')}  [{default_seed()}]")
    @click.option("--device", metavar="DEVICE", default="auto", show_default=True,
                  help=say("device"))  # fmt: skip
    @click.option("--hints", metavar="N", help=say("hints"))
    @click.option("--lang", metavar="LANG", help=say("lang"))
    @click.option("--deadline", metavar="SECONDS", help=say("deadline"))
    @click.option("--no-timing", "timing", flag_value=False, default=True, help=say("no_timing"))
    def report_command(
        words: tuple[str, ...],
        out: str,
        stored: str | None,
        pictures: bool,
        lang: str | None,
        submission: str | None,
        **options: Any,
    ) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        path, exercises = _path_first(words, submission)
        _check_out(out)
        if stored is not None:
            if path is not None:
                raise UsageProblem("report_from_path", path=path)
            return from_stored(stored, exercises, out, texts)
        wish = order(catalogs.load(), exercises=exercises, submission=path or "exercises",
                     json=None, **options)  # fmt: skip
        return from_run(wish, out, pictures, texts)


def _path_first(
    words: tuple[str, ...], submission: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The folder and the exercises: a first word that names no exercise is the folder.

    Raises:
        UsageProblem: if it can be neither.
    """
    names = catalogs.load().names
    path = submission
    if words and words[0] not in names:
        first = words[0]
        if not (os.path.exists(first) or os.sep in first or "/" in first):
            raise unknown("exercise", first, names)
        if submission is not None:
            raise UsageProblem("report_two_paths", path=first, other=submission)
        path, words = first, words[1:]
    for name in words:
        if name not in names:
            raise unknown("exercise", name, names)
    return path, words


def _check_out(out: str) -> None:
    """Whether the page can be written, found out before anything runs.

    Raises:
        UsageProblem: if it can't.
    """
    path = Path(out)
    parent = path.resolve().parent
    if not out or path.is_dir():
        raise UsageProblem("report_folder", path=out or "''")
    if not parent.is_dir():
        raise UsageProblem("report_parent", path=path.parent)
    place = path if path.exists() and not path.is_file() else parent
    if not os.access(place, os.W_OK) or (path.is_file() and not os.access(path, os.W_OK)):
        raise UsageProblem("report_unwritable", path=path)


def from_stored(stored: str, exercises: tuple[str, ...], out: str, texts: Texts) -> int:
    """Write the page of a stored report, or of some of its exercises.

    Returns:
        0, or 3 if the grader itself failed in the run that it is about.
    """
    from grader.webpage.building import language_of, view
    from grader.webpage.page import page

    catalog = catalogs.load()
    report = _only(_read(stored), exercises)
    shown = view({language_of(report, catalog): report}, catalog)
    content = page(shown, None, texts.language)
    write_json(out, content)
    _announce(report, out, texts)
    return FAULT if report.exit_code == FAULT else 0


def _read(stored: str) -> Any:
    """A stored report; it may come from anywhere.

    Raises:
        UsageProblem: if it can't be read, or is none.
    """
    import msgspec

    from grader.report import model

    path = Path(stored)
    if not path.is_file():
        raise UsageProblem("report_from_missing", path=stored)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        report = model.from_json(content if len(content) <= LARGEST else b"")
    except OSError:
        raise UsageProblem("report_from_unreadable", path=stored) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UsageProblem("report_from_other", path=stored) from None
    if report.schema != model.SCHEMA:
        raise UsageProblem("report_from_schema", path=stored, schema=report.schema)
    return report


def _only(report: Any, exercises: tuple[str, ...]) -> Any:
    """The report of these exercises; of all if none is named."""
    if not exercises:
        return report
    kept = [exercise for exercise in report.exercises if exercise.name in exercises]
    missing = set(exercises) - {exercise.name for exercise in kept}
    if missing:
        raise UsageProblem("report_from_without", name=min(missing))
    report.exercises = kept
    report.score = sum(exercise.score for exercise in kept)
    report.max_score = sum(exercise.max_score for exercise in kept)
    return report


@dataclasses.dataclass
class _Drawn:
    """What is left of a run when its workers are gone."""

    pictures: list[Any] | None = None
    seconds: float = 0.0


def from_run(wish: Order, out: str, with_pictures: bool, texts: Texts) -> int:
    """Grade, draw and write the page.

    Returns:
        0, or 3 if the grader itself failed somewhere; the page says where.
    """
    from grader import cli

    start, drawn = time.monotonic(), _Drawn()

    def draw(engine: Any, graded: Any, live: Any) -> None:
        drawn.seconds = time.monotonic() - start
        if with_pictures:
            from grader.pictures import gallery
            from grader.pictures.draw import Artist
            from grader.webpage.page import words

            def progress(exercise: str, kind: str) -> None:
                live.doing(texts.say("html.drawing", exercise=exercise))

            artist = Artist(words())
            drawn.pictures = gallery.draw(engine, graded, wish.submission, artist, progress)

    graded = cli._graded(wish, texts, draw)
    report, content = _page(graded, wish, drawn, with_pictures, texts)
    write_json(out, content)
    _announce(report, out, texts, drawn.pictures)
    return FAULT if report.exit_code == FAULT else 0


def _page(
    graded: Any, wish: Order, drawn: _Drawn, with_pictures: bool, texts: Texts
) -> tuple[Any, bytes]:
    from grader.pictures.gallery import untouched
    from grader.report.build import build_report
    from grader.sandbox.devices import describe
    from grader.webpage.building import view
    from grader.webpage.page import page

    device = describe(graded.device)
    common = (graded, wish.submission, wish.seed, device, drawn.seconds)
    reports = {language: build_report(*common, Texts(language), WIDE) for language in LANGUAGES}
    shown = view(reports, graded.catalog, printed(graded))
    now = datetime.datetime.now().astimezone().isoformat(timespec="minutes")
    bare = [n for n in graded.catalog.names if n in graded.wanted and untouched(graded, n)]
    content = page(shown, drawn.pictures, texts.language, now, bare, left_out=not with_pictures)
    return reports[texts.language], content


def printed(graded: Any) -> dict[str, str]:
    """What the code printed, by check that did not pass: in the call, or else while imported."""
    from grader.report.cleaning import clean

    found = {}
    for name, outcome in graded.outcomes.items():
        finding = outcome.finding
        if finding is None or finding.status not in ("failed", "error", "timeout"):
            continue
        output = finding.call.printed if finding.call else b""
        output = output if output.strip() else graded.printed.get(outcome.check.exercise, b"")
        text = clean(output, PRINTED_CHARS).strip("\n")
        if text.strip():
            found[name] = text
    return found


def _announce(report: Any, out: str, texts: Texts, pictures: list[Any] | None = None) -> None:
    """Say what was written, and where; a terminal makes the address clickable."""
    from grader.report.cleaning import clean_line

    score, points = f"{report.score:g}", f"{report.max_score:g}"
    print(texts.say("report.score", score=score, points=points))
    if pictures:
        missing = sum(picture.why is not None for picture in pictures)
        print(texts.say("html.drawn", count=len(pictures) - missing, missing=missing))
    print(texts.say("html.written", path=clean_line(out, 1000)))
    print(Path(out).resolve().as_uri())
