"""One submission and one seed give one report, also on a busy machine."""

import os

from tests.kit import steadiness
from tests.kit.submissions import long

TIMES = int(os.environ.get("STEADY_TIMES", "3"))


def test_the_same_seed_gives_the_same_report(tmp_path):
    """Random answers, memory between calls, exceptions: all but durations, cold and warm."""
    found = steadiness.samples(tmp_path, ("draws", "remembers", "raises"))
    assert steadiness.differing(found, times=1, busy=2) == {}


@long
def test_every_sample_has_one_report_at_any_load(tmp_path):
    """Stubs, solutions and thirty failing submissions: alone, and beside four busy loops."""
    found = steadiness.samples(tmp_path)
    assert len(found) == 32
    assert steadiness.differing(found, TIMES) == {}
