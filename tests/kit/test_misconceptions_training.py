"""The misconceptions of sequence_data, parameters and training: each is wrong, and says how."""

import importlib

import pytest

from grader.misconceptions import Misconception, misconceptions
from tests.kit.behaviours import CASES, behaviour, same

EXERCISES = ("sequence_data", "parameters", "training")
ALL = [known for exercise in EXERCISES for known in misconceptions(exercise)]
ENOUGH = 6  # for each function
ENOUGH_IN_ALL = 110


def _reference(key: str):
    exercise, function = key.split(".")
    return getattr(importlib.import_module(f"solutions.{exercise}"), function)


@pytest.fixture(scope="module")
def expected() -> dict:
    """How the solutions behave."""
    return {key: behaviour(key, _reference(key)) for key in CASES}


@pytest.mark.parametrize("key", CASES)
def test_solution_behaves_the_same_each_time(key: str, expected: dict):
    """A solution raises in no case, and two looks at it agree: so a difference means something."""
    again = behaviour(key, _reference(key))
    assert same(again, expected[key])
    assert not [record for record in again if str(record).startswith("raises")]


@pytest.mark.parametrize("known", ALL, ids=str)
def test_misconception_differs_from_the_solution(known: Misconception, expected: dict):
    """A misconception behaves unlike the solution on some small case."""
    key = f"{known.exercise}.{known.function}"
    assert not same(behaviour(key, known.call), expected[key])


@pytest.mark.parametrize("key", CASES)
def test_function_has_enough_misconceptions(key: str):
    """Every function of the three exercises has its share of wrong versions."""
    assert len(misconceptions(*key.split("."))) >= ENOUGH


def test_enough_misconceptions_in_all():
    """There are wrong versions enough, and each belongs to a function of the three exercises."""
    assert len(ALL) >= ENOUGH_IN_ALL
    assert {f"{known.exercise}.{known.function}" for known in ALL} == set(CASES)


@pytest.mark.parametrize("known", ALL, ids=str)
def test_misconception_says_what_and_how_to_go_on(known: Misconception):
    """Text and hint are whole sentences in both languages."""
    for words in (known.text, known.hint):
        assert words["en"][-1] in ".?" and words["en"][0].isascii()
        assert words["zh"][-1] in "。？" and any("一" <= char <= "鿿" for char in words["zh"])
