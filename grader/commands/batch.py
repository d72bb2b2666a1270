"""``batch SUBMISSIONS --out DIR``: grade a whole class, and go on where it was interrupted."""

import contextlib
import dataclasses
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from grader import catalog as catalogs
from grader.arguments import UsageProblem, default_seed, order, refuse_exposed, unknown
from grader.device_lock import CPU, resolved
from grader.locale import LANGUAGES, Texts

WISHES = ("exercises", "seed", "device", "timing", "hints", "deadline")
WORDS = ("changed-checks", "changed-source", "fault", "all")
BOOK = "gradebook.db"
INTERRUPTED, FAULT = 130, 3
MOST_JOBS = 256


def command(texts: Texts) -> click.Command:
    """The command."""

    def say(name: str) -> str:
        return texts.say(f"batch.{name}")

    @click.command(name="batch", help=say("help"))
    @click.argument("submissions")
    @click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
    @click.option("--out", metavar="DIR", required=False, help=say("help_out"))
    @click.option("--jobs", metavar="N", help=say("help_jobs"))
    @click.option("--commit", metavar="COMMIT", help=say("help_commit"))
    @click.option("--regrade", "again", metavar="WHAT", multiple=True, help=say("help_regrade"))
    @click.option("--html/--no-html", default=True, help=say("help_html"))
    @click.option("--timing", is_flag=True, help=say("help_timing"))
    @click.option("--device", metavar="DEVICE", default="cpu", help=say("help_device"))
    @click.option("--scheduler", metavar="ADDRESS", help=say("help_scheduler"))
    @click.option("--deadline", metavar="SECONDS", help=texts.say("help.deadline"))
    @click.option("--title", metavar="TITLE", default="gatecheck", help=say("help_title"))
    @click.option("--seed", metavar="N", help=f"{texts.say('help.seed')}  [{default_seed()}]")
    @click.option("--hints", metavar="N", help=texts.say("help.hints"))
    @click.option("--lang", metavar="LANG", help=texts.say("help.lang"))
    @click.option("--unsafe", is_flag=True, help=texts.say("help.unsafe"))
    def batch_command(submissions: str, out: str | None, lang: str | None, **options: Any) -> int:
        if lang is not None and lang not in LANGUAGES:
            raise UsageProblem("language", value=lang)
        if not out:
            raise UsageProblem("batch_out")
        if not Path(submissions).is_dir():
            raise UsageProblem("batch_folder", path=submissions)
        return _run(Path(submissions), Path(out), options, texts)

    return batch_command


def _run(submissions: Path, out: Path, options: dict[str, Any], texts: Texts) -> int:
    typed = {name: options[name] for name in WISHES}
    wish = order(catalogs.load(), submission=str(submissions), json=None, **typed)
    if options["scheduler"] is not None and options["jobs"] is not None:
        raise UsageProblem("batch_jobs_there")
    jobs = _jobs(options["jobs"])
    _check_out(submissions, out)
    if options["scheduler"] is None:
        refuse_exposed(options["unsafe"])
    from grader.batch.intake import IntakeProblem, find
    from grader.batch.store import Gradebook, GradebookProblem
    from grader.batch.tasks import Options

    try:
        entries = find(submissions, options["commit"])
    except IntakeProblem as problem:
        line = texts.say(f"intake.{problem.code}", **problem.fields)
        raise UsageProblem("batch_intake", line=line) from None
    again = _again(options["again"], {entry.student for entry in entries})
    wanted = tuple(wish.exercises or catalogs.load().names)
    more = (wish.timing, wish.device, wish.deadline_s)
    chosen = Options(wanted, wish.seed, wish.hints, texts.language, *more)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False)
    with _graders(options["scheduler"], chosen, console, texts) as (chosen, spread):
        jobs = jobs if chosen.device == CPU else 1  # they would only wait for each other
        try:
            out.mkdir(parents=True, exist_ok=True)
            with Gradebook(out / BOOK) as book:
                given = (again, jobs, spread, console)
                return _grade(book, entries, chosen, given, out, options, texts)
        except (GradebookProblem, OSError) as problem:
            raise UsageProblem("batch_unwritable", path=out, reason=str(problem)) from None


