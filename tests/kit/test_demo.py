"""The demo: it trains, perplexity falls, and each model writes."""

import subprocess
import sys

from grader import catalog as catalogs


def test_a_short_demo_prints_perplexities_and_continuations():
    """Three epochs in a plain pipe: three models, each with a continuation, and exit code 0."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.demo", "--epochs", "3"],
        cwd=catalogs.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for name in ("RNN", "GRU", "LSTM"):
        assert name in done.stdout
    assert "perplexity" in done.stdout
