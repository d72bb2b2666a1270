"""The demo: it trains, perplexity falls, and each model writes."""

import subprocess
import sys

import torch

from grader import catalog as catalogs
from grader.demo_nets import COMPARED, NETS
from grader.gradient_plot import gradient_norms


def test_a_short_demo_prints_perplexities_and_continuations_and_draws_a_plot(tmp_path):
    """Two epochs in a plain pipe: five models, each with a continuation, a plot, exit code 0."""
    plot = tmp_path / "plot.svg"
    done = subprocess.run(
        [sys.executable, "-m", "grader.demo", "--epochs", "2", "--plot", str(plot)],
        cwd=catalogs.ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for name in ("RNN", "GRU", "LSTM", "deep GRU", "nn.LSTM"):
        assert name in done.stdout
    assert "</svg>" in plot.read_text(encoding="utf-8") and str(plot) in done.stdout
    assert "perplexity" in done.stdout


def test_gradients_of_a_fresh_rnn_vanish_faster_than_those_of_gated_nets():
    """The plot's numbers: one a state, smaller and smaller backwards, smallest in the RNN."""
    X, Y = torch.randint(6, (3, 8)), torch.randint(6, (3, 8))
    torch.manual_seed(0)
    norms = {name: gradient_norms(NETS[name](6, 16), X, Y, 6, 16) for name in COMPARED}
    for values in norms.values():
        assert len(values) == 8 and values == sorted(values)
    assert norms["RNN"][0] < norms["GRU"][0] and norms["RNN"][0] < norms["LSTM"][0]
