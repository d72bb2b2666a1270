"""Whether one submission has one report: graded again and again, alone and on a busy machine.

    python -m tests.kit.steadiness [TIMES] [NAME ...]

grades the stubs, the solutions and thirty failing submissions TIMES times (20) each way and says
which reports differed by more than durations. Every time has an engine of its own, and another
order, so that each submission comes first, in a sandbox that is still warming up, at some time.
"""

import contextlib
import dataclasses
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader import catalog as catalogs
from grader import misconceptions
from grader.checking.session import Engine
from grader.locale import Texts
from grader.report import model
from grader.report.build import build_report
from tests.kit.submissions import SOLUTIONS

SEED = 2026
BURNERS = 4
_GATE = "def update_gate(X, H, W_xz, W_hz, b_z):\n    "
_STEP = "def rnn_step(X, H, W_xh, W_hh, b_h):\n    "
_ZERO = "def zero_param(size, device=None):\n    "
_DRAW = "def normal_param(shape, device=None):\n    "
LIMITS = {  # name: exercise, code
    "builds a graph": ("rnn", _STEP + "while True: X = X + 0"),
    "computes": ("gru", _GATE + "while True: pass"),
    "grows": ("gru", _GATE + "kept = []\n    while True: kept.append(torch.zeros(1 << 17))"),
    "grows slowly": ("gru", _GATE + "kept = []\n    while True: kept.append(str(len(kept)))"),
    "sleeps": ("gru", _GATE + "import time; time.sleep(99)"),
    "sleeps a little": ("parameters", _ZERO + "import time; time.sleep(1.0)"),
    "prints for ever": ("gru", _GATE + "while True: print('here', flush=True)"),
    "too large": ("gru", _GATE + "return torch.zeros(1 << 42)"),
    "threads": (
        "parameters",
        _ZERO + "import threading, time\n"
        "    while True: threading.Thread(target=time.sleep, args=(99,)).start()",
    ),
    "slow": (
        "gru",
        _GATE + "import time\n    end = time.process_time() + 0.4\n"
        "    while time.process_time() < end: pass\n"
        "    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)",
    ),
    "only for one row": ("gru", _GATE + "while len(X) == 1: X = X + 0\n    return X @ W_xz"),
    "hangs at import": ("rnn", "while True: pass"),
    "grows at import": ("rnn", "kept = []\nwhile True: kept.append(bytes(1 << 20))"),
    "endless recursion": ("rnn", _STEP + "return rnn_step(X, H, W_xh, W_hh, b_h)"),
}
OTHERS = {
    "raises": ("rnn", _STEP + "return X @ W_hh"),
    "crashes": ("gru", _GATE + "import ctypes; ctypes.string_at(0)"),
    "leaves": ("gru", _GATE + "import os; os._exit(4)"),
    "syntax": ("lstm", "def input_gate(:"),
    "shape": ("rnn", _STEP + "return X"),
    "draws": ("parameters", _DRAW + "return torch.nn.Parameter(torch.randn(shape) * 0.02)"),
    "draws anew": ("gru", _GATE + "return torch.rand(X.shape[0], H.shape[1])"),
    "remembers": (
        "gru",
        "_seen = []\n" + _GATE + "_seen.append(1)\n"
        "    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z) + (len(_seen) > 9)",
    ),
    "a clock": ("gru", _GATE + "import time; return X @ W_xz * time.time()"),
}
MISTAKES = ("rnn", "gru", "lstm", "sequence_data", "bptt", "deep", "bidirectional")
QUICK = ("stubs", "builds a graph", "grows", "sleeps a little", "slow", "draws", "remembers")
NOT_COMPARED = ("a clock", "draws anew")  # their answers differ, and so do messages


@dataclasses.dataclass
class Sample:
    """A submission: its folder, and the exercises that are graded."""

    folder: Path
    wanted: list[str] | None


def samples(into: Path, names: tuple[str, ...] = ()) -> dict[str, Sample]:
    """The stubs, the solutions, and thirty that fail, by name; only those of ``names`` if any."""
    found = {
        "stubs": Sample(catalogs.ROOT / "exercises", None),
        "solutions": Sample(SOLUTIONS, None),
    }
    for name, (exercise, code) in {**LIMITS, **OTHERS}.items():
        found[name] = _sample(into / name, exercise, f"\n\n{code}\n")
    for exercise in MISTAKES:
        function = catalogs.load().exercise(exercise).functions[-1].name
        mistake = misconceptions.misconceptions(exercise, function)[0]
        sample = found[mistake.id] = _sample(into / mistake.id, exercise, "")
        path = sample.folder / f"{exercise}.py"
        path.write_text(misconceptions.submission_source(mistake, path.read_text("utf-8")))
    return {name: sample for name, sample in found.items() if not names or name in names}


def _sample(folder: Path, exercise: str, tail: str) -> Sample:
    folder.mkdir(parents=True)
    for path in SOLUTIONS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text + tail * (path.stem == exercise), encoding="utf-8")
    return Sample(folder, [exercise])


def reports(found: dict[str, Sample], first: int) -> dict[str, bytes]:
    """Each sample's report without durations; sample number ``first`` comes first."""
    order = [*found]
    order = order[first % len(order) :] + order[: first % len(order)]
    seen = {}
    with Engine() as engine:
        for name in order:
            sample = found[name]
            graded = engine.grade(sample.folder, sample.wanted, SEED, diagnosed=True)
            report = build_report(graded, "work", SEED, "cpu", 0.0, Texts("en"))
            for exercise in report.exercises:
                for function in exercise.functions:
                    for check in function.checks:
                        check.duration_s = 0.0
            seen[name] = model.to_json(report)
    return seen


@contextlib.contextmanager
def burners(count: int) -> Iterator[None]:
    """So many endless loops beside; they end by themselves, should we be killed."""
    loop = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(9999))"
    running = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(count)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


def differing(found: dict[str, Sample], times: int, busy: int = BURNERS) -> dict[str, int]:
    """Samples whose reports differed, with how many there were; ``times`` alone and busy each."""
    seen: dict[str, set[bytes]] = {name: set() for name in found}
    for number in range(2 * times):
        with burners(busy * (number % 2)):
            for name, report in reports(found, number).items():
                seen[name].add(report)
    return {n: len(all_) for n, all_ in seen.items() if len(all_) > 1 and n not in NOT_COMPARED}


def main() -> int:
    """Grade all samples many times and tell what differed."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        found = samples(Path(place), tuple(sys.argv[2:]))
        wrong = differing(found, times)
    print(f"{len(found)} submissions, {times} times alone and {times} times busy: ", end="")
    print(wrong or "one report each")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
