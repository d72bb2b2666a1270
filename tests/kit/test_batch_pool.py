"""Processes that die, hang or are killed cost a batch one task at most, and leave nothing."""

import contextlib
import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from grader import catalog as catalogs
from grader.batch import pool, scratch, tasks
from grader.batch.tasks import Grader, Options, Task, perform
from grader.findings import Finding
from tests.kit import batching
from tests.kit.submissions import long

OPTIONS = Options(("rnn",), 99, 2, "en")
SOURCE = (catalogs.ROOT / "solutions" / "rnn.py").read_bytes()
WRONG = SOURCE + b"\n\ndef rnn_step(X, H, W_xh, W_hh, b_h):\n    return torch.tanh(X @ W_xh)\n"
KILLED_ITSELF = SOURCE + b"\n\ndef rnn_step(X, H, W_xh, W_hh, b_h):\n    import os; os._exit(3)\n"


def task(student: str, source: bytes = b"") -> Task:
    """Somebody's submission."""
    return Task(student, {"gru.py": source, "rnn.py": source}, OPTIONS)


def test_a_process_gets_its_next_task_after_its_last_result_was_taken(tmp_path):
    """So a result can be on the disk before anything else begins."""
    handed: list[int] = []

    def waiting():
        for number in range(5):
            handed.append(number)
            yield task(str(number))

    results = pool.graded(waiting(), 1, tmp_path, batching.quick)
    for count, _ in enumerate(results, 1):
        time.sleep(0.02)
        assert len(handed) == count


def test_a_process_that_hangs_is_ended(tmp_path, monkeypatch):
    """After more time than any grading takes; the others are graded."""
    monkeypatch.setattr(pool, "LOOK_S", 0.1)
    endless = task("endless", b"hangs")
    brief = dataclasses.replace(endless.options, deadline_s=0.2)
    given = iter([dataclasses.replace(endless, options=brief), task("good")])
    found = {done.task.student: done for done in pool.graded(given, 2, tmp_path, batching.deadly)}
    assert found["good"].report and not found["good"].fault
    assert "twice" in found["endless"].fault