@contextlib.contextmanager
def _graders(address: str | None, chosen: Any, console: Any, texts: Texts) -> Iterator[Any]:
    """The options, with the device that is meant, and who grades: None is this machine."""
    if address is None:
        yield dataclasses.replace(chosen, device=resolved(chosen.device)), None
        return
    from grader.batch.cluster import Cluster, ClusterProblem

    def say(sentence: str) -> None:
        line = texts.say("cli.prefix", line=texts.say(sentence, address=address))
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    if not re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/]+:\d{1,5}", address, re.ASCII):
        raise UsageProblem("cluster_address", value=address or "''")
    try:
        with Cluster(address, texts, say) as cluster:
            yield cluster.agreed(chosen), cluster.graded
    except ClusterProblem as problem:
        raise UsageProblem(f"cluster_{problem.sentence}", **problem.fields) from None


def _grade(
    book: Any, entries: list, chosen: Any, given: tuple, out: Path,
    options: dict[str, Any], texts: Texts,
) -> int:  # fmt: skip
    from grader.batch import exports, running
    from grader.batch.progress import Following

    again, jobs, spread, console = given
    broken: BaseException | None = None
    writing = exports.Reports(out, texts.language, options["html"])
    with Following(console, texts, len(entries)) as following, writing as reports:

        def changed(entry: Any, result: Any) -> None:
            reports.write(result, entry.name)
            following.done(batch.count, result)

        def tick(busy: list[tuple[str, float]]) -> None:
            following.working(batch.count, busy)

        batch = running.Batch(book, chosen, texts, again, jobs, changed, tick, spread=spread)
        try:
            batch.run(entries, options["commit"])
        except (KeyboardInterrupt, running.GradersLost) as problem:
            broken = problem
    following.tell_slowest()
    _leave(book, batch.count, chosen.exercises, out, options, texts)
    if isinstance(broken, running.GradersLost):
        raise broken
    if broken is not None:
        print(texts.say("cli.prefix", line=texts.say("batch.interrupted")), file=sys.stderr)
        return INTERRUPTED
    return FAULT if batch.count.faults else 0


def _leave(
    book: Any, count: Any, exercises: tuple[str, ...], out: Path, options: dict[str, Any],
    texts: Texts,
) -> None:  # fmt: skip
    """Write what stands beside the gradebook, and say what there is."""
    from grader.arguments import write_json
    from grader.batch import exports, numbers, overview

    exports.complete_reports(out, book, texts.language, options["html"])
    exports.write_tables(out, book, exercises, options["title"], texts)
    write_json(str(out / "overview.html"), overview.page(numbers.overview(book), texts))
    fields = {name: getattr(count, name) for name in ("graded", "reused", "kept", "problems")}
    print(texts.say("batch.done", **fields, faults=count.faults, total=count.total))
    if count.outdated:
        print(texts.say("batch.outdated", count=count.outdated))
    print(texts.say("batch.written", path=out))


def _jobs(typed: str | None) -> int:
    if typed is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= MOST_JOBS):
        raise UsageProblem("batch_jobs", value=typed or "''", most=MOST_JOBS)
    return int(typed)


def _again(typed: tuple[str, ...], students: set[str]) -> Any:
    """What --regrade asks for: a word, student=ID, or exercise=NAME."""
    from grader.batch.running import Again

    words, chosen, exercises = set(), set(), set()
    names = catalogs.load().names
    for value in typed:
        name, equals, student = value.partition("=")
        if equals and name == "student":
            if student not in students:
                raise unknown("student", student, sorted(students))
            chosen.add(student)
        elif equals and name == "exercise":
            if student not in names:
                raise unknown("exercise", student, names)
            exercises.add(student)
        elif value in WORDS:
            words.add(value)
        else:
            raise UsageProblem("batch_regrade", value=value, names=", ".join(WORDS))
    return Again(frozenset(words), frozenset(chosen), frozenset(exercises))


def _check_out(submissions: Path, out: Path) -> None:
    """The results may not become submissions, nor lie in a file."""
    if out.exists() and not out.is_dir():
        raise UsageProblem("batch_out_file", path=out)
    if out.resolve() == submissions.resolve() or submissions.resolve() in out.resolve().parents:
        raise UsageProblem("batch_inside", path=out)


__all__ = ["command"]
