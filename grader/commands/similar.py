"""``similar DIR``: the pairs of a class whose code is suspiciously alike, as one HTML page.

A hint for a person, never a verdict; see docs/similar.md. Attached to the command line without
importing anything heavy.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from grader import catalog as catalogs
from grader.arguments import STANDARD_OUTPUT, UsageProblem, write_json
from grader.locale import LANGUAGES, Texts

OUT = "similar.html"
PAIRS_SHOWN = 100  # on the page, side by side
PAIRS_STORED = 1_000  # in the JSON
PAIRS_PRINTED = 20
UNREAD_PRINTED = 10


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    def say(name: str) -> str:
        return texts.say(f"similar.{name}")

    @group.command(name="similar", help=say("help"))
    @click.argument("folder", metavar="DIR")
    @click.option("--out", metavar="FILE", default=OUT, show_default=True, help=say("help_out"))
    @click.option("--threshold", metavar="PERCENT", default="50", show_default=True,
                  help=say("help_threshold"))  # fmt: skip
    @click.option("--json", metavar="FILE", help=say("help_json"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def similar_command(
        folder: str, out: str, threshold: str, json: str | None, lang: str | None
    ) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        share = _share(threshold)
        _check_folder(folder)
        for path in (out, json):
            if path is not None and path != STANDARD_OUTPUT:
                _check_out(path)
        return run(Path(folder), out, share, json, texts)


def _share(typed: str) -> float:
    number = typed.strip().removesuffix("%")
    if number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= 100:
        return int(number) / 100
    raise UsageProblem("similar_threshold", value=typed or "''")


def _check_folder(folder: str) -> None:
    """Whether it can hold a class.

    Raises:
        UsageProblem: if it is no folder, or one submission.
    """
    if not folder or not os.path.isdir(folder):
        raise UsageProblem("similar_folder", path=folder or "''")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageProblem("folder_unreadable", path=folder)
    names = {f"{name}.py" for name in catalogs.load().names}
    if any(entry.name in names for entry in os.scandir(folder)):
        raise UsageProblem("similar_one", path=folder)


def _check_out(out: str) -> None:
    path = Path(out)
    parent = path.resolve().parent
    if not out or path.is_dir():
        raise UsageProblem("report_folder", path=out or "''")
    if not parent.is_dir():
        raise UsageProblem("report_parent", path=path.parent)
    if not os.access(path if path.is_file() else parent, os.W_OK):
        raise UsageProblem("report_unwritable", path=path)


def run(folder: Path, out: str, threshold: float, json: str | None, texts: Texts) -> int:
    """Compare, write the page, and print the pairs; the exit code is 0.

    Raises:
        UsageProblem: if the library that compares is not installed.
    """
    try:
        from grader.similarity import comparing
    except ImportError:
        raise UsageProblem("no_copydetect") from None
    from grader.similarity import reading
    from grader.similarity.page import page
    from grader.similarity.view import as_data, names_of, percent, view

    catalog = catalogs.load()
    reads = list(reading.read_all(folder, catalog))
    pairs = comparing.compare(reads, _base(catalog), threshold)
    unread = [
        (name, read.why) for name, read in zip(names_of(reads), reads, strict=True) if read.why
    ]
    facts = {
        "folder": str(folder),
        "submissions": len(reads) - len(unread),
        "threshold": percent(threshold),
        "found": len(pairs),
        "unread": unread,
    }
    shown = view(pairs[:PAIRS_SHOWN], reads)
    write_json(out, page(shown, facts, texts.language))
    if json is not None:
        _deliver(json, as_data(pairs, reads, threshold, PAIRS_STORED))
    _print(shown, facts, out, texts, sys.stderr if json == STANDARD_OUTPUT else sys.stdout)
    return 0


def _base(catalog: catalogs.Catalog) -> Any:
    """The kit's own code: solutions and stubs, or what stands in for them where they are gone."""
    from grader.similarity import comparing
    from grader.similarity.tokens import tokens
    from grader.stubs import stub_source

    sources = []
    for name in catalog.names:
        solution = catalogs.ROOT / "solutions" / f"{name}.py"
        if solution.is_file():
            text = solution.read_text(encoding="utf-8")
            sources += [text, stub_source(text)]
    return comparing.base_of([tokens(source.encode()) for source in sources])


def _deliver(path: str, data: dict[str, Any]) -> None:
    import json

    content = json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    if path == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        write_json(path, content)


def _print(shown: list[Any], facts: dict[str, Any], out: str, texts: Texts, stream: Any) -> None:
    """The pairs, a line each, and where the page is."""

    def say(name: str, /, **fields: Any) -> None:
        print(texts.say(f"similar.{name}", **fields), file=stream)

    for pair in shown[:PAIRS_PRINTED]:
        parts = [
            f"{texts.say('similar.whole') if file.name == '*' else file.name} {file.percent}%"
            for file in pair.files
        ]
        fields = {"percent": f"{pair.percent:3d}", "left": pair.left, "right": pair.right}
        say("line", files=texts.say("similar.comma").join(parts[:4]), **fields)
    if facts["found"] > PAIRS_PRINTED:
        say("more", count=facts["found"] - PAIRS_PRINTED)
    for name, why in facts["unread"][:UNREAD_PRINTED]:
        say("unread_line", name=name, why=texts.say(f"similar.why_{why}"))
    if len(facts["unread"]) > UNREAD_PRINTED:
        say("unread_more", count=len(facts["unread"]) - UNREAD_PRINTED)
    counts = {name: facts[name] for name in ("submissions", "found", "threshold")}
    say("counts", **counts)
    say("hint")
    say("written", path=out)
