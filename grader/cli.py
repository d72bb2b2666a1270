"""The command line: ``python -m grader grade [EXERCISE ...]``, ``hint``, ``solution``,
``audit``, ``new``, ``report``, ``similar``, ``doctor``.

Exit codes: 0 full marks, 1 not full marks, 2 wrong usage, 3 the grader itself failed, 130 Ctrl-C.
Whatever goes wrong before or beside the grading is one line on standard error.

The sandbox's template takes as long to start (it imports torch) as this process takes for its own
imports. So nothing heavy is imported at the top of this file: arguments are checked first, then the
template starts, and only then torch, pytest and rich are imported here, at the same time.
"""

import functools
import gc
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from grader import catalog as catalogs
from grader import edition as editions
from grader.arguments import (
    MOST_HINTS,
    Order,
    UsageProblem,
    default_seed,
    order,
    refuse_exposed,
    unknown,
)
from grader.commands import listing, notebooks, reset, watch
from grader.commands import report as report_page
from grader.device_lock import AUTO, DeviceBusy, held, resolved
from grader.locale import LANGUAGES, Texts, default_language

WRONG_USAGE, FAULT, INTERRUPTED = 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    texts = Texts(_language(words))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese, or without ∂
    if not (catalogs.ROOT / "exercises").is_dir():
        _complain(texts, texts.say("cli.installed_apart", place=catalogs.ROOT))
        return WRONG_USAGE
    try:
        result = command(texts).main(words, prog_name="python -m grader", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except UsageProblem as problem:
        _complain(texts, texts.say(f"cli.{problem.sentence}", **_one_line(problem.fields)))
        return WRONG_USAGE
    except click.ClickException as error:
        ours = _usage_problem(error)
        _complain(texts, texts.say(f"cli.{ours.sentence}", **_one_line(ours.fields)))
        return WRONG_USAGE
    except editions.EditionError as error:
        _complain(texts, texts.say("cli.edition_damaged", **_one_line({"text": error})))
        return WRONG_USAGE
    except DeviceBusy as busy:
        _complain(texts, texts.say("cli.device_busy", device=busy.device))
        return FAULT
    except (KeyboardInterrupt, click.Abort):
        _complain(texts, texts.say("cli.interrupted"))
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("GRADER_DEBUG"):
            traceback.print_exc()
        text = _one_line({"error": f"{type(error).__name__}: {error}"})
        _complain(texts, texts.say("cli.fault", **text))
        return FAULT


def _language(words: list[str]) -> str:
    """The language asked for on the command line, if it is one; needed before that is parsed."""
    for index, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in LANGUAGES:
            return value
    return default_language()


def command(texts: Texts) -> click.Group:
    """The commands, with their help in one language."""

    def say(name: str) -> str:
        return texts.say(f"help.{name}")

    @click.group(invoke_without_command=True, help=say("group"))
    @click.pass_context
    def group(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            raise UsageProblem("no_command")

    @group.command(name="grade", help=say("grade"))
    @click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
    @click.option("--submission", metavar="DIR", default="exercises", show_default=True,
                  help=say("submission"))  # fmt: skip
    @click.option("--json", metavar="FILE", help=say("json"))
    @click.option("--seed", metavar="N", help=f"{say('seed')}  [{default_seed()}]")
    @click.option("--device", metavar="DEVICE", default="auto", show_default=True,
                  help=say("device"))  # fmt: skip
    @click.option("--hints", metavar="N", help=say("hints"))
    @click.option("--lang", metavar="LANG", help=say("lang"))
    @click.option("--no-timing", "timing", flag_value=False, default=True, help=say("no_timing"))
    @click.option("--deadline", metavar="SECONDS", help=say("deadline"))
    @click.option("--session", metavar="FILE", hidden=True, help=texts.say("notebook.help_session"))
    @click.option(
        "--out", "outputs", metavar="FORMAT:FILE", multiple=True, help=texts.say("formats.help_out")
    )
    @click.option("--fail-under", metavar="N|N%", help=texts.say("formats.help_fail_under"))
    @click.option("--student", metavar="LOGIN", help=texts.say("formats.help_student"))
    @click.option("--assignment", metavar="TITLE", help=texts.say("formats.help_assignment"))
    @click.option("--unsafe", is_flag=True, help=say("unsafe"))
    def grade_command(lang: str | None, **options: Any) -> int:
        _known_language(lang)
        return grade(order(catalogs.load(), **options), texts)

    _add_help_commands(group, texts)
    for each in (listing, reset, watch, notebooks):
        each.attach(group, texts)
    report_page.attach(group, texts)
    if not editions.is_student():
        _add_teachers_commands(group, texts)
    return group


def _add_help_commands(group: click.Group, texts: Texts) -> None:
    """``hint`` and ``solution``: one exercise, perhaps one function of it."""

    def say(name: str) -> str:
        return texts.say(f"help.{name}")

    def about_one_exercise(function: Any) -> Any:
        for decorate in (
            click.option("--lang", metavar="LANG", help=say("lang")),
            click.option("--seed", metavar="N", help=f"{say('seed')}  [{default_seed()}]"),
            click.option("--submission", metavar="DIR", default="exercises", show_default=True,
                         help=say("submission")),
            click.argument("function", required=False),
            click.argument("exercise", required=False),
        ):  # fmt: skip
            function = decorate(function)
        return function

    def wish(exercise: str | None, submission: str, seed: str | None, lang: str | None) -> Order:
        _known_language(lang)
        if not exercise:
            raise UsageProblem("no_exercise", names=", ".join(catalogs.load().names))
        options = {"json": None, "device": "auto", "timing": True, "hints": str(MOST_HINTS)}
        given = {"exercises": (exercise,), "submission": submission, "seed": seed}
        return order(catalogs.load(), **given, **options)  # type: ignore[arg-type]

    @group.command(name="hint", help=say("hint"))
    @about_one_exercise
    @click.option("--level", metavar="N", help=say("level"))
    def hint_command(function: str | None, level: str | None, **options: Any) -> int:
        if level is not None and level not in ("1", "2", "3"):
            raise UsageProblem("level", value=level)
        return hint(wish(**options), function, int(level) if level else None, texts)

    if editions.is_student():
        return  # there is nothing to show

    @group.command(name="solution", help=say("solution"))
    @about_one_exercise
    def solution_command(function: str | None, **options: Any) -> int:
        return solution(wish(**options), function, texts)


def _add_teachers_commands(group: click.Group, texts: Texts) -> None:
    """``audit`` and ``new``, for teachers."""

    def say(name: str) -> str:
        return texts.say(f"help.{name}")

    @group.command(name="audit", help=say("audit"))
    @click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
    @click.option("--changed", is_flag=True, help=say("changed"))
    @click.option("--out", metavar="DIR", default=".gatecheck/audit", show_default=True,
                  help=say("out"))  # fmt: skip
    @click.option("--lang", metavar="LANG", help=say("lang"))
    def audit_command(exercises: tuple[str, ...], changed: bool, out: str, lang: str | None) -> int:
        _known_language(lang)
        known = catalogs.load().names
        for name in exercises:
            if name not in known:
                raise unknown("exercise", name, known)
        if os.path.exists(out) and not os.path.isdir(out):
            raise UsageProblem("out_file", path=out)
        from grader.audit import command

        return command.run([n for n in known if n in exercises], changed, out, texts)

    @group.command(name="new", help=say("new"))
    @click.argument("name")
    @click.option("--lang", metavar="LANG", help=say("lang"))
    def new_command(name: str, lang: str | None) -> int:
        _known_language(lang)
        from grader.scaffold import scaffold

        for path in scaffold(name):
            print(path.relative_to(catalogs.ROOT))
        print(texts.say("cli.new_done", name=name))
        return 0

    from grader.commands import batch, doctor, gradescope, release, similar

    group.add_command(batch.command(texts))
    group.add_command(release.command(texts))
    group.add_command(gradescope.command(texts))
    similar.attach(group, texts)
    doctor.attach(group, texts)


def _known_language(lang: str | None) -> None:
    if lang is not None and lang not in LANGUAGES:
        raise UsageProblem("language", value=lang)


def _usage_problem(error: click.ClickException) -> UsageProblem:
    """One of click's errors as one of ours."""
    if isinstance(error, click.NoSuchOption):
        return unknown("option", error.option_name, list(error.possibilities or []))
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context) and isinstance(context.command, click.Group):
        words = error.message.split("'")
        if len(words) == 3 and "command" in words[0]:
            return unknown("command", words[1], context.command.list_commands(context))
    if isinstance(error, click.BadOptionUsage):
        return UsageProblem("option_value", name=error.option_name)
    return UsageProblem("other_usage", text=error.format_message())


def _one_line(fields: dict[str, Any]) -> dict[str, str]:
    from grader.report.cleaning import clean_line

    return {name: clean_line(str(value), 400) for name, value in fields.items()}


def _complain(texts: Texts, line: str) -> None:
    print(texts.say("cli.prefix", line=line), file=sys.stderr)


def grade(wish: Order, texts: Texts) -> int:
    """Grade, report, and return the exit code."""
    start = time.monotonic()
    # in CI and in an autograder nobody has looked at whose code it is
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        refuse_exposed(wish.unsafe)
    _compare_editions(wish.submission, texts)
    from grader.progress import history

    sources = history.sources_of(wish)
    graded = _graded(wish, texts)
    from grader.delivery import Delivery
    from grader.report.build import build_report
    from grader.sandbox.devices import describe

    seconds = time.monotonic() - start
    device = describe(graded.device)
    report = build_report(graded, wish.submission, wish.seed, device, seconds, texts)
    delivery = Delivery(wish, texts, _complain)
    delivery.files(graded, report)
    delivery.terminal(graded, report)
    delivery.history(report, sources)
    return delivery.exit_code(report)


def _compare_editions(submission: str, texts: Texts) -> None:
    """Say so where the exercises come from another release than this."""
    here, mark = editions.current(), editions.mark_of(Path(submission))
    if here and mark and mark != here.id:
        fields = {"folder": submission, "theirs": mark, "ours": here.id}
        _complain(texts, texts.say("release.another_edition", **_one_line(fields)))


def hint(wish: Order, function: str | None, level: int | None, texts: Texts) -> int:
    """Grade one exercise and print the next hint. The exit code is 0."""
    from grader import hinting

    hinting.function_of(wish.exercises[0], function)
    graded = _graded(wish, texts)
    hinting.show_hint(graded, wish.submission, function, level, texts, _console())
    return 0


def solution(wish: Order, function: str | None, texts: Texts) -> int:
    """Grade one exercise and print the reference of what has full marks; 0 if all of it has."""
    from grader import hinting

    hinting.function_of(wish.exercises[0], function)
    graded = _graded(wish, texts)
    shown = hinting.show_solution(graded, wish.submission, function, texts, _console())
    return 0 if shown else 1


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _graded(wish: Order, texts: Texts, then: Callable[..., None] | None = None) -> Any:
    """One grading run, with its progress on the terminal and at the level of help asked for.

    Args:
        then: called with the engine, the run and its progress before the workers end.
    """
    if not os.environ.get("GRADER_DEBUG"):
        warnings.simplefilter("ignore")  # torch's and hypothesis's, which no student can act on
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.default_int_handler)  # a cancelled CI job cleans up, too
    if wish.device != AUTO:
        resolved(wish.device)  # before anything starts
    from grader.sandbox.client import Template

    template = Template()
    gc.disable()  # what is imported stays: looking through it again and again finds nothing
    try:
        return _graded_with(template, wish, texts, then)
    finally:
        template.close()


