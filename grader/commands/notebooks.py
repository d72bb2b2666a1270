"""``python -m grader notebooks``: the exercises as notebooks, for those who like cells."""

from pathlib import Path

import click

from grader import catalog as catalogs
from grader.arguments import UsageProblem, unknown
from grader.locale import LANGUAGES, Texts

FOLDER = "notebooks"


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    def say(name: str) -> str:
        return texts.say(f"notebook.{name}")

    @group.command(name="notebooks", help=say("help"))
    @click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
    @click.option("--out", metavar="DIR", default=FOLDER, show_default=True, help=say("help_out"))
    @click.option("--force", is_flag=True, help=say("help_force"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def notebooks_command(
        exercises: tuple[str, ...], out: str, force: bool, lang: str | None
    ) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        return run(exercises, out, force, texts)


def run(exercises: tuple[str, ...], out: str, force: bool, texts: Texts) -> int:
    """Write the notebooks and say what became of each; the exit code is 0.

    Raises:
        UsageProblem: if an exercise is unknown, the folder can't be used, or nbformat is missing.
    """
    catalog = catalogs.load()
    for name in exercises:
        if name not in catalog.names:
            raise unknown("exercise", name, catalog.names)
    folder = Path(out)
    if not out or (folder.exists() and not folder.is_dir()):
        raise UsageProblem("out_file", path=out or "''")
    try:
        from grader.notebook.writing import write
    except ImportError:
        raise UsageProblem("no_nbformat") from None
    chosen = [name for name in catalog.names if name in exercises] or catalog.names
    kept = 0
    for name in chosen:
        try:
            done = write(catalog.exercise(name), folder, force, texts)
        except OSError as error:
            raise UsageProblem(
                "notebooks_unwritable", path=out, reason=error.strerror or ""
            ) from None
        click.echo(texts.say(f"notebook.{done.what}", path=done.path, backup=done.backup))
        kept += done.what == "kept"
    if kept:
        click.echo(texts.say("notebook.kept_note"))
    click.echo(texts.say("notebook.open", folder=out))
    return 0
