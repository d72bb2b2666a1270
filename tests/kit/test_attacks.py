"""Hostile submissions: none gains a point, hurts another function, or breaks the report.

Each file in ``attacks/`` says in its header what it attacks, what it does and what it must get. Its
code is put behind the solution's, so that everything but the attacked function is right; an attack
on a whole exercise stands alone.
"""

import dataclasses
import json
import os
import re
import time
from pathlib import Path

import pytest

from grader.checking.scoring import Outcome
from grader.locale import Texts
from grader.report import model
from grader.report.build import build_report
from grader.sandbox import limits
from tests.kit.submissions import SOLUTIONS, score, statuses, with_source

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
LEAVINGS = "gatecheck_attack_was_here"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclasses.dataclass
class Attack:
    """One file of the corpus and what its header says."""

    source: str
    attacks: str
    does: str
    gets: set[str]
    at_most: str

    @property
    def exercise(self) -> str:
        """The exercise whose file it is."""
        return self.attacks.split(".")[0]


def read(path: Path) -> Attack:
    """Read an attack's header and code."""
    source = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^# ([a-z ]+): (.*)$", source, re.M))
    gets = set(header["gets"].split(", "))
    return Attack(source, header["attacks"], header["does"], gets, header.get("at most", "0"))


def submission(attack: Attack, folder: Path) -> Path:
    """The solutions with the attack in them."""
    own = (SOLUTIONS / f"{attack.exercise}.py").read_text(encoding="utf-8")
    source = own + "\n\n" + attack.source if "." in attack.attacks else attack.source
    return with_source(folder, attack.exercise, source)


