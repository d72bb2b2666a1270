"""``watch``: what is saved is graded at once, none is lost, the newest comes first."""

import os
import queue
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader import cli
from grader.locale import Texts
from grader.watching.changes import differences
from grader.watching.events import Events, Saved
from tests.kit.watching import Watching

ROOT = catalogs.ROOT
RIGHT = (ROOT / "solutions" / "rnn.py").read_text(encoding="utf-8")
ENDLESS = RIGHT.replace("return torch.tanh(", "while True: pass\n    return torch.tanh(")
WRONG = RIGHT.replace("return torch.tanh(", "return torch.sigmoid(")


def save(path: Path, text: str) -> None:
    """As many editors do: a new file takes the old one's place."""
    draft = path.with_suffix(".swp")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


@pytest.fixture
def folder(tmp_path):
    """The exercises, with what rnn needs."""
    shutil.copytree(ROOT / "exercises", tmp_path / "work")
    shutil.copy(ROOT / "solutions" / "parameters.py", tmp_path / "work")
    return tmp_path / "work"


def text(lines: list[tuple[float, str]]) -> str:
    """What was said, without the moments."""
    return "".join(line for _, line in lines)


def test_a_day_with_watch(folder):
    """Wrong, endless, broken, right, deleted: each save is seen, and the run before it ends."""
    path = folder / "rnn.py"
    with Watching(folder, "rnn") as watching:
        assert "not started" in text(watching.until())
        save(path, WRONG)
        said = text(watching.until())
        first, verdict = said.index("the other checks are still running"), said.rindex("rnn  ")
        assert said.index("FAILED") < first < verdict
        save(path, ENDLESS)
        watching.until("rnn: grading")
        time.sleep(0.3)  # its call hangs now
        path.write_text("def broken(:\n", encoding="utf-8")  # this editor writes in place
        said = text(watching.until())
        assert "invalid syntax" in said and "took longer" not in said
        save(path, RIGHT)
        assert "70/70" in text(watching.until())
        path.unlink()
        assert "rnn.py" in text(watching.until())
        save(folder / "gru.py", (folder / "gru.py").read_text() + "# touched\n")
        assert "gru  " in text(watching.until())
        watching.process.send_signal(signal.SIGINT)
        assert watching.process.wait(timeout=300) == 0


def test_saves_are_events_once_and_in_order(tmp_path):
    """Renames, new files and deletions; not what is no exercise."""
    urgent: queue.Queue = queue.Queue()
    with Events(tmp_path, ["rnn", "gru"], urgent.put) as events:
        assert events.ready.wait(timeout=300)
        save(tmp_path / "rnn.py", "1")
        assert events.take(300) == Saved("rnn") == urgent.get(timeout=300)
        (tmp_path / "notes.txt").write_text("x")
        (tmp_path / "other.py").write_text("x")
        time.sleep(0.2)
        (tmp_path / "gru.ipynb").write_text("{}")
        found = events.take(300)
        while found == Saved("rnn"):  # the same save, in two steps
            found = events.take(300)
        assert found == Saved("gru")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_keys_do_what_they_say(folder):
    """On a terminal: hint, list, diff and quit; the terminal is left as it was."""
    import pty
    import select
    import subprocess
    import termios

    save(folder / "rnn.py", WRONG)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "watch", "rnn", "--submission", folder, "--lang", "zh"],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "OMP_NUM_THREADS": "1"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )

    def until(words: str) -> str:
        seen, end = b"", time.monotonic() + 300
        while words.encode() not in seen and time.monotonic() < end:
            if select.select([ours], [], [], 0.2)[0]:
                seen += os.read(ours, 65536)
        assert words.encode() in seen, seen.decode(errors="replace")
        return seen.decode(errors="replace")

    try:
        assert "按" not in until("q 退出")
        os.write(ours, b"h")
        assert "rnn.rnn_step" in until("q 退出")
        os.write(ours, b"l")
        assert "评分" in until("q 退出")
        os.write(ours, b"d")
        until("没有更早的结果")
        os.write(ours, b"q")
        assert process.wait(timeout=300) == 0
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def test_a_difference_is_named_both_ways():
    """What passes now, and what no longer does; nothing where nothing changed."""
    catalog, texts = catalogs.load(), Texts("en")
    ids = [check.id for check in catalog.functions["gru.next_state"].checks]
    before = dict.fromkeys(ids, "passed") | {ids[0]: "failed"}
    after = dict.fromkeys(ids, "passed") | {ids[1]: "timeout"}
    lines = differences(before, after, catalog, texts)
    assert [line[0] for line in lines] == ["+", "-"] and "gru.next_state" in lines[0]
    assert differences(after, after, catalog, texts) == [texts.say("watch.no_change")]
    assert differences(None, after, catalog, texts) == [texts.say("watch.no_earlier")]


@pytest.mark.parametrize("words", [["gruu"], ["--submission", "nowhere"], ["--seed", "x"]])
def test_wrong_usage_is_one_line(words, capsys):
    """Exit code 2 before anything starts."""
    assert cli.main(["watch", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
