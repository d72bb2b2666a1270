"""The audit of the checks: what it finds, what it calls a problem, and what it shows."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from grader import cli
from grader.audit import alone, assemble, fingerprint, running
from grader.audit.auditing import _in_order, _take
from grader.audit.jobs import Job, all_mutants, jobs_for
from grader.audit.model import (
    Audit,
    Checks,
    ExerciseAudit,
    InlineVersion,
    MutantRow,
    Problem,
    WrongVersion,
)
from grader.audit.page import page
from grader.audit.show import matrix_lines, show
from grader.audit.verdict import KINDS, judge, kill_rate, pressing
from grader.locale import Texts
from grader.misconceptions import misconceptions


@pytest.fixture
def own_engine(engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run in this process, with its warm engine."""
    monkeypatch.setattr(running, "_engine", [engine])


def _sound() -> ExerciseAudit:
    """An audit of an exercise in which everything is as it should be."""
    found = ExerciseAudit("rnn", "f" * 16, [], styles=["einsum"], lost={"reference": []})
    for mistake in misconceptions("rnn"):
        row = WrongVersion(mistake.id, mistake.function, ["values"], [], mistake.id)
        found.wrong.append(row)
    _in_order(found)
    for each in found.checks:
        each.names[:] = ["values"]
    return found


def _codes(found: ExerciseAudit) -> list[str]:
    judge(found)
    return [problem.code for problem in found.problems]


def _mutant(fate: str, number: int = 1) -> MutantRow:
    name = f"rnn.rnn_step.drop_term.{number}"
    return MutantRow(name, "rnn_step", 9, "X @ W + H @ U", "X @ W", fate, "values")


def test_an_audit_without_fault_has_no_problem():
    """The record that the other tests spoil is sound."""
    assert _codes(_sound()) == []


def test_every_kind_of_fault_is_a_problem():
    """What the issue asks the audit to fail on, one at a time."""
    spoilt = {
        "survivor": lambda a: a.wrong[0].killed_by.clear(),
        "blame": lambda a: a.wrong[0].blamed.append("rnn.rnn"),
        "diagnosis": lambda a: setattr(a.wrong[0], "diagnosis", a.wrong[1].id),
        "unnamed": lambda a: setattr(a.wrong[0], "diagnosis", ""),
        "lost": lambda a: a.lost.update(einsum=["rnn.rnn.values"]),
        "stub": lambda a: a.earned_by_stub.append("rnn.rnn.shape"),
        "idle": lambda a: a.checks[0].names.append("shape"),
        "few": lambda a: a.wrong.__delitem__(slice(12, None)),
        "no_style": lambda a: a.styles.clear(),
        "fault": lambda a: a.faults.append("rnn.rnn.values: it broke"),
    }
    for code, spoil in spoilt.items():
        found = _sound()
        spoil(found)
        assert code in _codes(found), code


def test_a_mistake_alone_or_inline_that_is_not_named_is_a_problem(monkeypatch):
    """Silence and another's name are problems there, too; a written reason explains them."""
    found = _sound()
    one, two, *_ = (row.id for row in found.wrong)
    found.alone = {one: one, two: ""}
    assert _codes(found) == ["unnamed"]
    found.alone = {one: two}
    assert _codes(found) == ["diagnosis"]
    found.alone = {}
    fates = {"named": [], "no_mistake": [], "unnamed": ["unnamed"], "taken": ["diagnosis"]}
    for fate, codes in {**fates, "survived": ["survivor"]}.items():
        found.inline = [InlineVersion("rnn.rnn.rnn_step.bias_missing", "rnn", fate, "")]
        assert _codes(found) == codes
    reasons = {**{kind: {} for kind in KINDS}, "inline": {found.inline[0].id: "why"}}
    monkeypatch.setattr("grader.audit.verdict.explanations", lambda: reasons)
    assert _codes(found) == []


def test_mistakes_alone_and_inline_are_named(own_engine):
    """Real jobs: a file with nothing but wrong functions, each named as itself."""
    jobs = jobs_for("rnn")
    for kind, chosen in (("alone", "rnn_step"), ("inline", "rnn")):
        job = next(job for job in jobs if job.kind == kind)
        known = {m.id: m for m in [*alone.own("rnn"), *alone.inside("rnn")]}
        (ids, *_) = ([n for n in ids if known[n].function == chosen] for ids in job.what)
        found = running.run(Job("rnn", kind, (tuple(ids),)))
        assert found.alone == ({ids[0]: ids[0]} if kind == "alone" else {})
        assert [row.fate for row in found.inline] == (["named"] if kind == "inline" else [])


