"""A run ends in time, with a complete report, and nothing keeps it waiting before it begins."""

import json
import os
import subprocess
import sys

import pytest

from grader import catalog as catalogs
from grader import edition, regular
from grader.locale import Texts
from grader.report.wording import sentence
from tests.kit.submissions import SOLUTIONS, with_source

SLEEPS = "\n\ndef update_gate(X, H, W_xz, W_hz, b_z):\n    import time; time.sleep(1000)\n"


def test_after_the_deadline_the_rest_is_a_timeout(engine, catalog, tmp_path):
    """What was being asked ends, what is left is not asked, and every check is there."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + SLEEPS
    folder = with_source(tmp_path, "gru", source)
    found = engine.grade(folder, ["gru"], 3, diagnosed=True, deadline_s=1.0)
    rows = {c.id for f in catalog.exercise("gru").functions for c in f.checks}
    assert rows <= set(found.outcomes)
    late = [o.finding for o in found.outcomes.values() if o.finding]
    assert {f.status for f in late} <= {"timeout", "blocked"}
    assert "deadline" in {f.code for f in late}
    text = next(sentence(f, Texts("en")) for f in late if f.code == "deadline")
    assert text == "Not asked: the time for the whole run (1 s) was up before."


def _run(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "grader", *words]
    return subprocess.run(command, cwd=catalogs.ROOT, capture_output=True, text=True)


def test_the_command_line_has_a_deadline(tmp_path):
    """grade --deadline SECONDS; what is no number of seconds is one line, exit code 2."""
    folder = with_source(tmp_path, "rnn", "import time\ntime.sleep(1000)\n")
    out = tmp_path / "report.json"
    options = ("--submission", str(folder), "--json", str(out), "--no-timing", "--deadline", "1")
    done = _run("grade", "rnn", *options)
    assert done.returncode == 1, done.stderr
    [exercise] = json.loads(out.read_text())["exercises"]
    found = {c["status"] for f in exercise["functions"] for c in f["checks"]}
    assert "timeout" in found and found <= {"timeout", "blocked"}
    for wrong in ("0", "-1", "1.5", "soon", "99999999"):
        done = _run("grade", "--deadline", wrong)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_keeps_nobody_waiting(tmp_path):
    """edition.txt as a FIFO names no edition; a FIFO, a folder and a device are no files."""
    os.mkfifo(tmp_path / edition.MARK)
    assert edition.mark_of(tmp_path) is None
    for path in (tmp_path / edition.MARK, tmp_path, os.path.realpath("/dev/zero")):
        with pytest.raises(OSError):
            regular.read_regular(type(tmp_path)(path))
    (tmp_path / "file").write_text("abc")
    assert regular.read_regular(tmp_path / "file", 2) == b"ab"
