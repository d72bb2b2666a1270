"""Strangers' code is not run as root with every file open to it, unless somebody says so."""

import os

import pytest

from grader import cli
from grader.arguments import UsageProblem, refuse_exposed
from grader.sandbox import confinement, exposure, landlock


@pytest.fixture()
def root_without_landlock(monkeypatch):
    """As root where the kernel has no Landlock and workers can't change their user."""
    exposure.is_exposed.cache_clear()
    monkeypatch.delenv("GRADER_UNSAFE", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(landlock, "abi", lambda *_: 0)
    monkeypatch.setattr(confinement, "_become_a_user_of_its_own", lambda *_: False)
    yield monkeypatch
    exposure.is_exposed.cache_clear()


def test_exposed_are_workers_that_are_root_and_read_all(root_without_landlock):
    """Landlock, a user of its own, or not being root: each of them is enough."""
    assert exposure.is_exposed()
    for module, name, value in (
        (landlock, "abi", lambda *_: 7),
        (confinement, "_become_a_user_of_its_own", lambda *_: True),
        (os, "geteuid", lambda: 1000),
    ):
        exposure.is_exposed.cache_clear()
        with root_without_landlock.context() as patch:
            patch.setattr(module, name, value)
            assert not exposure.is_exposed()


def test_one_may_insist(root_without_landlock):
    """``--unsafe`` and ``GRADER_UNSAFE=1`` mean it; other values of the variable don't."""
    with pytest.raises(UsageProblem) as found:
        refuse_exposed(False)
    assert found.value.sentence == "exposed"
    refuse_exposed(True)
    root_without_landlock.setenv("GRADER_UNSAFE", "0")
    with pytest.raises(UsageProblem):
        refuse_exposed(False)
    root_without_landlock.setenv("GRADER_UNSAFE", "1")
    refuse_exposed(False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_batch_and_a_run_in_ci_refuse_in_one_line(
    root_without_landlock, tmp_path, capsys, language
):
    """Exit code 2 and a line that says what to do, before anything of a submission is looked at."""
    (tmp_path / "class" / "ada").mkdir(parents=True)
    root_without_landlock.setenv("CI", "true")
    batch = ["batch", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--lang", language]
    grade = ["grade", "--submission", str(tmp_path / "class" / "ada"), "--lang", language]
    for words in (batch, grade):
        assert cli.main(words) == cli.WRONG_USAGE
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and "--unsafe" in said and "Landlock" in said
    assert not (tmp_path / "out").exists()


def test_at_home_it_is_told_and_goes_on(root_without_landlock, tmp_path, monkeypatch):
    """``make grade`` of one's own work, outside of CI, is not refused."""
    monkeypatch.delenv("CI", raising=False)
    begun = []
    monkeypatch.setattr(cli, "_graded", lambda *_: begun.append(1) or 1 / 0)
    assert cli.main(["grade", "--submission", str(tmp_path)]) == cli.FAULT and begun == [1]
