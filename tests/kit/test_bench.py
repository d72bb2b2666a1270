"""The benches can be run, compare what they say, and pair times rightly. No real time is judged."""

import shlex
import subprocess
import sys

import pytest
import torch

from grader.checking.session import Engine
from grader.sandbox.client import ROOT
from tests.bench import inprocess, kit, networks, pages, pairs, ratios

SMALL = networks.Size(2, 3, 4)


class FakeClock:
    """A clock that only moves when somebody works."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def work(self, seconds):
        """Something that takes ``seconds`` by this clock."""

        def call():
            self.now += seconds

        return call


def test_make_bench_collects_every_kind_of_bench():
    """What `make bench` runs finds networks, processes and checks, and the tests do not see it."""
    shown = subprocess.run(
        ["make", "-n", "bench", "ARGS=--collect-only -q"], cwd=ROOT, capture_output=True, text=True
    ).stdout.replace("\\\n", " ")
    line = next(line for line in shown.splitlines() if "tests/bench" in line)
    words = [word for word in shlex.split(line) if word != "--benchmark-autosave"]
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for cell in networks.CELLS.values():
        for name in cell.contenders:
            assert f"bench_network[{networks.devices()[0]}-forward-n2-h64-T8-{name}]" in done.stdout
    for name in ("bench_process", "bench_sandbox_start", "bench_one_call", "bench_all_checks"):
        assert name in done.stdout
    assert "bench_checks[gru-isolated]" in done.stdout


def test_a_machine_that_slows_down_does_not_move_a_ratio():
    """Both sides of a round are slowed alike, so every paired ratio is the true one."""
    turn = iter(range(1000))
    load = [1.0, 9.0, 2.0, 30.0, 4.0]

    def sample(cost):
        return lambda: cost * load[next(turn) // 2 % len(load)]

    found, seconds = pairs.ratios({"slow": sample(3.0), "base": sample(1.5)}, "base", 5)
    assert found == {"slow": pairs.Ratio(2.0, 2.0, 2.0, 5)}
    assert sorted(seconds["base"]) == sorted(1.5 * factor for factor in load)


def test_one_bad_moment_does_not_move_the_median():
    """A single sample that was disturbed shows in no figure but the extremes."""
    slow = [2.0, 2.0, 50.0, 2.0, 2.0]
    assert pairs.summary(slow, [1.0] * 5) == pairs.Ratio(2.0, 2.0, 2.0, 5)


def test_every_contender_has_one_turn_a_round_in_changing_order():
    """Nobody is always first, and nobody is left out."""
    turns = []

    def sample(name):
        def take():
            turns.append(name)
            return 1.0

        return take

    pairs.ratios({name: sample(name) for name in "abc"}, "a", 20)
    rounds = [turns[index : index + 3] for index in range(0, len(turns), 3)]
    assert all(sorted(turn) == ["a", "b", "c"] for turn in rounds)
    assert len({tuple(turn) for turn in rounds}) > 3


@pytest.mark.parametrize("cost", [0.5, 0.003])
def test_samples_are_long_enough_and_count_a_single_call(cost):
    """Short calls are repeated until the sample is long; the time is that of one call."""
    clock = FakeClock()
    sample = pairs.calibrated(clock.work(cost), 0.02, clock)
    start = clock()
    assert sample() == pytest.approx(cost)
    assert clock() - start >= 0.02


@pytest.mark.parametrize("name", networks.CELLS)
def test_contenders_do_the_same_work(name):
    """All give outputs of the same size, and but for `nn.GRU`, another network, the same values."""
    cell, outputs = networks.CELLS[name], {}
    for contender in cell.contenders:
        result = networks.prepared(cell, contender, SMALL, "forward")()
        outputs[contender] = result if isinstance(result, torch.Tensor) else torch.cat(result)
        networks.prepared(cell, contender, SMALL, "forward+backward")()
    for contender, values in outputs.items():
        assert values.shape == outputs[name].shape
        if contender != "nn.GRU":
            torch.testing.assert_close(values, outputs[name])


@pytest.mark.parametrize("exercise", ["parameters", "bptt"])
def test_the_checks_also_pass_without_a_sandbox(exercise):
    """The in-process double answers as the sandbox does, and leaves this process as it was."""
    before = list(sys.path), "exercises" in sys.modules
    with Engine(template=inprocess.Template()) as engine:
        kit.grade(engine, [exercise])
    assert (list(sys.path), "exercises" in sys.modules) == before
    assert torch.ones(1, requires_grad=True).sum().requires_grad


def test_tables_and_files_hold_every_ratio(tmp_path):
    """A line a size with both directions, a line a question, and all of it in the file."""
    ratio = pairs.Ratio(0.5, 0.4, 12.0, 3)
    place = {"contender": "gru_fast", "baseline": "gru", "device": "cpu", "n": 2, "h": 3, "T": 4}
    rows = [ratios.Row({**place, "direction": way}, ratio) for way in networks.PASSES]
    expected = "| `gru_fast` / `gru` | 2 | 3 | 4 | cpu | 0.50 (0.40–12) | 0.50 (0.40–12) |"
    assert ratios.network_table(rows)[2:] == [expected]
    asked = ratios.Row({"what": "a", "against": "b"}, ratio)
    assert ratios.kit_table([asked])[2:] == ["| a | b | 0.50 (0.40–12) |"]
    ratios.save([*rows, asked], tmp_path / "new" / "rows.json")
    assert ratios.load(tmp_path / "new" / "rows.json") == [*rows, asked]


def test_a_page_gets_the_new_tables_and_keeps_its_words():
    """Only what stands between the comments changes, and the Chinese page has no English left."""
    page = "a <!-- kit -->old<!-- /kit --> b <!-- day -->old<!-- /day -->"
    assert pages.filled(page, {"kit": "x", "day": "y"}) == (
        "a <!-- kit -->x<!-- /kit --> b <!-- day -->y<!-- /day -->"
    )
    with pytest.raises(ValueError, match="missing stands 0 times"):
        pages.filled(page, {"missing": "x"})
    known = [*kit.COMMANDS, "the sandbox, up to its first worker", "in process"]
    for words in known[:2] + known[3:]:
        assert pages.in_chinese(words) != words


def test_the_pages_hold_what_was_measured_last():
    """The pages and READMEs show the rows that the chart is drawn from."""
    parts = pages.tables(ratios.load(pages.ROWS))
    del parts["measured"]
    english, chinese = (
        "".join(
            (folder / f"{name}.{ending}").read_text(encoding="utf-8")
            for folder, name in ((pages.DOCS, "benchmarks"), (pages.ROOT, "README"))
        )
        for ending in ("md", "zh.md")
    )
    for table in parts.values():
        assert table in english and pages.in_chinese(table) in chinese
