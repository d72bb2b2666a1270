"""The grader's sentences: the same in both languages, none missing, none empty."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.locale import LANGUAGES, Texts, default_language, sentences

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "grader").rglob("*.py"), *(ROOT / "tests" / "checks").glob("*.py")]
FINDERS = {"fail", "skip", "Finding", "Rejected", "_Refused", "NotebookProblem"}
WITH_CODE = {"agree", "agree_number", "agree_tensor", "_agree_all", "_items"}
MADE = {
    f"{where}{code}"
    for where in ("", "load_")
    for code in ("limit", "protocol", "died_exit", "died_signal")
} | {
    f"statistic_{name}"
    for name in ("std", "mean", "kurtosis", "skewness", "histogram", "neighbours")
}
MADE |= {"alike_columns", "alike_rows"}
MADE |= {  # the reasons of clock.Verdict, and the codes of bootstrap.ClockBroken
    *("timing_cap", "timing_budget", "timing_control", "timing_device_clock"),
    *("timing_suspicious", "timing_unconfirmed", "timing_reference_slowed"),
    *("timing_clock_more_than_seen", "timing_clock_less_than_possible", "timing_clock_slope"),
}
IDENTIFIER = re.compile(r"[a-z]+(_[a-z]+)*")


def _strings(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if IDENTIFIER.fullmatch(node.value):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.Tuple) and node.elts:
        yield from _strings(node.elts[0])


def _codes_in(source: str) -> Iterator[str]:
    """The ids of findings that a module can make, as far as they are written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith(
            ("finding.code", "(finding.code")
        ):
            yield from _strings(node.value)
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in FINDERS and node.args:
            yield from _strings(node.args[0])
        if name in WITH_CODE:
            for argument in node.args[3:]:
                yield from _strings(argument)
        for keyword in node.keywords:
            if keyword.arg == "code":
                yield from _strings(keyword.value)


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_sentences() -> None:
    """Every id of one language is there in the other."""
    assert set(sentences("en")) == set(sentences("zh"))


@pytest.mark.parametrize("name", sorted(sentences("en")))
def test_a_sentence_has_the_same_fields_in_both_languages(name: str) -> None:
    """No field is lost or misspelt in a language, none is unnamed, and no text is empty."""
    texts = [sentences(language)[name] for language in LANGUAGES]
    assert all(text.strip() for text in texts)
    assert _fields(texts[0]) == _fields(texts[1])
    assert all(field.isidentifier() for field in _fields(texts[0]))


@pytest.mark.parametrize("name", sorted(sentences("zh")))
def test_chinese_is_chinese(name: str) -> None:
    """A Chinese sentence has Chinese characters (or only fields and signs)."""
    letters = re.sub(r"\{[^}]*\}|`[^`]*`", "", sentences("zh")[name])
    assert (
        re.search("[\u4e00-\u9fff]", letters)
        or not re.search("[a-z]{4}", letters)
        or "gatecheck" in letters
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_finding_has_its_sentence(path: Path) -> None:
    """Each code that the grader or a check uses stands in the locale."""
    codes = set(_codes_in(path.read_text(encoding="utf-8")))
    assert {code for code in codes if f"finding.{code}" not in sentences("en")} == set()


def test_codes_that_are_put_together_have_their_sentences() -> None:
    """So do the codes that no source spells out."""
    assert {code for code in MADE if f"finding.{code}" not in sentences("en")} == set()


def test_no_sentence_is_left_over() -> None:
    """Every finding in the locale is one that something can make."""
    used = {code for path in SOURCES for code in _codes_in(path.read_text(encoding="utf-8"))}
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    known = {name.removeprefix("finding.") for name in sentences("en") if "finding." in name}
    left = {name for name in known - used - MADE if f'"{name}"' not in text}
    assert left == set()


def test_every_sentence_that_the_program_says_exists() -> None:
    """Ids that are written out in ``say("...")`` or as a usage problem are in the locale."""
    missing = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if name == "say" and isinstance(first, str) and "." in first:
                missing |= {first} - set(sentences("en"))
            if name == "UsageProblem" and isinstance(first, str):
                missing |= {f"cli.{first}"} - set(sentences("en"))
    assert missing == set()


def test_the_language_comes_from_the_locale() -> None:
    """zh* is Chinese, all else English; LC_ALL goes before LC_MESSAGES before LANG."""
    assert default_language({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert default_language({"LANG": "zh_TW"}) == "zh"
    assert default_language({"LANG": "de_DE.UTF-8"}) == "en"
    assert default_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}) == "en"
    assert default_language({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "C"}) == "zh"
    assert default_language({}) == "en"


def test_a_missing_sentence_or_field_stops_nothing() -> None:
    """In production a gap in the locale is a readable line, not an exception."""
    texts = Texts("en")
    assert texts.say("finding.no_such_thing", part="H") == "no such thing (part=H)"
    assert "?" in texts.say("finding.shape")


def test_fields_are_filled_in_as_plain_text() -> None:
    """Braces in a field are text, not fields."""
    assert "{part} {0}" in Texts("en").say("finding.raised", error="{part} {0}")
