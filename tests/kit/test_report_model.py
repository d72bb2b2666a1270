"""The JSON report: schema 1, exactly, and all of it whatever happened."""

import json

import msgspec
import pytest

from grader.findings import Finding
from grader.locale import Texts
from grader.report import layers, model
from grader.report.build import build_report
from grader.report.layers import sandbox_text
from tests.kit import made

REPORT = [
    "schema",
    "submission",
    "seed",
    "device",
    "sandbox",
    "duration_s",
    "score",
    "max_score",
    "exercises",
]
EXERCISE = ["name", "score", "max_score", "status", "functions"]
FUNCTION = ["name", "score", "max_score", "status", "checks"]
CHECK = [
    *("id", "kind", "title", "points", "score", "status", "message", "counterexample"),
    *("diagnosis", "blocked_by", "duration_s"),
]
FULL = ["landlock", "seccomp", "rlimits", "user"]


def _report(language: str = "en", **findings: Finding) -> model.Report:
    graded = made.graded(
        {name.replace("__", "."): finding for name, finding in findings.items()}, FULL
    )
    return build_report(graded, "my/answers", 7, "cpu", 1.23456, Texts(language))


def _mixed(language: str = "en") -> model.Report:
    stub = Finding("stub", {"function": "step", "file": "rnn.py"}, status="not_started")
    return _report(language, gru__update_gate=made.wrong_value(), rnn__step=stub)


def test_fields_are_those_of_the_schema_in_their_order() -> None:
    """Every level has exactly the fields of interface.md."""
    found = json.loads(model.to_json(_mixed()))
    assert list(found) == REPORT
    assert list(found["exercises"][0]) == EXERCISE
    assert list(found["exercises"][0]["functions"][0]) == FUNCTION
    assert list(found["exercises"][0]["functions"][0]["checks"][0]) == CHECK


def test_values_have_the_types_of_the_schema() -> None:
    """Scores and durations are floats, the seed an integer, lists are lists."""
    raw = model.to_json(_mixed()).decode()
    found = json.loads(raw)
    assert (found["schema"], found["seed"], found["device"]) == (1, 7, "cpu")
    assert found["submission"] == "my/answers"
    assert '"score": 10.0' in raw and '"max_score": 20.0' in raw
    check = found["exercises"][1]["functions"][0]["checks"][0]
    assert check["points"] == 5.0 and check["score"] == 0.0 and check["status"] == "failed"
    assert check["blocked_by"] == [] and check["diagnosis"] is None
    assert check["counterexample"]["function"] == "update_gate"
    assert check["message"].startswith("  The result has the right shape")


def test_json_round_trip() -> None:
    """What was written can be read back, and is the same."""
    report = _mixed("zh")
    assert model.from_json(model.to_json(report)) == report
    with pytest.raises(msgspec.ValidationError):
        model.from_json(b'{"schema": "one"}')


def test_passed_checks_say_nothing() -> None:
    """A passed check has its points, no message and no counterexample."""
    check = _report().exercises[0].functions[0].checks[0]
    assert (check.status, check.score, check.message, check.counterexample) == (
        "passed",
        5.0,
        "",
        None,
    )


def test_totals_are_sums_and_the_maximum_is_the_catalog_s() -> None:
    """Scores add up from checks to the report; the maximum does not depend on the submission."""
    for report in (_report(), _mixed()):
        assert report.max_score == 20
        assert report.score == sum(e.score for e in report.exercises)
        for exercise in report.exercises:
            assert exercise.score == sum(f.score for f in exercise.functions)


def test_exit_codes() -> None:
    """0 full marks, 1 not full marks, 3 where the kit itself failed."""
    assert _report().exit_code == 0
    assert _mixed().exit_code == 1
    fault = Finding("fault", {"type": "KeyError", "text": "x"}, status="fault")
    assert _report(gru__gru=fault).exit_code == 3


def test_the_language_is_that_of_the_texts() -> None:
    """Titles and messages are Chinese where Chinese was asked for."""
    check = _mixed("zh").exercises[1].functions[0].checks[0]
    assert check.title == made.TITLE["zh"]
    assert "数值不对" in check.message


def test_the_sandbox_is_named_honestly() -> None:
    """Full protection is listed, a missing layer named, and nothing claimed that did not hold."""
    whole = ["rlimits", "seccomp", "landlock"]
    assert sandbox_text(FULL, root=True) == "landlock+seccomp+rlimits+user"
    assert sandbox_text(whole, root=False) == "landlock+seccomp+rlimits"
    assert sandbox_text(whole, root=True) == "partial: no user; workers run as root"
    lacks = "partial: no landlock; workers run as"
    assert sandbox_text(whole[:2], root=False) == f"{lacks} your user"
    assert sandbox_text([*whole[:2], "user"], root=True) == f"{lacks} a user of their own"
    assert sandbox_text(whole[:2], root=True).startswith("partial: no landlock, no user; workers")
    lacks = "partial: no landlock, no seccomp; workers run as your user"
    assert sandbox_text(["rlimits"], root=False) == lacks
    assert sandbox_text([], root=False) == "none; workers run as your user"
    assert sandbox_text(None) == "unused"


def test_a_missing_layer_is_told_with_what_it_means() -> None:
    """A sentence for each in both languages; without Landlock it depends on whose rights count."""
    for language in ("en", "zh"):
        texts = Texts(language)
        told = {
            who: layers.meanings(f"partial: no landlock, no rlimits; workers run as {who}", texts)
            for who in (layers.ROOT, layers.OWN, layers.YOURS)
        }
        assert [len(each) for each in told.values()] == [2, 2, 2]
        assert len({each[0] for each in told.values()}) == 3
        assert len({each[1] for each in told.values()}) == 1
        assert len(layers.meanings("none; workers run as root", texts)) == 3
        assert layers.meanings("partial: no user; workers run as root", texts)
        assert layers.meanings("unused", texts) == []
        assert layers.meanings("landlock+seccomp+rlimits+user", texts) == []
