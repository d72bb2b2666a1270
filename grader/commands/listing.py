"""``list``: how far each exercise is and what to do next. It grades nothing and takes no time."""

import json
import sys

import click

from grader import catalog as catalogs
from grader.arguments import UsageProblem
from grader.locale import LANGUAGES, Texts

SCHEMA = 1


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    @group.command(name="list", help=texts.say("progress.help_list"))
    @click.option("--json", "as_json", is_flag=True, help=texts.say("progress.help_json"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def list_command(as_json: bool, lang: str | None) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        return run(as_json, texts)


def run(as_json: bool, texts: Texts) -> int:
    """Print the list; the exit code is 0."""
    from grader.progress.history import PATH, problem_line
    from grader.progress.standing import next_of, standings
    from grader.progress.store import Store, StoreProblem

    known = {}
    try:
        with Store(catalogs.ROOT / PATH) as store:
            known = store.latest()
    except StoreProblem as problem:
        print(texts.say("cli.prefix", line=problem_line(problem, texts)), file=sys.stderr)
    found = standings(catalogs.ROOT / "exercises", catalogs.load(), known)
    if not as_json:
        from rich.console import Console

        from grader.progress.table import show

        show(found, texts, Console(highlight=False, markup=False, emoji=False))
        return 0
    following = next_of(found)
    rows = [
        {
            "name": each.exercise.name,
            "state": each.state,
            "score": each.score,
            "max_score": each.exercise.points,
            "graded_at": each.result.at if each.result else None,
        }
        for each in found
    ]
    whole = {
        "schema": SCHEMA,
        "score": sum(each.score or 0 for each in found),
        "max_score": sum(each.exercise.points for each in found),
        "next": following.exercise.name if following else None,
        "exercises": rows,
    }
    print(json.dumps(whole, ensure_ascii=False, indent=2))
    return 0


__all__ = ["attach", "run"]
