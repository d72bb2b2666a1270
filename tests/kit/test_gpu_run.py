"""The device's run without a device: what it keeps, and when it stops."""

import json

import pytest

pytest.importorskip("torch")
from tests.gpu import submissions
from tests.gpu.run import Stages
from tests.kit.submissions import score


def test_what_was_measured_is_on_disk_after_each_stage(tmp_path):
    """A stage that fails is told, and those after it still run; no half file is ever seen."""
    out = tmp_path / "gpu.json"
    stages = Stages("fakegpu", out, 100)
    stages.run("first", lambda: {"a": 1})
    assert json.loads(out.read_text())["first"] == {"a": 1}
    stages.run("second", lambda: 1 / 0)
    stages.run("third", lambda: 3)
    found = json.loads(out.read_text())
    assert (found["third"], len(found["wrong"]), found["left_out"]) == (3, 1, [])
    assert "ZeroDivisionError" in found["wrong"][0]


def test_what_no_time_was_left_for_is_named(tmp_path):
    """After its time the run starts nothing."""
    stages = Stages("fakegpu", tmp_path / "gpu.json", 0)
    stages.run("late", lambda: pytest.fail("it started"))
    assert json.loads((tmp_path / "gpu.json").read_text())["left_out"] == ["late"]


def test_what_is_handed_in_is_what_it_says(engine, tmp_path):
    """Twenty wrong versions, ten slow ones; the one that costs the same is right."""
    assert len(list(submissions.wrong())) == submissions.WRONG
    slow = dict(submissions.slow())
    assert len(slow) == 10 and set(slow) >= submissions.MUST_LOSE
    submissions.hand_in(tmp_path, "gru", submissions.half_again())
    graded = engine.grade(tmp_path, ["gru"], functions={"gru.gru"}, shrink=False)
    assert len(set(score(graded, "gru.gru"))) == 1
