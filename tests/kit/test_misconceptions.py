"""The registry of misconceptions: what is registered says what it is, and can be handed in.

That each behaves unlike the solution is tested in ``test_behaviour.py``, that each is caught in
``test_verify.py``.
"""

import ast
import re

import pytest

from grader.audit.assemble import reference
from grader.misconceptions import Misconception, misconceptions, submission_source, wrong

ALL = misconceptions()


@pytest.mark.parametrize("known", ALL[::7], ids=str)
def test_a_submission_differs_from_the_solution_in_one_definition(known: Misconception):
    """The composed file has the wrong version, perhaps an import, and nothing else is new."""
    right, made = (
        {ast.unparse(node) for node in ast.parse(text).body}
        for text in (reference(known.exercise), submission_source(known, reference(known.exercise)))
    )
    (gone,) = right - made
    assert gone.split("(")[0].split(":")[0].split()[-1] == known.function
    ours = (f"def {known.function}(", "import", "from")
    assert all(node.startswith(ours) for node in made - right)


def test_texts_are_whole_sentences():
    """Text and hint are whole sentences in both languages, without a field left open."""
    for known in ALL:
        for words in (known.text, known.hint):
            assert words["en"][-1] in ".?", known.id
            assert words["zh"][-1] in "。？）", known.id
            assert any("一" <= char <= "鿿" for char in words["zh"]), known.id
            left_open = re.search(r"(?<!_)\{", words["en"] + words["zh"])  # H_{t+1} is none
            assert not left_open, known.id


def test_ids_are_unique_and_of_functions_that_exist(catalog):
    """No id comes twice, and each names a function of the syllabus."""
    assert len({known.id for known in ALL}) == len(ALL)
    assert {f"{known.exercise}.{known.function}" for known in ALL} == set(catalog.functions)


def test_unknown_exercise_has_none():
    """An exercise without a module of misconceptions has none."""
    assert misconceptions("no_such_exercise") == []


def _version(X):
    return math.sqrt(X)  # noqa: F821 -- never called


WORDS = {"en": "It is wrong.", "zh": "错了。", "hint_en": "Look.", "hint_zh": "看一看。"}


@pytest.mark.parametrize(
    ("functions", "change", "remedy"),
    [
        ((), {}, "name in @wrong"),
        (("x.f",), {"zh": " "}, "write one sentence"),
        (("x.f",), {"hint_en": "Use {nothing}."}, "can't be filled in"),
        (("x.f", "x.f"), {}, "another name"),
    ],
)
def test_bad_registration_says_what_to_do(
    functions: tuple, change: dict, remedy: str, monkeypatch: pytest.MonkeyPatch
):
    """No function, an empty text, an unknown field and a name used twice are refused."""
    monkeypatch.setattr("grader.misconceptions._registry", {})
    with pytest.raises(ValueError, match=remedy):
        wrong(*functions, **{**WORDS, **change})(_version)


def test_composing_adds_imports_after_the_docstring():
    """What the wrong version needs is imported once, after docstring and __future__ imports."""
    known = Misconception("x", "f", "m", "def f(X):\n    return math.sqrt(np.abs(X))", {}, {})
    head = '"""Doc."""\n\nfrom __future__ import annotations\n'
    text = submission_source(
        known, f"{head}\nimport math\n\n\n@staticmethod\ndef f(X):\n    return 0\n"
    )
    assert text == f"{head}\nimport numpy as np\n\nimport math\n\n\n{known.source}\n"


def test_composing_refuses_what_can_not_work():
    """A function that is not there, and a name that nobody defines, are refused with the reason."""
    known = Misconception("x", "f", "m", "def f(X):\n    return helper(X)", {}, {})
    with pytest.raises(ValueError, match="0 times"):
        submission_source(known, "g = 1\n")
    with pytest.raises(ValueError, match="helper"):
        submission_source(known, "def f(X):\n    return X\n")
