"""``reset EXERCISE``: the untouched exercise again; what stood there is kept."""

import datetime
import os
from pathlib import Path

import click

from grader import catalog as catalogs
from grader import edition as editions
from grader.arguments import UsageProblem, unknown
from grader.locale import LANGUAGES, Texts

BACKUPS = Path(".gatecheck") / "backups"


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    @group.command(name="reset", help=texts.say("progress.help_reset"))
    @click.argument("exercise", required=False)
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    def reset_command(exercise: str | None, lang: str | None) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        return run(exercise, texts)


def run(exercise: str | None, texts: Texts, root: Path = catalogs.ROOT) -> int:
    """Put the stub back and say where the work is now; the exit code is 0.

    Raises:
        UsageProblem: if the exercise is unknown, or its file can't be written.
    """
    names = catalogs.load().names
    if exercise is None:
        raise UsageProblem("reset_which", names=", ".join(names))
    if exercise not in names:
        raise unknown("exercise", exercise, names)
    path = root / "exercises" / f"{exercise}.py"
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise UsageProblem("reset_no_file", path=path.relative_to(root))
    from grader.stubs import write_stubs

    solutions = editions.stub_sources()
    try:
        content = path.read_bytes() if path.exists() else None
        backup = None if content is None else _keep(content, exercise, root)
        written = write_stubs(solutions, path.parent, [exercise], force=True)
        if not written and backup is not None:  # it was the stub
            backup.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageProblem("reset_unwritable", path=path.relative_to(root), reason=reason) from None
    shown = {"path": path.relative_to(root).as_posix()}
    if not written:
        click.echo(texts.say("progress.reset_same", **shown))
    elif backup is None:
        click.echo(texts.say("progress.reset_new", **shown))
    else:
        kept = backup.relative_to(root).as_posix()
        click.echo(texts.say("progress.reset_done", backup=kept, **shown))
    return 0


def _keep(content: bytes, exercise: str, root: Path) -> Path:
    """Write what stands there to a file of its own; no older backup is touched."""
    folder = root / BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in range(1, 1000):
        path = folder / f"{exercise}-{moment}{'' if number == 1 else f'-{number}'}.py"
        try:
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            continue
        return path
    raise FileExistsError(str(folder))


__all__ = ["attach", "run"]
