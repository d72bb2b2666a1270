"""What of a printed text counts for the diagnosis: what it says, not how it is laid out."""

import pytest

from grader.checking.printed import LENGTH, facts, stands

PREFIXES = ("学", "时习")
RESULT = ([], [12.3456, 9.8765])
OURS = "epoch 2, perplexity 9.877\n - 学而时习\n - 时习之学而\n"


@pytest.mark.parametrize(
    "theirs",
    [
        "周期 2 困惑度 9.88\n学 -> 学而时习\n时习 -> 时习之学而\n",
        "| 2 | ppl=9.876512, time 0.02 sec |\n['学而时习', '时习之学而']",
        "9.8\n学而时习 时习之学而",
    ],
)
def test_another_layout_says_the_same(theirs):
    """Words around a text, the digits of a number, and times don't matter."""
    assert facts(theirs, PREFIXES, RESULT) == facts(OURS, PREFIXES, RESULT)


@pytest.mark.parametrize(
    "theirs",
    ["", OURS * 2, OURS.replace("9.877", ""), OURS.replace("学而时习", "学而时"), OURS[:-6]],
)
def test_another_text_does_not(theirs):
    """Nothing, twice as much, no number, a shorter text, one text less."""
    assert facts(theirs, PREFIXES, RESULT) != facts(OURS, PREFIXES, RESULT)


def test_any_text_takes_a_bounded_time():
    """However long a text and a result are, and whatever they hold."""
    long = "1.5 " * LENGTH + "9" * LENGTH + ".1" * LENGTH
    assert len(facts(long, ("",), [[1.5] * 10**5])) == 1


def test_a_text_that_goes_on_does_not_stand_there():
    """One character too many is another text; what is printed around it is free."""
    assert stands("ab", "epoch 3: ab\n", "abc") and stands("ab", "ab", "abc")
    assert stands("ab", "abc, then 'ab'", "abc")
    assert not stands("ab", "abc abb", "abc") and not stands("ab", "", "abc")