def test_a_mutant_that_survives_is_a_problem_and_an_equivalent_one_is_not(monkeypatch):
    """The kill rate counts what differs from the reference; a written reason explains."""
    found = _sound()
    found.mutants = [_mutant("killed", n) for n in range(99)] + [_mutant("equivalent", 99)]
    assert _codes(found) == [] and kill_rate(found) == 1.0
    found.mutants += [_mutant("survived", 100), _mutant("survived", 101)]
    assert _codes(found) == ["mutant", "mutant", "rate"]
    reasons = {"rnn.rnn_step.drop_term.100": "why", "rnn.rnn_step.drop_term.101": " "}
    monkeypatch.setattr(
        "grader.audit.verdict.explanations",
        lambda: {**{kind: {} for kind in KINDS}, "survivors": reasons},
    )
    assert _codes(found) == ["mutant", "rate"]
    assert [row.fate for row in found.mutants[-2:]] == ["explained", "survived"]


def test_a_mutant_that_gets_anothers_name_is_a_problem():
    """A wrong diagnosis is worse than none."""
    found = _sound()
    row = _mutant("killed")
    row.diagnosis, row.misnamed = "rnn.rnn_step.bias_missing", True
    found.mutants = [row]
    assert _codes(found) == ["misnamed"]


def test_wrong_versions_are_caught_named_and_blamed_on_nobody_else(own_engine):
    """A real job: one wrong version of each function that calls no other."""
    job = next(job for job in jobs_for("rnn") if job.kind == "wrong")
    found = running.run(job)
    assert len(found.wrong) == len(job.what[0]) > 1
    assert all(row.killed_by and not row.blamed for row in found.wrong)
    assert {row.diagnosis for row in found.wrong} <= {"", *job.what[0]}


def test_mutants_are_killed_or_found_to_be_equivalent(own_engine):
    """Real mutants of a gate: dropped terms are killed, and named where a mistake is known."""
    gate = [m for m in all_mutants("gru") if m.function == "update_gate"]
    chosen = [(m,) for m in gate if m.operator == "drop_term"]
    found = running.run(Job("gru", "mutants", tuple(chosen)))
    assert {row.fate for row in found.mutants} == {"killed"}
    assert not any(row.misnamed for row in found.mutants)
    assert "gru.update_gate.bias_missing" in {row.diagnosis for row in found.mutants}


def test_a_mutant_that_changes_nothing_is_equivalent(own_engine):
    """A sum with its terms the other way round survives every check, rightly."""
    source = assemble.reference("rnn")
    (mutant, *_) = [m for m in all_mutants("rnn") if m.function == "rnn_step"]
    old, new = "X @ W_xh + H @ W_hh + b_h", "b_h + H @ W_hh + X @ W_xh"
    assert old in source
    same = type(mutant)("rnn", "rnn_step", "order", 1, old, new, source.replace(old, new))
    found = running.run(Job("rnn", "mutants", ((same,),)))
    assert [row.fate for row in found.mutants] == ["equivalent"]


def test_mutants_of_several_functions_go_together():
    """One file holds the changes of each; two of one function are refused."""
    chosen = {m.function: m for m in all_mutants("gru") if m.operator == "drop_term"}
    source = assemble.with_mutants("gru", [chosen["reset_gate"], chosen["next_state"]])
    compile(source, "gru.py", "exec")
    for name in ("reset_gate", "next_state"):
        assert assemble.definition(source, name) == assemble.definition(chosen[name].source, name)
    assert assemble.definition(source, "update_gate") == assemble.definition(
        assemble.reference("gru"), "update_gate"
    )
    with pytest.raises(ValueError, match="one function"):
        assemble.with_mutants("gru", [chosen["reset_gate"]] * 2)


def test_the_jobs_of_an_exercise_cover_everything():
    """Every wrong version, every mutant and every style is in exactly one job."""
    jobs = jobs_for("lstm")
    wrong = [name for job in jobs if job.kind == "wrong" for each in job.what for name in each]
    assert sorted(wrong) == sorted(m.id for m in misconceptions("lstm"))
    for kind, all_of_them in (("alone", alone.own("lstm")), ("inline", alone.inside("lstm"))):
        ids = [name for job in jobs if job.kind == kind for each in job.what for name in each]
        assert sorted(ids) == sorted(m.id for m in all_of_them)
    found = [m.id for job in jobs if job.kind == "mutants" for each in job.what for m in each]
    assert sorted(found) == sorted(m.id for m in all_mutants("lstm"))
    styles = [Path(name).name for job in jobs if job.kind == "styles" for name in job.what]
    assert sorted(styles) == [path.name for path in assemble.styles_of("lstm")]