@pytest.fixture(scope="module", autouse=True)
def short_limits():
    """Seconds instead of ten: what hangs, hangs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "CALL", limits.Allowance(0.6, 2.0))
        patch.setattr(limits, "LOAD", limits.Allowance(2.5, 5.0))
        yield


@pytest.mark.parametrize("path", ATTACKS, ids=lambda p: p.stem)
def test_an_attack_gets_what_it_deserves(engine, catalog, tmp_path, path):
    """The attacked function gets no more than it may, all others keep every point."""
    attack = read(path)
    folder = submission(attack, tmp_path)
    chosen = _chosen(catalog.exercise(attack.exercise).functions, attack)
    keys = {function.key for function in chosen}
    graded = engine.grade(folder, [attack.exercise], 4, functions=keys, shrink=False)
    for function in chosen:
        if attack.attacks in (function.key, attack.exercise):
            assert statuses(graded, function.key) & attack.gets, statuses(graded, function.key)
            _earned_at_most(attack, *score(graded, function.key))
        else:
            assert statuses(graded, function.key) == {"passed"}, function.key
    _left_nothing_behind(graded, folder)
    _report_is_clean(graded)


def _chosen(functions, attack: Attack) -> list:
    """The attacked function and two that have nothing to do with it; all for a whole file."""
    if attack.attacks == attack.exercise:
        return list(functions)
    others = [f for f in functions if attack.attacks not in (f.key, *f.needs) and not f.needs]
    return [f for f in functions if f.key == attack.attacks or f in others[-2:]]


def _earned_at_most(attack: Attack, earned: int, points: int) -> None:
    share = {"0": 0.0, "a fifth": 0.2, "half": 0.5, "all": 1.0}[attack.at_most]
    assert earned <= share * points, f"{earned} of {points}"


def _left_nothing_behind(graded, folder: Path) -> None:
    for place in (folder, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/"), Path.home()):
        assert not (place / LEAVINGS).exists(), place
    for outcome in graded.outcomes.values():
        if outcome.finding and outcome.finding.call:
            assert b"LEAKED" not in outcome.finding.call.printed


def _report_is_clean(graded) -> None:
    for function in graded.catalog.functions.values():
        for check in function.checks:  # those left out of the run
            graded.outcomes.setdefault(check.id, Outcome(check))
    report = build_report(graded, "submission", 4, "cpu", 1.0, Texts("en"))
    decoded = json.loads(model.to_json(report))

    def walk(value):
        if isinstance(value, str):
            assert not CONTROL.search(value), repr(value)
            assert not re.search(r"^\s*::", value, re.M), repr(value)
            assert "/etc/passwd" not in value or len(value) < 500
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(decoded)
    assert {e["name"] for e in decoded["exercises"]} == set(graded.wanted)


def test_the_corpus_is_large_and_says_what_each_must_get():
    """At least sixty attacks, each with its header."""
    assert len(ATTACKS) >= 60
    for path in ATTACKS:
        attack = read(path)
        assert attack.does and attack.gets <= set(
            ["passed", "failed", "error", "timeout", "not_started"]
        )


@pytest.mark.parametrize("name", ["kill_parent", "patched_builtins"])
def test_other_exercises_keep_every_point(engine, catalog, tmp_path, name):
    """A run with one bad function is complete, and only that exercise loses."""
    attack = read(Path(__file__).parent / "attacks" / f"{name}.py")
    wanted = ["parameters", "gru", "deep", "bptt", attack.exercise]
    graded = engine.grade(submission(attack, tmp_path), wanted, 4, shrink=False)
    asked = [f for f in catalog.functions.values() if f.exercise in wanted]
    assert {c.id for f in asked for c in f.checks} <= set(graded.outcomes)
    for function in asked:
        if any(need.startswith(f"{attack.exercise}.") for need in function.needs):
            continue  # it imports the bad one, and may wait for it
        if function.exercise != attack.exercise:
            assert statuses(graded, function.key) == {"passed"}, function.key


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _nested(path: Path) -> None:
    path.write_text("x = " + "(" * 50_000 + ")" * 50_000)


FOLDERS = {
    "fifo": _fifo,
    "folder": lambda path: path.mkdir(),
    "link to the solution": lambda path: path.symlink_to(SOLUTIONS / "gru.py"),
    "link to a secret": lambda path: path.symlink_to("/etc/passwd"),
    "link to itself": lambda path: path.symlink_to(path),
    "large file": lambda path: path.write_bytes(b"#" * 2_000_000),
    "undecodable": lambda path: path.write_bytes(b"x = '\xff\xfe'\n"),
    "zero bytes": lambda path: path.write_bytes(b"x = 1\x00\n"),
    "syntax error": lambda path: path.write_text("def update_gate(:\n"),
    "parser bomb": _nested,
    "many lines": lambda path: path.write_text("x = 1\n" * 100_000 + "raise ValueError\n"),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "unknown encoding": lambda path: path.write_text("# coding: hex\n00\n"),
}


@pytest.mark.parametrize("what", FOLDERS)
def test_odd_things_in_place_of_a_source(engine, tmp_path, what):
    """A FIFO, a link, a bomb: an error for that exercise, and full marks for the others."""
    folder = with_source(tmp_path, "gru", "")
    (folder / "gru.py").unlink()
    FOLDERS[what](folder / "gru.py")
    graded = engine.grade(folder, ["gru", "parameters"], 4)
    outcomes = [o for o in graded.outcomes.values() if o.check.exercise == "gru"]
    assert {o.status for o in outcomes if o.check.kind != "timing"} <= {"error", "timeout"}
    assert {o.score for o in outcomes} == {0}
    assert score(graded, "gru.update_gate")[0] == 0
    assert statuses(graded, "parameters.normal_param") == {"passed"}
    _report_is_clean(graded)


def test_an_empty_file_is_not_started(engine, tmp_path):
    """An empty file has no functions yet: not started, no error."""
    graded = engine.grade(with_source(tmp_path, "gru", ""), ["gru"], 4)
    assert {o.status for o in graded.outcomes.values() if o.check.exercise == "gru"} == {
        "not_started"
    }


def test_shadow_modules_shadow_nothing(engine, tmp_path):
    """torch.py, conftest.py and their like in the submission's folder are never run."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    folder = with_source(tmp_path, "gru", source)
    names = "torch numpy json sitecustomize usercustomize conftest pytest grader solutions __init__"
    for name in names.split():
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "gru.cpython-311.pyc").write_bytes(b"\x00" * 100)
    graded = engine.grade(folder, ["gru"], 4)
    statuses = {o.status for o in graded.outcomes.values() if o.check.kind != "timing"}
    assert statuses == {"passed"}


def test_no_process_survives_a_run(engine, tmp_path):
    """After forks, threads and ignored signals the template has no child but its twin."""
    for name in ("fork_bomb", "thread_bomb", "signal_handlers"):
        attack = read(Path(__file__).parent / "attacks" / f"{name}.py")
        folder = tmp_path / name
        folder.mkdir()
        keys = {"gru.update_gate"}
        engine.grade(submission(attack, folder), ["gru"], 4, functions=keys, shrink=False)
    template = engine._template.pid
    children = Path(f"/proc/{template}/task/{template}/children")
    while len(children.read_text().split()) > 1:  # those that were killed are reaped beside
        time.sleep(0.05)
