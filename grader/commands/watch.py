"""``watch [EXERCISE]``: grade whatever is saved, at once, with everything warm."""

import contextlib
import functools
import gc
import os
import signal
import warnings
from pathlib import Path

import click

from grader import catalog as catalogs
from grader.arguments import Order, UsageProblem, default_seed, order
from grader.locale import LANGUAGES, Texts


def attach(group: click.Group, texts: Texts) -> None:
    """Add the command to the group."""

    def say(name: str) -> str:
        return texts.say(f"help.{name}")

    @group.command(name="watch", help=texts.say("watch.help"))
    @click.argument("exercise", required=False)
    @click.option("--submission", metavar="DIR", default="exercises", show_default=True,
                  help=say("submission"))  # fmt: skip
    @click.option("--seed", metavar="N", help=f"{say('seed')}  [{default_seed()}]")
    @click.option("--hints", metavar="N", help=say("hints"))
    @click.option("--lang", metavar="LANG", help=say("lang"))
    def watch_command(
        exercise: str | None, submission: str, seed: str | None, hints: str | None, lang: str | None
    ) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        if not Path(submission).is_dir():
            raise UsageProblem("watch_folder", path=submission)
        wish = order(catalogs.load(), exercises=(exercise,) if exercise else (),
                     submission=submission, json=None, seed=seed, device="cpu", timing=False,
                     hints=hints)  # fmt: skip
        return run(wish, texts)


def run(wish: Order, texts: Texts) -> int:
    """Watch until q or Ctrl-C; the exit code is 0."""
    if not os.environ.get("GRADER_DEBUG"):
        warnings.simplefilter("ignore")
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.default_int_handler)
    from rich.console import Console

    from grader.sandbox.client import Template

    console = Console(highlight=False, markup=False, emoji=False)
    console.print(texts.say("watch.starting"), style="dim", soft_wrap=True)
    template = Template()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _watch(template, wish, texts, console)
    finally:
        template.close()
    return 0


def _watch(template, wish: Order, texts: Texts, console) -> None:
    gc.disable()  # until everything is imported
    from grader import cli
    from grader.checking.session import Engine
    from grader.watching.events import Events, Pressed
    from grader.watching.keys import keys
    from grader.watching.screen import Screen
    from grader.watching.watcher import Watcher

    cli.draws_the_same()
    catalog = catalogs.load()
    with contextlib.ExitStack() as stack:
        engine = stack.enter_context(Engine(template=template))
        screen = Screen(console, texts, wish.submission, keyboard=False)
        first = wish.exercises[0] if wish.exercises else _first(wish.submission, catalog)
        watcher = Watcher(engine, screen, wish.submission, first, wish.seed, wish.hints)
        events = Events(Path(wish.submission), catalog.names, watcher.urgent)
        stack.enter_context(events)
        events.ready.wait(timeout=5)
        pressed = functools.partial(_press, events, Pressed)
        screen.keyboard = stack.enter_context(keys(pressed))
        gc.freeze()
        gc.enable()
        watcher.loop(events)


def _press(events, pressed, key: str) -> None:
    events.put(pressed(key))


def _first(submission: str, catalog: catalogs.Catalog) -> str:
    """The first exercise with something left to do."""
    from grader.progress import history, standing
    from grader.progress.store import Store, StoreProblem

    known = {}
    if history.own(submission):
        with contextlib.suppress(StoreProblem), Store(catalogs.ROOT / history.PATH) as store:
            known = store.latest()
    following = standing.next_of(standing.standings(Path(submission), catalog, known))
    return following.exercise.name if following else catalog.names[0]


__all__ = ["attach", "run"]