def test_the_order_of_an_audit_does_not_depend_on_who_ended_first():
    """Rows come in the order of the syllabus."""
    one, other = _sound(), _sound()
    found = running.Found("rnn", wrong=list(one.wrong))
    one.wrong = []
    other.wrong = []
    _take(one, found, 1.0)
    found.wrong.reverse()
    _take(other, found, 1.0)
    _in_order(one)
    _in_order(other)
    assert [row.id for row in one.wrong] == [row.id for row in other.wrong]


MATRIX = """\
rnn.rnn_step
   1 values  (kills 2)
   2 gradients  (kills 1)
                                      1  2  diagnosis
  bias_missing                        ×  ×  named
  tanh_missing                        ×  ·
"""


def test_the_kill_matrix_reads_like_a_table():
    """Wrong versions down, checks across, the diagnosis at the end."""
    rows = [
        WrongVersion("rnn.rnn_step.bias_missing", "rnn_step", ["values", "gradients"]),
        WrongVersion("rnn.rnn_step.tanh_missing", "rnn_step", ["values"]),
    ]
    rows[0].diagnosis = rows[0].id
    found = ExerciseAudit("rnn", "", [Checks("rnn_step", ["values", "gradients"])], rows)
    assert "\n".join(matrix_lines(found, Texts("en"), 100)) == MATRIX


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_escapes_what_it_shows(language):
    """Code of a mutant is text on the page; the page runs and loads nothing."""
    found = _sound()
    found.mutants = [_mutant("survived")]
    found.mutants[0].after = "X < W</code><script>alert(1)</script>"
    judge(found)
    text = page(Audit(1, 2.0, [found]), Texts(language)).decode()
    assert "<script" not in text and "&lt;script&gt;" in text
    assert "http" not in text.replace("http-equiv", "")
    console = Console(file=io.StringIO(), width=100)
    show(Audit(1, 2.0, [found]), Texts(language), console, True, "audit.html")
    assert "drop_term.1" in console.file.getvalue()  # type: ignore[attr-defined]


def test_an_exercise_that_has_not_changed_is_not_audited_again(tmp_path, monkeypatch):
    """--changed takes the last audit while its files are the same and it found no problem."""
    found = _sound()
    found.fingerprint = fingerprint.fingerprint("rnn")
    fingerprint.keep(tmp_path, found)
    kept = fingerprint.kept(tmp_path, "rnn")
    assert kept is not None and len(kept.wrong) == len(found.wrong)
    monkeypatch.setattr(fingerprint, "fingerprint", lambda exercise: "other")
    assert fingerprint.kept(tmp_path, "rnn") is None
    assert fingerprint.kept(tmp_path, "gru") is None


def test_the_fingerprint_is_of_the_files_that_decide(tmp_path):
    """It names each exercise's own files, and those that all share."""
    names = {path.name for path in fingerprint._files(assemble.EXERCISES.parent, "gru")}
    assert {"gru.py", "check_gru.py", "check_gru.toml", "shared.py", "worker.py"} <= names
    assert "check_lstm.py" not in names


def test_the_command_writes_page_and_record_and_says_what_is_wrong(tmp_path, monkeypatch, capsys):
    """`audit rnn --out DIR`: exit code 1 with a problem, 0 without; wrong names are one line."""
    found = _sound()
    monkeypatch.setattr("grader.audit.command.audit", lambda *_: Audit(1, 2.0, [found]))
    out = tmp_path / "audit"
    assert cli.main(["audit", "rnn", "--out", str(out)]) == 0
    assert json.loads((out / "audit.json").read_text())["exercises"][0]["name"] == "rnn"
    assert "Every check is proved" in capsys.readouterr().out
    found.wrong[0].killed_by.clear()
    judge(found)
    assert cli.main(["audit", "rnn", "--out", str(out)]) == 1
    assert "a false pass" in capsys.readouterr().out
    assert cli.main(["audit", "rn"]) == 2
    assert "Did you mean rnn?" in capsys.readouterr().err


def test_names_may_be_owed_and_nothing_else(monkeypatch, tmp_path):
    """A debt covers so many names, not one more, and no other problem."""
    ledger = tmp_path / "audit.toml"
    ledger.write_text("[debt]\nrnn = 2\n")
    monkeypatch.setattr("grader.audit.verdict.EXPLANATIONS", ledger)
    names = [Problem("unnamed", {"mistake": str(number)}) for number in range(3)]
    audit = ExerciseAudit("rnn", "", [])
    for problems, count in ((names[:2], 0), (names, 1), ([Problem("few", {})], 1)):
        audit.problems = problems
        assert len(pressing(audit)) == count
