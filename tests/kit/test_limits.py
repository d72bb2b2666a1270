"""Limits: whichever one ends a call, the report is one and the same, at any load."""

import os
import subprocess
import sys
import time

import pytest

from grader import limits_met
from grader.locale import Texts
from grader.report.wording import sentence
from grader.sandbox import client, limits, wire
from tests.kit.submissions import SOLUTIONS, score, statuses, with_source

HEAD = "\n\ndef update_gate(X, H, W_xz, W_hz, b_z):\n    "
ENDLESS = {
    "computes": "while True: pass",
    "sleeps": "import time; time.sleep(1000)",
    "stops itself": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "builds a graph": "while True: X = X + 0",
    "a list that grows": "kept = []\n    while True: kept.append(bytes(1 << 20))",
    "one tensor too large": "return torch.zeros(1 << 40)",
    "an array too large": "import numpy\n    return numpy.ones(1 << 38)",
    "threads": (
        "import threading, time\n"
        "    while True: threading.Thread(target=time.sleep, args=(1000,)).start()"
    ),
    "prints": "while True: print('x' * 1000)",
    "a thread computes": (
        "import threading\n    def burn():\n        while True: pass\n"
        "    thread = threading.Thread(target=burn); thread.start(); thread.join()"
    ),
    "says so itself": "raise MemoryError('no room')",
    "ends in memory": (
        "import os\n    kept = [bytes(1 << 20) + b'.' for _ in range(400)]\n    os.abort()"
    ),
}
NO_LIMIT = {
    "recursion": "return update_gate(X, H, W_xz, W_hz, b_z)",
    "address 0": "import ctypes; ctypes.string_at(0)",
    "abort": "import os; os.abort()",
    "exit": "import os; os._exit(3)",
    "raises": "raise RuntimeError('shapes')",
    "no such file": "open('/no/such/file')",
}


@pytest.fixture
def short_limits(monkeypatch):
    """Less than a second instead of three."""
    monkeypatch.setattr(limits, "CALL", limits.Allowance(0.8, 1.5))


def graded(engine, folder, body, function="update_gate", **options):
    """The solution's GRU with another update gate; its outcomes."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + HEAD + body + "\n"
    keys = {f"gru.{function}"}
    return engine.grade(with_source(folder, "gru", source), ["gru"], 5, functions=keys, **options)


@pytest.mark.parametrize("how", ENDLESS)
def test_a_limit_is_one_status_and_one_sentence(engine, tmp_path, short_limits, how):
    """Time, memory, threads: one finding with one call, for every check of the function."""
    found = graded(engine, tmp_path, ENDLESS[how])
    assert score(found)[0] == 0
    findings = [o.finding for o in found.outcomes.values() if o.check.kind != "timing"]
    assert {(f.code, f.status) for f in findings} == {("limit", "timeout")}
    said = {sentence(f, Texts(language)) for f in findings for language in ("en", "zh")}
    assert said == {
        "The call did not end within what it may use: 0.8 s of processor time, "
        "1.5 s of waiting, 512 MiB of memory, 64 threads.",
        "这次调用没有在允许的用量之内结束：处理器时间 0.8 秒、等待 1.5 秒、"
        "内存 512 MiB、线程 64 个。",
    }
    first = findings[0]
    assert first.call.function == "update_gate" and first.call.printed == b"" and not first.places


@pytest.mark.parametrize("how", NO_LIMIT)
def test_what_fails_by_itself_is_no_limit(engine, tmp_path, how):
    """A crash, an exit, a recursion without end is an error, as before."""
    found = graded(engine, tmp_path, NO_LIMIT[how], shrink=False)
    assert "error" in statuses(found, "gru.update_gate")
    assert "timeout" not in statuses(found, "gru.update_gate")


def test_a_file_that_uses_up_its_memory_met_a_limit(engine, tmp_path, monkeypatch):
    """Importing has one sentence, too, for memory and for time; what can be loaded is."""
    monkeypatch.setattr(limits, "LOAD", limits.Allowance(1.0, 2.0))
    codes = set()
    for name, line in {"memory": "x = [0] * (1 << 30)", "time": "while True: pass"}.items():
        folder = tmp_path / name
        folder.mkdir()
        source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + f"\n\n{line}\n"
        found = engine.grade(with_source(folder, "gru", source), ["gru"], 5)
        first = found.left_out["gru"].finding
        codes.add((first.status, first.code))
        assert {o.status for o in found.outcomes.values()} <= {"passed", "skipped"}
    assert codes == {("timeout", "load_limit")}


def test_calls_that_take_too_long_together_cost_the_whole_function(engine, tmp_path, monkeypatch):
    """Where the time runs out is chance: every check says the same, about the first call."""
    monkeypatch.setattr(limits, "FUNCTION", limits.Allowance(2.0, 10.0))
    slow = "import time\n    end = time.process_time() + 0.1\n"
    slow += "    while time.process_time() < end: pass\n"
    slow += "    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)"
    found = graded(engine, tmp_path, slow)
    findings = [o.finding for o in found.outcomes.values()]
    assert {f.code for f in findings} == {"limit"}
    assert len({id(f.call) for f in findings}) == 1


def test_an_exception_that_is_no_limit():
    """Words in a message count only in exceptions that the system raises; threads only if any."""

    def of(kind, text, threads=True):
        return limits_met.raised(wire.RaisedError(kind, text, []), threads)

    assert of("RuntimeError", "can't start new thread")
    assert not of("RuntimeError", "can't start new thread", threads=False)
    assert of("OutOfMemoryError", "") and of("_ArrayMemoryError", "Unable to allocate")
    assert of("RuntimeError", "std::bad_alloc")
    assert not of("ValueError", "out of memory")
    assert not of("RecursionError", "maximum recursion depth exceeded")


WAITS = "import time\ndef waits(): time.sleep(30)\ndef burns():\n    while True: pass\n"


def _ask(worker, function, allowance):
    request = wire.Request(7, function, [], 1, wire.NoneNode())
    start = time.monotonic()
    with pytest.raises(client.WorkerLost) as lost:
        worker.ask(request, b"", allowance)
    assert lost.value.reason == "limit"
    return time.monotonic() - start


@pytest.mark.skipif(not os.path.exists("/proc/thread-self/schedstat"), reason="needs Linux")
def test_waiting_for_a_processor_is_not_idle(tmp_path):
    """Beside eight loops on one processor a loop is ended by its processor time, not as idle."""
    (tmp_path / "probe.py").write_text(WAITS)
    template = client.Template()
    worker = template.spawn(str(tmp_path), "probe")
    worker.loaded()
    core = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(worker.pid, core)
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(8)]
    try:
        for burner in burners:
            os.sched_setaffinity(burner.pid, core)
        _ask(worker, "burns", limits.Allowance(0.5, 1.0))
        assert worker.cpu_used > 0.5
        assert worker.idle_used < 0.5
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
        template.close()


def test_a_sleeper_is_ended_by_the_time_it_waits(tmp_path):
    """Sleeping uses no processor: the clock on the wall decides, and soon."""
    (tmp_path / "probe.py").write_text(WAITS)
    template = client.Template()
    worker = template.spawn(str(tmp_path), "probe")
    worker.loaded()
    _ask(worker, "waits", limits.Allowance(20.0, 0.5))
    assert worker.cpu_used < 0.4 and worker.idle_used > 0.4
    template.close()
