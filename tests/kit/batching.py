"""Stand-ins for grading: quick, deterministic, and as badly behaved as a test needs."""

import os
import time

from grader.batch.pool import Grade
from grader.batch.tasks import Task, checks_hash
from grader.report.model import ExerciseReport, Report, to_json

KILLS = "kills"
SLOW_S = 0.02


def report(task: Task) -> bytes:
    """A report whose points come from the source."""
    points = float(int(task.source[:2], 16))
    exercise = ExerciseReport("gru", points, 255, "passed", [])
    whole = Report(1, "submission", 1, "cpu", "landlock", 0.0, points, 255, [exercise])
    return to_json(whole)


def quick() -> Grade:
    """Grades at once."""
    return report


def slow() -> Grade:
    """Takes long enough to be interrupted."""

    def grade(task: Task) -> bytes:
        time.sleep(SLOW_S)
        return report(task)

    return grade


def deadly() -> Grade:
    """Dies of some submissions: of one always, of another the first time."""

    def grade(task: Task) -> bytes:
        content = task.files["gru.py"].decode()
        if content.startswith(KILLS):
            mark = content.partition(" ")[2].strip()
            if not mark or not os.path.exists(mark):
                if mark:
                    open(mark, "w").close()
                os.kill(os.getpid(), 9)
        if content.startswith("hangs"):
            time.sleep(300)
        if content.startswith("raises"):
            raise ValueError("a fault of ours")
        return report(task)

    return grade


__all__ = ["KILLS", "checks_hash", "deadly", "quick", "report", "slow"]