def test_processes_end_with_the_one_that_hands_out_tasks(tmp_path):
    """At once, in the middle of a grading, also when it had no chance to say so."""
    code = (
        "import multiprocessing, pathlib, sys\n"
        "from tests.kit.test_batch_pool import *\n"
        "given = iter([task('quick'), task('one', b'hangs'), task('two', b'hangs')])\n"
        "for done in pool.graded(given, 2, pathlib.Path(sys.argv[1]), batching.deadly):\n"
        "    print(*[p.pid for p in multiprocessing.active_children()], flush=True)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    first = subprocess.Popen(words, cwd=catalogs.ROOT, stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in next(first.stdout).split()]
    assert len(pids) == 2
    first.kill()
    first.communicate()
    end = time.monotonic() + 300
    while any(map(_lives, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(_lives, pids))


def test_ctrl_c_ends_all_processes(tmp_path):
    """They don't answer to it themselves: the first process ends them."""
    pids: list[int] = []

    def look(busy):
        import multiprocessing

        pids.extend(child.pid for child in multiprocessing.active_children())
        for pid in pids:
            os.kill(pid, signal.SIGINT)
        if len(busy) == 2:
            raise KeyboardInterrupt

    given = iter([task("one", b"hangs"), task("two", b"hangs")])
    with pytest.raises(KeyboardInterrupt):
        list(pool.graded(given, 2, tmp_path, batching.deadly, look))
    assert pids and not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return False


def test_the_temporary_folder_goes_with_the_batch_or_with_the_next(tmp_path, monkeypatch):
    """Of a batch that was killed the next one removes it; that of a running one stays."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = (
        "import tempfile, sys; tempfile.tempdir = sys.argv[1]\n"
        "from grader.batch import scratch\n"
        "with scratch.folder() as place:\n"
        "    (place / 'inner').mkdir(); print(place, flush=True); input()\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    other = subprocess.Popen(words, cwd=catalogs.ROOT, **pipes)
    theirs = Path(next(other.stdout).strip())
    with scratch.folder() as ours:
        assert (theirs / "inner").exists()
        assert ours.stat().st_mode & 0o777 == 0o711
        other.kill()
        other.communicate()
        assert theirs.exists()
    assert not ours.exists()
    with scratch.folder():
        assert not theirs.exists()


class Killing:
    """An engine some of whose sandbox's processes are killed from outside."""

    def __init__(self, engine, times: int, how: dict[str, str] | None) -> None:
        self.engine, self.left, self.how, self.closed = engine, times, how, 0

    def grade(self, *arguments, **named):
        """The real outcomes, the first one spoiled."""
        graded = self.engine.grade(*arguments, **named)
        self.left -= 1
        if self.left < 0:
            return graded
        if self.how is None:
            raise OSError("the sandbox is gone")
        key, outcome = next(iter(graded.outcomes.items()))
        finding = Finding("died_signal", {"exit_code": "?", **self.how}, status="error")
        graded.outcomes[key] = dataclasses.replace(outcome, finding=finding)
        return graded

    def close(self) -> None:
        """Only counted."""
        self.closed += 1


@pytest.mark.parametrize("how", [{"signal": "SIGKILL"}, {}, None], ids=["killed", "lost", "broken"])
def test_what_was_killed_from_outside_changes_no_report(engine, how, monkeypatch):
    """It is graded once more; what comes again stands, or is told."""
    expected = perform(engine, task("ann", WRONG))
    spoiled = Killing(engine, 1, how)
    monkeypatch.setattr("grader.checking.session.Engine", lambda: spoiled)
    assert Grader()(task("ann", WRONG)) == expected
    assert spoiled.closed == 1
    spoiled.left = 2
    if how is None:
        with pytest.raises(OSError, match="gone"):
            Grader()(task("ann", WRONG))
    else:
        assert Grader()(task("ann", WRONG)) != expected


def test_what_a_submission_does_to_itself_is_graded_once(engine, monkeypatch):
    """A crash of its own costs no second grading."""
    own = Killing(engine, 0, None)
    monkeypatch.setattr("grader.checking.session.Engine", lambda: own)
    assert b"exit code 3" in Grader()(task("ann", KILLED_ITSELF))
    own.left, own.how = 1, {"signal": "SIGSEGV"}
    Grader()(task("ann", WRONG))
    assert own.closed == 0


def test_a_report_is_the_same_bytes_after_other_submissions(engine):
    """Nothing of a submission stays in the engine."""
    before = perform(engine, task("ann", WRONG))
    perform(engine, task("bob", KILLED_ITSELF))
    assert perform(engine, task("eve", WRONG)) == before


def test_hashes_need_no_torch():
    """The process that hands out tasks stays small."""
    code = (
        "import sys; from grader.batch import running, tasks, exports\n"
        "from grader.commands import batch\n"
        "tasks.checks_hash(tasks.Options(('gru',), 1, 2, 'en'))\n"
        "assert not {'torch', 'pytest', 'hypothesis'} & set(sys.modules), 'heavy'\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=catalogs.ROOT, check=True)
    assert tasks.DRAWING[0] == "torch"


@long
def test_killing_templates_and_workers_changes_no_result(engine, tmp_path):
    """Real ones, kill -9, in the middle of each grading; and nothing is left running."""
    sources = [WRONG + b"\n# %d\n" % number for number in range(4)]
    expected = {str(n): perform(engine, task(str(n), s)) for n, s in enumerate(sources)}
    draws, hit, seen = random.Random(3), {}, set()
    others = {p.pid for p in psutil.Process().children(recursive=True)}  # of the fixture

    def kill(busy):
        for student, seconds in busy:
            own = [p for p in psutil.Process().children(recursive=True) if p.pid not in others]
            sandbox = [p for p in own if "grader.sandbox" in " ".join(_words(p))]
            seen.update(p.pid for p in own if "resource_tracker" not in " ".join(_words(p)))
            if sandbox and seconds > 0.2 and student not in hit:
                hit[student] = draws.choice(sandbox)
                with contextlib.suppress(psutil.Error):
                    hit[student].kill()

    given = iter([task(str(n), s) for n, s in enumerate(sources)])
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "LOOK_S", 0.02)
        for done in pool.graded(given, 1, tmp_path, working=kill):
            assert not done.fault
            found[done.task.student] = done.report
    assert found == expected
    assert len(hit) == len(sources)
    end = time.monotonic() + 300
    while any(map(_lives, seen)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(_lives, seen))


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []
