"""Naming the mistake: right where it is known, silent everywhere else."""

import ast

import pytest

from grader import misconceptions
from grader.checking import replay
from grader.checking.errors import plain
from grader.checking.naming import Questions, Row, named
from grader.exchanges import FIRST, LAST, Exchange, Exchanges
from grader.locale import Texts
from grader.misconceptions.inline import alone, inlined
from grader.report.build import build_report
from grader.sandbox import wire
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
    assert named >= 0.5 * len(chosen), f"{named} of {len(chosen)}"


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


GRU = """import torch

def gru(inputs, state, params):
    Wxz, Whz, bz, Wxr, Whr, br, Wxh, Whh, bh, Why, by = params
    (memory,), ys = state, []
    for x in inputs:
        z = (x @ Wxz + memory @ Whz + bz).sigmoid()
        r = (x @ Wxr + memory @ Whr + br).sigmoid()
        new = (x @ Wxh + (r * memory) @ Whh + bh).tanh()
        memory = z * memory + (1 - z) * new
        ys.append(memory @ Why + by)
    return ys, (memory,)
"""
LSTM = """import torch

def lstm(inputs, state, params):
    h, c = state
    ys = []
    for x in inputs:
        i, f, o = ((x @ params[k] + h @ params[k + 1] + params[k + 2]).sigmoid() for k in (0, 3, 6))
        new = torch.tanh(x @ params[9] + h @ params[10] + params[11])
        c = f * c + i * new
        h = o * torch.tanh(c)
        ys.append(h @ params[12] + params[13])
    return ys, (h, c)
"""
LOOPS = [
    (GRU, "(r * memory) @ Whh", "r * (memory @ Whh)", "candidate_state.reset_after_product"),
    (GRU, "z * memory + (1 - z) * new", "(1 - z) * memory + z * new", "arguments_exchanged"),
    (GRU, "memory @ Whr + br", "memory @ Whr", "reset_gate.bias_missing"),
    (GRU, "(x @ Wxz + memory @ Whz", "(memory @ Whz", "update_gate.input_ignored"),
    (GRU, "@ Whr + br).sigmoid()", "@ Whr + br).relu()", "reset_gate.relu_instead"),
    (LSTM, "o * torch.tanh(c)", "o * c", "next_state.tanh_missing"),
    (LSTM, "return ys, (h, c)", "return ys, (c, h)", "state_returned_crosswise"),
    (LSTM, "x @ params[9] + h @", "h @", "candidate_memory.input_ignored"),
]


@pytest.mark.parametrize(("right", "old", "new", "name"), LOOPS)
def test_a_mistake_inside_a_loop_of_its_own_is_named(engine, tmp_path, right, old, new, name):
    """A whole network in one function, alone in its file: its helpers' mistakes are known."""
    assert old in right
    exercise = "gru" if right is GRU else "lstm"
    names = _names(engine, tmp_path, exercise, right.replace(old, new))
    (found,) = {found for found in names.values() if found}
    assert found.startswith(f"{exercise}.{exercise}.") and name in found
    assert names["values"] and names["gradients"] and names["budget"]


def _names(engine, folder, exercise: str, source: str) -> dict[str, str]:
    """The known mistake that is named on each failed check of the network of an exercise."""
    (folder / f"{exercise}.py").write_text(source, encoding="utf-8")
    key = f"{exercise}.{exercise}"
    graded = engine.grade(
        folder, [exercise], 5, functions={key}, shrink=False, isolated=False, diagnosed=True
    )
    return {
        name.rpartition(".")[2]: o.finding.diagnosis.id if o.finding.diagnosis else ""
        for name, o in graded.outcomes.items()
        if o.finding and o.status in ("failed", "error")
    }


def test_a_right_loop_in_one_precision_has_no_mistake(engine, tmp_path):
    """What works in float32 alone fails one check, and nothing is made up about it."""
    source = GRU.replace("= params\n", "= [p.float() for p in params]\n")
    source = source.replace("for x in inputs:", "for x in [x.float() for x in inputs]:")
    source = source.replace("= state, []", "= [s.float() for s in state], []")
    assert _names(engine, tmp_path, "gru", source) == {"precision": ""}


def test_a_name_stays_with_the_checks_that_it_explains(engine, tmp_path):
    """Another fault beside the known mistake: its check is told nothing of the mistake."""
    source = GRU.replace(" + br).sigmoid()", ").sigmoid()")
    source = source.replace("= state, []", "= state, []\n    memory = memory + torch.zeros(1)")
    names = _names(engine, tmp_path, "gru", source)
    assert names["values"] == names["gradients"] == "gru.gru.reset_gate.bias_missing"
    assert names["device"] == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("memory @ Whr", "3 * memory @ Whr"),
        ("(r * memory) @ Whh", "(r * memory.roll(1, 1)) @ Whh"),
        ("memory @ Why + by", "memory @ Why + by + 0.125"),
    ],
)
def test_an_unknown_mistake_inside_a_loop_has_no_name(engine, tmp_path, old, new):
    """A wrong name is worse than none, here too."""
    assert set(_names(engine, tmp_path, "gru", GRU.replace(old, new)).values()) == {""}


