"""Grading on an accelerator: which device is meant, what is judged there, and who may use it.

No accelerator is needed: torch is told of one that isn't there (``fake_device.py``), or only the
rules are looked at. Tests with the mark ``gpu`` run where there is a real one.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from grader import device_lock
from grader.arguments import UsageProblem
from grader.checking.comparison import tolerance_for
from grader.sandbox import confinement, device_access, devices, limits
from grader.sandbox.client import scrubbed_environment

ROOT = Path(__file__).resolve().parents[2]
HERE = devices.accelerator()
needs_accelerator = [
    pytest.mark.gpu,
    pytest.mark.skipif(HERE is None, reason="this machine has no accelerator"),
]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None, int], None]:
    """Pretend that the machine has ``count`` accelerators of a kind, or none."""

    def has(kind: str | None, count: int = 1) -> None:
        monkeypatch.setattr(torch.accelerator, "is_available", lambda: kind is not None)
        found = None if kind is None else torch.device(kind)
        monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: found)
        monkeypatch.setattr(torch.accelerator, "device_count", lambda: count if kind else 0)

    return has


@pytest.mark.parametrize(
    ("kind", "count", "word", "device"),
    [
        (None, 0, "auto", "cpu"),
        (None, 0, "cpu", "cpu"),
        ("cuda", 2, "auto", "cuda:0"),
        ("cuda", 2, "cuda", "cuda:0"),
        ("cuda", 2, "cuda:1", "cuda:1"),
        ("cuda", 2, "cpu", "cpu"),
        ("mps", 1, "mps", "mps:0"),
        ("xpu", 1, "auto", "xpu:0"),
    ],
)
def test_a_word_names_a_device(machine, kind, count, word, device):
    """auto takes the accelerator where there is one; names are those that tensors give."""
    machine(kind, count)
    assert devices.resolve(word) == device


@pytest.mark.parametrize(
    ("kind", "count", "word", "sentence", "field"),
    [
        (None, 0, "cuda", "device_missing", "cpu"),
        ("cuda", 1, "mps", "device_missing", "cuda, cpu"),
        ("cuda", 2, "cuda:2", "device_index", "cuda:1"),
        (None, 0, "gpu", "device", "gpu"),
    ],
)
def test_a_device_that_is_not_here_is_wrong_usage(machine, kind, count, word, sentence, field):
    """The sentence says what there is instead."""
    machine(kind, count)
    with pytest.raises(UsageProblem) as problem:
        device_lock.resolved(word)
    assert problem.value.sentence == sentence
    assert field in problem.value.fields.values()


def test_products_are_exact_on_cuda():
    """TF32 is off for matrix products and for cuDNN, which has it on by default."""
    cuda, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = cuda.allow_tf32, cudnn.allow_tf32, torch.get_float32_matmul_precision()
    try:
        cuda.allow_tf32 = cudnn.allow_tf32 = True
        devices.exact_products("cuda:0")
        assert (cuda.allow_tf32, cudnn.allow_tf32) == (False, False)
        assert torch.get_float32_matmul_precision() == "highest"
    finally:
        torch.set_float32_matmul_precision(before[2])
        cuda.allow_tf32, cudnn.allow_tf32 = before[:2]


class _Event:
    """An event on a device whose clock goes by what happened on it, in milliseconds."""

    log: list[str] = []

    def __init__(self, device: torch.device, enable_timing: bool) -> None:
        assert enable_timing
        self.time = 0

    def record(self) -> None:
        self.time = len(self.log)
        self.log.append("record")

    def synchronize(self) -> None:
        self.log.append("wait for event")

    def elapsed_time(self, other: "_Event") -> float:
        return float(other.time - self.time)


def test_the_stopwatch_waits_for_the_whole_device(monkeypatch: pytest.MonkeyPatch):
    """Device-wide before both events, so that work on another stream lies between them."""
    _Event.log.clear()
    monkeypatch.setattr(devices, "_Event", _Event)
    monkeypatch.setattr(devices, "_synchronize", lambda device: _Event.log.append(f"all {device}"))
    watch = devices.Stopwatch("cuda:1")
    _Event.log.clear()
    watch.start()
    _Event.log.append("work")
    seconds = watch.stop()
    around = ["all cuda:1", "record", "work", "all cuda:1", "record", "wait for event"]
    assert _Event.log == around
    assert seconds == 0.003  # from the first record to the second


def test_without_events_the_host_clock_counts(monkeypatch: pytest.MonkeyPatch):
    """On a CPU, and on a device whose events have no times."""
    ticks = iter([1.0, 3.5, 10.0, 10.25])
    monkeypatch.setattr(devices, "_host_clock", lambda: next(ticks))
    monkeypatch.setattr(devices, "_synchronize", lambda device: None)

    def no_events(*_: object, **__: object) -> None:
        raise RuntimeError("no events here")

    monkeypatch.setattr(devices, "_Event", no_events)
    for device, wanted in (("cpu", 2.5), ("mps:0", 0.25)):
        watch = devices.Stopwatch(device)
        watch.start()
        assert watch.stop() == wanted


@pytest.mark.parametrize(
    ("type_name", "text", "full", "dead"),
    [
        ("OutOfMemoryError", "CUDA out of memory. Tried to allocate 2.00 GiB", True, False),
        ("RuntimeError", "MPS backend out of memory (MPS allocated: 9 GB)", True, False),
        ("RuntimeError", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED", True, True),
        ("AcceleratorError", "CUDA error: device-side assert triggered", False, True),
        ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied", False, False),
        ("MemoryError", "graphs of earlier batches are still in memory", False, False),
    ],
)
def test_what_an_exception_says_about_the_device(type_name, text, full, dead):
    """Full, or dead for this process, or neither."""
    assert devices.is_out_of_memory(type_name, text) == full
    assert devices.is_poisoned(type_name, text) == dead


@pytest.mark.parametrize("device", ["cpu", "cuda:0", "mps:0"])
def test_tolerances_suit_dtype_and_device(device):
    """float32 on an accelerator gets more than on a CPU, but less than TF32 is off by."""

    def tolerance(dtype: torch.dtype) -> float:
        return tolerance_for(type("Asked", (), {"dtype": dtype, "device": device}))

    assert tolerance(torch.float64) == 1e-9
    assert tolerance(torch.float32) == (2e-5 if device == "cpu" else 5e-5) < 1.5e-4


def test_a_cpu_worker_gets_nothing_for_a_device():
    """On a CPU the sandbox is what it was: no device file, every limit."""
    access = device_access.access_for("cpu")
    assert access.existing() == ([], [])
    assert access.address_space == limits.ADDRESS_SPACE_BYTES
    assert (access.tasks, access.open_files) == (limits.TASKS, limits.OPEN_FILES)


@pytest.mark.parametrize(
    ("device", "written"),
    [("cuda:0", "/dev/nvidia*"), ("cuda:1", "/dev/kfd"), ("xpu:0", "/dev/dri"), ("mps:0", None)],
)
def test_a_device_worker_gets_what_its_driver_needs(device, written):
    """Device files to write to, no limit on addresses; nothing else can be written to."""
    access = device_access.access_for(device)
    assert access.address_space is None
    assert access.tasks > limits.TASKS and access.open_files > limits.OPEN_FILES
    assert written is None or written in access.writable
    assert all(path.startswith(("/dev/", "/proc/driver/")) for path in access.writable)
    roots = ("/proc/", "/sys/", "/etc/", "/usr/", "/opt/")
    assert all(path.startswith(roots) and path.count("/") > 1 for path in access.readable)


def test_no_address_limit_is_set_for_a_device(monkeypatch: pytest.MonkeyPatch):
    """CUDA maps far more addresses than there is memory."""
    limited: dict[int, int] = {}
    monkeypatch.setattr(confinement, "_limit", limited.__setitem__)
    resource = confinement.resource
    confinement._limit_resources(device_access.access_for("cuda:0"))
    assert resource.RLIMIT_AS not in limited
    assert limited[resource.RLIMIT_NOFILE] == limits.DEVICE_OPEN_FILES
    confinement._limit_resources(device_access.access_for("cpu"))
    assert limited[resource.RLIMIT_AS] > limits.ADDRESS_SPACE_BYTES


def test_which_devices_are_visible_is_the_users_choice(monkeypatch: pytest.MonkeyPatch):
    """It is all that reaches a worker of the environment beside the paths of libraries."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("MY_SECRET", "1")
    environment = scrubbed_environment("/nowhere")
    assert environment["CUDA_VISIBLE_DEVICES"] == "1" and "MY_SECRET" not in environment


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own for the locks."""
    monkeypatch.setattr(device_lock.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(device_lock, "POLL_S", 0.01)
    return tmp_path


def _other_process(folder: Path, device: str) -> subprocess.Popen:
    """Another run that holds a device until its standard input is closed."""
    code = (
        "import sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from grader import device_lock\n"
        "with device_lock.held(sys.argv[2]): print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    other = subprocess.Popen([sys.executable, "-c", code, folder, device], **pipes)
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    return other


def test_two_gradings_never_share_a_device(locks: Path):
    """The second one says that it waits, gives up in the end, and gets it when it is free."""
    told: list[str] = []
    with _other_process(locks, "cuda:0") as other:
        second = device_lock.held("cuda:0", lambda: told.append("waits"), 0.02, 0.05)
        with pytest.raises(device_lock.DeviceBusy) as busy, second:
            raise AssertionError("two at a time")
        assert (told, busy.value.device) == (["waits"], "cuda:0")
        with device_lock.held("cuda:1", lambda: told.append("waits"), 0.02, 0.05):
            pass  # another device is free
        assert other.stdin is not None
        other.stdin.close()
        with device_lock.held("cuda:0", patience_s=60.0):
            pass


def test_a_run_that_is_killed_lets_go(locks: Path):
    """Nothing is left that somebody would have to clean up."""
    with _other_process(locks, "xpu:0") as other:
        other.kill()
        with device_lock.held("xpu:0", patience_s=60.0):
            pass


def test_a_device_is_free_again_whatever_happened(locks: Path):
    """Also after an exception; any user may lock the file."""
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), device_lock.held("mps:0"):
            raise ZeroDivisionError
    mode = os.stat(device_lock.lock_file("mps:0")).st_mode & 0o777
    assert mode == 0o666


def test_a_cpu_is_nobodys(locks: Path):
    """CPU gradings take no lock and leave no file."""
    with device_lock.held("cpu"), device_lock.held("cpu"):
        assert not list(locks.iterdir())


def _graded(command: list[str], folder: Path, device: str, exercises: list[str]) -> dict:
    report = folder / "report.json"
    submission = folder / "submission" if (folder / "submission").exists() else ROOT / "solutions"
    words = ["grade", *exercises, "--no-timing", "--device", device, "--json", str(report)]
    done = subprocess.run(
        [sys.executable, *command, *words, "--submission", str(submission)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert report.exists(), done.stderr
    return json.loads(report.read_text(encoding="utf-8"))


FAKE = [str(ROOT / "tests" / "kit" / "fake_device.py")]


def _status(report: dict) -> dict[str, str]:
    functions = [f for exercise in report["exercises"] for f in exercise["functions"]]
    return {check["id"]: check["status"] for f in functions for check in f["checks"]}


def test_solutions_have_full_marks_on_an_accelerator(tmp_path: Path):
    """Everything is computed there, and nothing is skipped; auto finds the device."""
    report = _graded(FAKE, tmp_path, "auto", ["sequence_data", "rnn"])
    assert (report["score"], report["device"]) == (report["max_score"], "fakegpu:0")
    assert set(_status(report).values()) == {"passed"}
    assert (tmp_path / "gatecheck-fakegpu-0.lock").exists()


HARD_CODED = """
def rnn_step(X, H, W_xh, W_hh, b_h):
    start = torch.zeros(H.shape, dtype=H.dtype)
    return torch.tanh(start + X @ W_xh + H @ W_hh + b_h)
