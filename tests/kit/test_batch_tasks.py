"""A task comes out the same whoever performs it, and whatever was performed before."""

import dataclasses

import pytest

from grader import catalog as catalogs
from grader.batch import tasks
from grader.batch.tasks import Grader, Options, Task, checks_hash, files_of, perform, source_hash
from grader.report.model import from_json, to_json

OPTIONS = Options(("parameters", "rnn"), 99)
GOOD = files_of(catalogs.ROOT / "solutions")
WRONG = GOOD["rnn.py"] + (
    b"\n\ndef rnn_step(X, H, W_xh, W_hh, b_h):\n"
    b"    print('x'); return torch.tanh(X @ W_xh + H @ W_hh)\n"
)


def task(*exercises: str, **sources: bytes) -> Task:
    """A submission: the solutions with some files replaced."""
    files = GOOD | {f"{name}.py": source for name, source in sources.items()}
    return Task("li", files, exercises or OPTIONS.exercises, OPTIONS)


@pytest.fixture(scope="module")
def wrong(engine):
    """The report of a wrong submission."""
    return perform(engine, task(rnn=WRONG))


def test_a_report_is_the_same_bytes_after_other_submissions(engine, wrong):
    """Nothing of a submission stays in the engine, and no duration stands in a report."""
    endless = b"import os\nos._exit(3)\n"
    broken = from_json(perform(engine, task(parameters=endless, rnn=b"def")))
    assert broken.score == 0
    assert perform(engine, task(rnn=WRONG)) == wrong
    assert b'"duration_s": 0.0' in wrong


def test_a_report_speaks_of_the_student_s_own_folder(wrong):
    """Its paths and commands can be typed where the exercises were written."""
    messages = "\n".join(
        check.message
        for exercise in from_json(wrong).exercises
        for function in exercise.functions
        for check in function.checks
    )
    assert "exercises/rnn.py" in messages
    assert "make grade EX=rnn" in messages
    assert "gatecheck-" not in messages


def test_some_exercises_graded_again_fit_into_the_report(engine, wrong):
    """One exercise alone comes out as it did among the others."""
    good = from_json(perform(engine, task()))
    again = from_json(perform(engine, task("rnn", rnn=WRONG)))
    assert good.score == good.max_score
    assert to_json(tasks.merged(good, again)) == wrong


class Breaking:
    """An engine that fails some times."""

    def __init__(self, engine, times):
        self.engine, self.times, self.closed = engine, times, 0

    def grade(self, *arguments, **named):
        """The real thing, in the end."""
        self.times -= 1
        if self.times >= 0:
            raise OSError("the sandbox is gone")
        return self.engine.grade(*arguments, **named)

    def close(self):
        """Only counted."""
        self.closed += 1


def test_a_sandbox_that_broke_down_is_made_anew(engine, wrong, monkeypatch):
    """Once; what fails twice is told."""
    for times, expected in ((1, wrong), (2, None)):
        broken = Breaking(engine, times)
        monkeypatch.setattr("grader.checking.session.Engine", lambda made=broken: made)
        grader = Grader()
        if expected:
            assert grader(task(rnn=WRONG)) == expected
        else:
            with pytest.raises(OSError, match="gone"):
                grader(task(rnn=WRONG))
        assert broken.closed == 1


def test_hashes_tell_what_a_report_depends_on(tmp_path):
    """Source, options and checks; not what only writes or starts gradings."""
    assert source_hash({"a.py": b"1"}) != source_hash({"a.py": b"1", "b.py": b""})
    assert source_hash({"a.py": b"1b.py"}) != source_hash({"a.py": b"1", "b.py": b""})
    for path in ("grader/batch/tasks.py", "grader/checking/cases.py", "tests/checks/check_rnn.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1")
    before = checks_hash(OPTIONS, tmp_path)
    (tmp_path / "grader" / "cli.py").write_text("beside")
    (tmp_path / "grader" / "__pycache__").mkdir()
    (tmp_path / "grader" / "__pycache__" / "cases.pyc").write_text("beside")
    assert checks_hash(OPTIONS, tmp_path) == before
    assert checks_hash(dataclasses.replace(OPTIONS, seed=1), tmp_path) != before
    (tmp_path / "tests" / "checks" / "check_rnn.py").write_text("2")
    assert checks_hash(OPTIONS, tmp_path) != before