def test_every_function_has_its_helpers_mistakes_inline(catalog):
    """They come from the helpers' own, say where, and make a file that stands by itself."""
    gru = {known.id: known for known in inlined("gru", "gru")}
    for helper in ("reset_gate", "update_gate", "candidate_state", "next_state"):
        for known in misconceptions.misconceptions("gru", helper):
            if known.remembers:
                continue  # between calls: a loop's own lines have nothing of the kind
            here = gru.pop(f"gru.gru.{helper}.{known.name}")
            assert here.text["en"].endswith(known.text["en"]) and here.text != known.text
            assert here.text["zh"].endswith(known.text["zh"]) and here.hint == known.hint
    assert not gru
    endless = [known for known in misconceptions.misconceptions("sequence_data") if known.endless]
    assert [known.name for known in endless] == ["never_ends", "never_ends"]
    whole = {
        known.id.partition("rnn.")[2] for known in inlined("training", "train_and_predict_rnn")
    }
    assert whole and not whole & {f"{known.function}.{known.name}" for known in endless}
    users = [f for f in catalog.functions.values() if inlined(f.exercise, f.name)]
    assert {"rnn.rnn", "deep.deep_gru", "training.train_epoch", "lstm.get_params"} <= {
        f.key for f in users
    }
    for function in users:
        for known in inlined(function.exercise, function.name)[::9]:
            tree = ast.parse(alone(known))
            imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
            assert [n.name for n in tree.body if n not in imports] == [function.name]
            assert not any(getattr(n, "level", 0) for n in imports)
            assert callable(known.call)


def _exchange(number: int, function: str = "f", size: int = 8) -> Exchange:
    request = wire.Request(number, function, [], 0, wire.NoneNode())
    return Exchange(
        request, bytes(size), wire.Response(number, wire.NoneNode()), b"", number=number
    )


def test_what_a_check_provoked_is_kept_within_bounds():
    """The first calls and the latest of each check; none is kept that is very large."""
    kept = Exchanges()
    every = [_exchange(number) for number in range(40)]
    for exchange in every:
        kept.add("values", exchange)
    kept.add("values", _exchange(40, size=10**6))
    assert kept.of("values") == [*every[:FIRST], *every[-LAST:]]
    kept.add("device", every[20])
    kept.add("device", every[20])
    assert kept.of("device") == [every[20]] and kept.of("shape") == []
    for number in range(100):
        kept.add(f"check {number}", _exchange(number, size=200_000))
    assert sum(e.size for number in range(100) for e in kept.of(f"check {number}")) < 9_000_000


def _rule(candidates: dict[str, str]) -> dict[str, list[str]]:
    """What is named where checks a and b failed and c passed, two questions each.

    A candidate is what it replies to the six, "x" being what the submission replied and "." what
    the right version does.
    """
    rows = [
        Row(check, check != "c", [_exchange(2 * place + 1), _exchange(2 * place + 2)])
        for place, check in enumerate("abc")
    ]
    questions = Questions(rows)
    questions.look(lambda number: number >= 4)
    made = [(n, questions.explained(lambda i, r=r: r[i] == "x")) for n, r in candidates.items()]
    return named(questions, [lambda: made])


def test_the_rule_by_which_a_mistake_is_named():
    """All checks or a part of them; not where a passed check speaks against it, nor one of many."""
    assert _rule({"all": "xxxxxx", "part": "xx..xx"}) == {"a": ["all"], "b": ["all"]}
    assert _rule({"all": "xxxxx."}) == {}
    assert _rule({"part": "xx..xx"}) == {"a": ["part"]}
    assert _rule({"part": "xx..xx", "other": "..xxxx"}) == {"a": ["part"], "b": ["other"]}
    assert _rule({"one": "xxxxxx", "two": "xxxxxx"}) == {"a": ["one", "two"], "b": ["one", "two"]}
    assert _rule(dict.fromkeys("stu", "xxxxxx")) == {}
    assert _rule({"half": "x.x.xx"}) == {}


def test_exceptions_are_compared_without_the_names_in_them():
    """Two people's variables are called differently; shapes and numbers tell mistakes apart."""

    def same(kind: str, left: str, right: str) -> bool:
        errors = [wire.RaisedError(kind, text, []) for text in (left, right)]
        return plain(errors[0]) == plain(errors[1])

    assert same("NameError", "name 'H' is not defined", "name 'memory' is not defined")
    assert same("TypeError", "gru.<locals>.step() takes 2", "step() takes 2")
    first = "The size of tensor a (4) must match the size of tensor b (3) at dimension 1"
    assert same("RuntimeError", first, first.replace("4", "x").replace("3", "4").replace("x", "3"))
    assert not same("RuntimeError", first, first.replace("4", "5"))
    assert not same("ValueError", "too many values (expected 2)", "too many values (expected 3)")


def test_a_known_mistake_that_never_ends_costs_two_seconds_at_most(monkeypatch):
    """What is replayed on this side is ended, whatever it was asked."""
    monkeypatch.setattr(replay, "REPLAY_S", 0.1)

    def endless(corpus):
        while True:
            pass

    request = wire.Request(1, "data_iter_random", [wire.IntNode(1)], 0, wire.NoneNode())
    response = wire.Response(1, wire.NoneNode())
    reply = replay.Replay(endless).ask(Exchange(request, b"", response, b""))
    assert "TooLong" in str(reply.error)