"""
MOVED = """
def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens)),)
"""
FULL = """
def rnn(inputs, state, params):
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
"""


def test_a_hard_coded_device_costs_its_check_alone(tmp_path: Path):
    """The score is the one that a machine without accelerator gives: values are judged on the CPU.

    A device that is full is reported as that.
    """
    submission = tmp_path / "submission"
    submission.mkdir()
    source = (ROOT / "solutions" / "rnn.py").read_text(encoding="utf-8")
    shutil.copy(ROOT / "solutions" / "parameters.py", submission)
    (submission / "rnn.py").write_text(source + HARD_CODED + MOVED + FULL, encoding="utf-8")
    report = _graded(FAKE, tmp_path, "fakegpu", ["rnn"])
    status = _status(report)
    own = {name: s for name, s in status.items() if name.split(".")[1] != "rnn"}
    wrong = {name for name, s in own.items() if s != "passed"}
    assert wrong == {"rnn.rnn_step.device", "rnn.init_rnn_state.device"}
    [network] = [f for f in report["exercises"][0]["functions"] if f["name"] == "rnn"]
    assert network["score"] == 0
    [values] = [check for check in network["checks"] if check["id"] == "rnn.rnn.values"]
    assert values["status"] == "error" and "fakegpu:0 ran out of memory" in values["message"]


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_accelerator)])
def test_solutions_have_full_marks_on_the_real_one(mark, tmp_path: Path):
    """All that can be judged there is right."""
    report = _graded(["-m", "grader"], tmp_path, "auto", ["rnn", "gru", "lstm", "training"])
    assert report["score"] == report["max_score"] and report["device"].startswith(HERE)


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_accelerator)])
def test_the_stopwatch_sees_work_on_the_real_one(mark):
    """A product of large matrices takes some time, whichever stream it is on."""
    a = torch.ones(512, 512, device=HERE)
    watch = devices.Stopwatch(f"{HERE}:0")
    watch.start()
    a @ a
    assert watch.stop() > 0.0


def test_a_driver_that_does_not_start_is_nobodys_mistake(engine):
    """A worker that can't have its device is the kit's fault: no check calls it the student's."""
    if torch.cuda.is_available():
        pytest.skip("here it would start")
    only = {"rnn.init_rnn_state"}
    graded = engine.grade(ROOT / "solutions", ["rnn"], functions=only, device="cuda:0")
    assert {outcome.status for outcome in graded.outcomes.values()} == {"fault"}
    text = str(graded.outcomes["rnn.init_rnn_state.shape"].finding.fields["text"])
    assert "cuda:0 can't be used" in text
