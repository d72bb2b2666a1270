"""Processes that die, fail or hang cost a batch one task at most, and leave nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from grader import catalog as catalogs
from grader.batch import running
from grader.batch.running import Pool, new_scratch
from grader.batch.tasks import Options, Task
from tests.kit.batch_stub import GRADER

OPTIONS = Options(("gru",), 1)


def task(student: str, behaviour: str = "") -> Task:
    """A submission that makes the stub behave in some way."""
    return Task(student, {"behave.py": behaviour.encode()}, OPTIONS.exercises, OPTIONS)


def performed(tasks: list[Task], jobs: int = 2) -> dict[str, running.Done]:
    """What became of each student's task."""
    with Pool(jobs, GRADER) as pool:
        return {done.task.student: done for done in pool.run(iter(tasks))}


def test_every_task_comes_back_once_whatever_the_others_do(tmp_path):
    """Killed once: tried again. Killed twice, or an error: said so. The others: graded."""
    tasks = [task(f"good{number}") for number in range(6)]
    tasks[1:1] = [task("once", f"die {tmp_path}/once"), task("twice", "die")]
    tasks[4:4] = [task("left", "leave"), task("raised", "raise")]
    found = performed(tasks)
    assert set(found) == {each.student for each in tasks}
    assert {name for name, done in found.items() if not done.report} == {"twice", "left", "raised"}
    assert found["twice"].error == "the grading process was killed (SIGKILL)"
    assert found["left"].error == "the grading process ended (exit code 7)"
    assert found["raised"].error == "ValueError: no such luck"


def test_a_process_gets_its_next_task_after_its_last_result_was_taken():
    """So a result can be on the disk before anything else begins."""
    handed: list[int] = []

    def tasks():
        for number in range(6):
            handed.append(number)
            yield task(str(number))

    with Pool(1, GRADER) as pool:
        for count, _ in enumerate(pool.run(tasks())):
            time.sleep(0.05)
            assert len(handed) <= count + 2  # one is read ahead, and waits here


def test_a_process_that_hangs_is_ended(monkeypatch):
    """After more time than any grading takes."""
    monkeypatch.setattr(running, "PATIENCE_S", 0.3)
    monkeypatch.setattr(running, "LOOK_S", 0.1)
    monkeypatch.setattr(running, "TRIES", 1)
    found = performed([task("endless", "wait")], jobs=1)
    assert "SIGTERM" in found["endless"].error


def test_nothing_stays_behind_when_a_batch_is_left_early(tmp_path):
    """Neither processes nor temporary files."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(KeyboardInterrupt), Pool(2, GRADER, scratch) as pool:
        for _ in pool.run(task(str(number)) for number in range(100)):
            pids = [child.process.pid for child in pool._children]
            raise KeyboardInterrupt
    assert pids
    assert not any(_alive(pid) for pid in pids)
    assert not scratch.exists()


def test_processes_end_with_the_first_one():
    """Also when it had no chance to say so."""
    code = (
        "from tests.kit.test_batch_running import *\n"
        "pool = Pool(2, GRADER)\n"
        "tasks = (task(str(n), 'wait' if n > 3 else '') for n in range(9))\n"
        "for done in pool.run(tasks):\n"
        "    print(*[c.process.pid for c in pool._children], pool._scratch, flush=True)\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code], cwd=catalogs.ROOT, stdout=subprocess.PIPE, text=True
    )
    *pids, scratch = [next(first.stdout) for _ in range(4)][-1].split()
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    end = time.monotonic() + 20
    while any(_alive(int(pid)) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(_alive(int(pid)) for pid in pids)
    running.remove_scratch(scratch)


def test_who_is_graded_is_known_meanwhile():
    """For the progress: the longest first."""
    with Pool(2, GRADER) as pool:
        tasks = pool.run(iter([task("quick"), task("slow", "wait")]))
        next(tasks)
        assert [student for student, _ in pool.busy()] == ["slow"]


def test_other_users_can_pass_through_the_temporary_folder():
    """Workers are users of their own."""
    path = new_scratch()
    assert os.stat(path).st_mode & 0o777 == 0o755
    running.remove_scratch(path)


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return False
