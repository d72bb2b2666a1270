"""``doctor``: is this machine fit to grade? See docs/operating.md.

Exit codes: 0 nothing is broken (what is only weak is said), 1 something is, 2 wrong usage. Attached
to the command line without importing anything heavy.
"""

import os
import sys
import time
from pathlib import Path

import click

from grader.arguments import STANDARD_OUTPUT, UsageProblem, file_problem, write_json
from grader.locale import LANGUAGES, Texts

BROKEN_HERE = 1


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    def say(name: str) -> str:
        return texts.say(f"doctor.{name}")

    @group.command(name="doctor", help=say("help"))
    @click.option("--out", metavar="DIR", default=".", show_default=True, help=say("help_out"))
    @click.option("--quick", is_flag=True, help=say("help_quick"))
    @click.option("--json", metavar="FILE", help=say("help_json"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def doctor_command(out: str, quick: bool, json: str | None, lang: str | None) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        if not out or not os.path.isdir(out):
            raise UsageProblem("doctor_out", path=out or "''")
        if json is not None and json != STANDARD_OUTPUT:
            problem = file_problem(Path(json))
            if problem:
                path = Path(json).parent if problem == "parent" else json
                raise UsageProblem(f"json_{problem}", path=path)
        return run(Path(out), quick, json, texts)


def run(out: Path, quick: bool, json: str | None, texts: Texts) -> int:
    """Look at everything and say what was found; the exit code."""
    import warnings

    from rich.console import Console

    from grader.doctor import examining
    from grader.doctor.show import Screen, as_data

    warnings.simplefilter("ignore")  # torch's, on which nobody can act
    start = time.monotonic()
    stream = sys.stderr if json == STANDARD_OUTPUT else sys.stdout
    screen = Screen(Console(file=stream, highlight=False, markup=False, emoji=False), texts)
    parts = []
    for name, found in examining.examine(examining.groups(out, quick)):
        parts.append((name, found))
        screen.part(name, found)
    everything = [each for _, found in parts for each in found]
    screen.end(everything, quick)
    if json is not None:
        _deliver(json, as_data(parts, time.monotonic() - start, texts))
    return BROKEN_HERE if examining.worst(everything) == "broken" else 0


def _deliver(path: str, data: dict) -> None:
    import json

    content = json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    if path == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        write_json(path, content)


__all__ = ["attach", "run"]
