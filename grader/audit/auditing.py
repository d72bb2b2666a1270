"""The audit itself: all jobs of some exercises on all cores, put together and judged."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from grader import catalog as catalogs
from grader.audit.assemble import styles_of
from grader.audit.fingerprint import fingerprint, keep, kept
from grader.audit.jobs import Job, jobs_for
from grader.audit.model import SCHEMA, Audit, Checks, ExerciseAudit
from grader.audit.verdict import judge

Progress = Callable[[str, int, int], None]


def audit(
    exercises: Iterable[str],
    folder: Path,
    changed: bool,
    progress: Progress = lambda exercise, done, total: None,
    processes: int | None = None,
) -> Audit:
    """Audit exercises.

    Args:
        folder: where each exercise's audit is remembered.
        changed: take the remembered audit of an exercise that has not changed since.
        progress: called after each job with its exercise, how much is done, and how much there is.
        processes: how many gradings go on side by side; as many as there are cores if None.
    """
    start = time.monotonic()
    found: dict[str, ExerciseAudit] = {}
    for name in exercises:
        old = kept(folder, name) if changed else None
        found[name] = old or _empty(name)
    fresh = [audit for audit in found.values() if not audit.checks]
    _fill(fresh, progress, processes or os.cpu_count() or 1)
    for each in fresh:
        _in_order(each)
        judge(each)
        keep(folder, each)
    return Audit(SCHEMA, round(time.monotonic() - start, 1), list(found.values()))


def _empty(name: str) -> ExerciseAudit:
    return ExerciseAudit(name, fingerprint(name), [], styles=[p.name for p in styles_of(name)])


def _fill(fresh: list[ExerciseAudit], progress: Progress, processes: int) -> None:
    by_name = {audit.name: audit for audit in fresh}
    jobs = [job for name in by_name for job in jobs_for(name)]
    jobs.sort(key=lambda job: -job.weight)
    total, done = sum(job.weight for job in jobs), 0
    context = multiprocessing.get_context("spawn")  # torch's threads don't survive a fork
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_quiet) as pool:
        try:
            waiting = {pool.submit(_timed, job): job for job in jobs}
            for future in as_completed(waiting):
                job = waiting[future]
                result, seconds = future.result()
                _take(by_name[job.exercise], result, seconds)
                done += job.weight
                progress(job.exercise, done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quiet() -> None:
    import signal
    import warnings

    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides


def _timed(job: Job):
    from grader.audit.running import run

    start = time.monotonic()
    return run(job), time.monotonic() - start


def _take(audit: ExerciseAudit, result, seconds: float) -> None:
    audit.wrong += result.wrong
    audit.alone.update(result.alone)
    audit.inline += result.inline
    audit.mutants += result.mutants
    audit.lost.update(result.lost)
    audit.earned_by_stub += result.earned_by_stub
    audit.faults += result.faults
    audit.seconds = round(audit.seconds + seconds, 1)


def _in_order(audit: ExerciseAudit) -> None:
    """The same order whichever job ended first."""
    functions = catalogs.load().exercise(audit.name).functions
    places = {function.name: number for number, function in enumerate(functions)}
    audit.checks = [Checks(f.name, [check.name for check in f.checks]) for f in functions]
    audit.wrong.sort(key=lambda row: (places[row.function], row.id))
    audit.inline.sort(key=lambda row: (places[row.function], row.id))
    last = len(places)
    audit.mutants.sort(key=lambda row: (places.get(row.function, last), row.line, row.id))
    audit.lost = dict(sorted(audit.lost.items()))
    audit.faults.sort()
