"""One submission and one seed give one report, also on a busy machine."""

import subprocess
import sys

import pytest

from grader.locale import Texts
from grader.report import model
from grader.report.build import build_report
from tests.kit.submissions import SOLUTIONS, with_source

WRONG = "\n\ndef update_gate(X, H, W, U, b):\n    return torch.sigmoid(X @ W + H @ U)\n"


@pytest.fixture
def busy_cores():
    """Two processes that do nothing but burn."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    yield
    for burner in burners:
        burner.kill()
        burner.wait()


def test_the_same_seed_gives_the_same_report(engine, tmp_path, busy_cores):
    """Statuses, messages, counterexamples: all but durations, three times out of three."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + WRONG
    folder = with_source(tmp_path, "gru", source)
    seen = set()
    for _ in range(3):
        graded = engine.grade(folder, ["gru"], 99)
        report = build_report(graded, "x", 99, "cpu", 0.0, Texts("en"))
        for exercise in report.exercises:
            for function in exercise.functions:
                for check in function.checks:
                    check.duration_s = 0.0
        seen.add(model.to_json(report))
    assert len(seen) == 1
