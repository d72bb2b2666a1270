"""All that wants a real accelerator: the tests, gradings, the clock, and the networks' times.

    python -m tests.gpu.run [--device cuda] [--out docs/figures/gpu.json] [--seconds 270]

Each stage adds its figures to the file as soon as it has them, under the card's name; what no time
was left for is named there. The exit code is 1 if a stage found something that is not right: a
verdict other than on the CPU, a wrong submission with full marks, a clock that is off.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from grader.checking.session import Engine, Graded
from grader.sandbox import devices
from tests.gpu import submissions
from tests.gpu.networks import against_torch

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 270
SEED = 2026
RESERVE = 5.0  # of the time: a stage that could not end within it is left out
SAME, SLOWER = (
    (0.8, 1.25),
    (1.25, 1.8),
)  # ratios of a network to itself, and with half as much again


class Stages:
    """Runs the stages one after the other and keeps what they say."""

    def __init__(self, device: str, out: Path, seconds: float) -> None:
        self.device = device
        self.out = out
        self.end = time.monotonic() + seconds
        self.found: dict[str, Any] = {"schema": 1, "device": device, "left_out": [], "wrong": []}

    def run(self, name: str, stage: Callable[[], Any]) -> None:
        """One stage: its result is kept under its name, its failure as what is wrong."""
        if not self.over(name):
            start = time.monotonic()
            try:
                self.found[name] = stage()
            except Exception as error:  # the next stages have figures of their own
                self.wrong(f"{name}: {type(error).__name__}: {error}")
                self.found.setdefault("traces", {})[name] = traceback.format_exc()[-2000:]
            self.found.setdefault("seconds", {})[name] = round(time.monotonic() - start, 1)
            print(f"{name}: {json.dumps(self.found.get(name))}", flush=True)
        self.write()

    def over(self, name: str) -> bool:
        """Whether the time is used up; what of a stage no time was left for is noted."""
        if time.monotonic() < self.end - RESERVE:
            return False
        self.found["left_out"].append(name)
        return True

    def wrong(self, what: str) -> None:
        """Note something that is not right."""
        print(f"NOT RIGHT: {what}", flush=True)
        self.found["wrong"].append(what)

    def write(self) -> None:
        """The file as it stands, atomically."""
        self.out.parent.mkdir(parents=True, exist_ok=True)
        part = self.out.with_suffix(".part")
        part.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")
        os.replace(part, self.out)


def machine(device: str) -> dict[str, Any]:
    """The card and the software, by name."""
    found: dict[str, Any] = {
        "torch": torch.__version__,
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "described": devices.describe(device),
    }
    if device.startswith("cuda"):
        card = torch.cuda.get_device_properties(device)
        found |= {"card": card.name, "memory_gib": round(card.total_memory / 2**30)}
    return found


def marked_tests(left: float) -> dict[str, Any]:
    """The tests with the mark ``gpu``: pytest's last line."""
    order = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "gpu",
        "tests/kit",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, timeout=max(left, 10))
    lines = done.stdout.strip().splitlines() or [done.stderr[-300:]]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return {"exit": done.returncode, "last": lines[-1], "failed": failed[:10]}


def lost(graded: Graded) -> list[str]:
    """What lost its points, with the reason's code."""
    return [
        f"{key}: {o.status} {o.finding.code} {o.finding.fields}"[:300]
        for key, o in graded.outcomes.items()
        if o.finding is not None and o.status not in ("skipped", "not_started")
    ]


def points(graded: Graded) -> list[int]:
    """Points earned, and points there are."""
    outcomes = list(graded.outcomes.values())
    return [sum(o.score for o in outcomes), sum(o.check.points for o in outcomes)]


