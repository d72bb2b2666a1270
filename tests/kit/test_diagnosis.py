"""Naming the mistake: right where it is known, silent everywhere else."""

import pytest

from grader import misconceptions
from grader.locale import Texts
from grader.report.build import build_report
from tests.kit.submissions import SOLUTIONS, diagnoses, with_mistakes, with_source

EXERCISES = ("gru", "bptt", "training", "fast")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_most_known_mistakes_of_a_network_are_named(engine, tmp_path, exercise):
    """Of a few wrong versions most get their own name, none gets another's (audit: all)."""
    chosen = misconceptions.misconceptions(exercise)[::17]
    named = 0
    for mistake in chosen:
        key = f"{exercise}.{mistake.function}"
        folder = with_mistakes(tmp_path, exercise, [mistake])
        graded = engine.grade(
            folder, [exercise], 3, functions={key}, shrink=False, isolated=False, diagnosed=True
        )
        found = diagnoses(graded, key)
        assert found <= {mistake.id}
        named += bool(found)
    assert named >= 0.6 * len(chosen), f"{named} of {len(chosen)}"


UNKNOWN = {
    "gru.update_gate": "(X, H, W, U, b): return torch.sigmoid(X @ W + 3 * H @ U + b)",
    "lstm.next_memory": "(F, C, I, C_tilde): return F * C + I * C_tilde + 0.125",
    "rnn.rnn_step": "(X, H, W, U, b): return torch.tanh(X @ W + H @ U + b).roll(1, 1)",
}


@pytest.mark.parametrize("key", sorted(UNKNOWN))
def test_an_unknown_mistake_gets_no_name(engine, tmp_path, key):
    """A wrong diagnosis would be worse than none."""
    exercise, function = key.split(".")
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    folder = with_source(tmp_path, exercise, f"{source}\n\ndef {function}{UNKNOWN[key]}\n")
    graded = engine.grade(folder, [exercise], 3, functions={key}, diagnosed=True)
    assert diagnoses(graded, key) == set()


def test_a_mistake_in_another_style_is_recognised(engine, tmp_path):
    """What counts is what comes out, not how it is written."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += (
        "\n\ndef candidate_state(X, H, R, W_xh, W_hh, b_h):\n"
        "    inside = torch.addmm(b_h, X, W_xh)\n"
        "    return (inside + R * torch.einsum('nk,kh->nh', H, W_hh)).tanh()\n"
    )
    folder = with_source(tmp_path, "gru", source)
    graded = engine.grade(folder, ["gru"], 9, diagnosed=True)
    (found,) = diagnoses(graded, "gru.candidate_state")
    for language in ("en", "zh"):
        report = build_report(graded, "work", 9, "cpu", 1.0, Texts(language))
        (function,) = [f for f in report.exercises[0].functions if f.name == "candidate_state"]
        failed = [check for check in function.checks if check.status == "failed"]
        mistake = next(m for m in misconceptions.misconceptions("gru") if m.id == found)
        assert all(check.diagnosis.id == found for check in failed)
        assert mistake.text[language] == failed[0].diagnosis.text
        assert mistake.text[language] in failed[0].message.replace("\n            ", " ")
    assert diagnoses(graded, "gru.gru") == set()