def _graded_with(template: Any, wish: Order, texts: Texts, then: Callable[..., None] | None) -> Any:
    from rich.console import Console

    catalog = catalogs.load()
    wanted = wish.exercises or catalog.names
    from grader.report.live import Live

    with Live(Console(stderr=True, highlight=False), texts, catalog, wanted) as live:
        from grader.checking.session import Engine

        draws_the_same()
        device = resolved(wish.device)
        waiting = functools.partial(live.say, texts.say("cli.device_waits", device=device))
        with Engine(template=template) as engine, held(device, waiting):
            gc.freeze()
            gc.enable()
            graded = engine.grade(
                *(Path(wish.submission), wanted, wish.seed, live.checked, catalog),
                diagnosed=wish.hints > 0,
                device=device,
                timing=wish.timing,
                session=Path(wish.session) if wish.session else None,
                deadline_s=wish.deadline_s,
            )
            if then is not None:
                then(engine, graded, live)
    from grader.report.hints import help_at

    help_at(graded.outcomes.values(), wish.hints)
    return graded


def draws_the_same() -> None:
    """Whether questions are drawn here as where the answers were recorded.

    Raises:
        UsageProblem: if not.
    """
    here = editions.current()
    if here is None or here.kind != editions.STUDENT:
        return
    import torch

    from grader.checking.answers import probe

    if probe() != here.probe:
        raise UsageProblem("edition_draws", ours=torch.__version__, theirs=here.torch)