def ratio(graded: Graded, function: str) -> float | None:
    """The median ratio of a function's time to its reference's."""
    pairs = graded.timed.get(function, ())
    ratios = sorted(own / other for own, other in pairs)
    return round(ratios[len(ratios) // 2], 3) if ratios else None


class Gradings:
    """The stages that grade, all with one engine."""

    def __init__(self, stages: Stages, engine: Engine) -> None:
        self.stages = stages
        self.engine = engine

    def solutions(self) -> dict[str, Any]:
        """The solutions have full marks on the device."""
        start = time.monotonic()
        folder = ROOT / "solutions"
        graded = self.engine.grade(folder, seed=SEED, device=self.stages.device, timing=True)
        for row in lost(graded):
            self.stages.wrong(f"solutions: {row}")
        skipped = [key for key, o in graded.outcomes.items() if o.status == "skipped"]
        found = {"points": points(graded), "seconds": round(time.monotonic() - start, 1)}
        return {**found, "skipped": skipped, "layers": graded.layers}

    def stubs(self) -> dict[str, Any]:
        """The untouched stubs have nothing."""
        graded = self.engine.grade(ROOT / "exercises", seed=SEED, device=self.stages.device)
        if points(graded)[0]:
            self.stages.wrong("the stubs earn points")
        return {"points": points(graded)}

    def wrong_versions(self) -> list[dict[str, Any]]:
        """Twenty wrong versions lose the same checks here as on the CPU."""
        found = []
        for key, source in submissions.wrong():
            if self.stages.over(key):
                break
            rows = {}
            for device in ("cpu", self.stages.device):
                graded = self._one(key, source, device)
                rows[device] = sorted(
                    o.check.name
                    for o in graded.outcomes.values()
                    if o.status not in ("passed", "skipped") and o.check.kind != "device"
                )
            same = rows["cpu"] == rows[self.stages.device]
            if not rows[self.stages.device]:
                self.stages.wrong(f"{key} has full marks")
            elif not same:
                self.stages.wrong(f"{key} loses other checks than on the CPU: {rows}")
            found.append({"id": key, "lost": len(rows[self.stages.device]), "as_on_cpu": same})
        return found

    def slow_versions(self) -> list[dict[str, Any]]:
        """Ten right but slow versions: what the clock and the counted cost say of each."""
        found = []
        for key, source in submissions.slow():
            if self.stages.over(key):
                break
            graded = self._one(key, source, self.stages.device, timing=True)
            function = ".".join(key.split(".")[:2])
            rows = {
                o.check.name: o.status
                for o in graded.outcomes.values()
                if o.check.kind in ("cost", "timing") and o.status != "passed"
            }
            if not rows and key in submissions.MUST_LOSE:
                self.stages.wrong(f"{key} loses nothing")
            found.append({"id": key, "ratio": ratio(graded, function), "rows": rows})
        return found

    def clock(self) -> list[dict[str, Any]]:
        """A network against itself, and with half as much work again."""
        found = []
        for key, source, (low, high) in (
            ("gru.gru.same", submissions.same(), SAME),
            ("gru.gru.half_again", submissions.half_again(), SLOWER),
        ):
            for _ in range(3):
                graded = self._one(key, source, self.stages.device, timing=True)
                measured = ratio(graded, "gru.gru")
                if measured is None or not low <= measured <= high:
                    self.stages.wrong(f"{key}: ratio {measured}, not within {low} and {high}")
                found.append({"id": key, "ratio": measured})
        return found

    def _one(self, key: str, source: str, device: str, timing: bool = False) -> Graded:
        exercise, function = key.split(".")[:2]
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            submissions.hand_in(Path(folder), exercise, source)
            return self.engine.grade(
                *(Path(folder), [exercise], SEED),
                functions={f"{exercise}.{function}"},
                shrink=False,
                device=device,
                timing=timing,
            )


def main() -> int:
    """Run all stages; 1 if something is not right."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps, xpu, ...")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "figures" / "gpu.json")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for everything")
    options = parser.parse_args()
    device = devices.resolve(options.device)
    if device == devices.CPU and options.device != devices.CPU:
        print("no accelerator here: name one with --device, or run this where there is one")
        return 2
    stages = Stages(device, options.out, options.seconds)
    stages.run("machine", lambda: machine(device))
    with Engine() as engine:
        gradings = Gradings(stages, engine)
        stages.run("solutions", gradings.solutions)
        stages.run("stubs", gradings.stubs)
        if device != devices.CPU:  # there it is a rehearsal
            stages.run("against_torch", lambda: against_torch(device))
        stages.run("clock", gradings.clock)
        stages.run("slow", gradings.slow_versions)
        stages.run("wrong_versions", gradings.wrong_versions)
    stages.run("tests", lambda: marked_tests(stages.end - time.monotonic()))
    if stages.found.get("tests", {}).get("exit"):
        stages.wrong(f"tests: {stages.found['tests']['last']}")
    stages.write()
    return 1 if stages.found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
