"""What a function waits for: what its failing call called, as it was seen, and nothing else."""

import pytest

from tests.kit.submissions import SOLUTIONS, statuses, with_source

HEAD = "import torch\n\n\n"
UNPACK = "    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params\n"
LOOP = """
def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), out = state, []
    for X in inputs:
        Z = {gate}
        R = (X @ W_xr + H @ W_hr + b_r).sigmoid()
        H = Z * H + (1 - Z) * (X @ W_xh + {product} + b_h).tanh()
        out.append(H @ W_hq + b_q)
    return out, (H,)
"""
INLINE = "(X @ W_xz + H @ W_hz + b_z).sigmoid()"
RIGHT = "(R * H) @ W_hh"
WRONG = "R * (H @ W_hh)"
NO_BIAS = "    return (X @ W_xz + H @ W_hz).sigmoid()\n"
STUB = "    raise NotImplementedError\n"
ENDLESS = "    while True:\n        pass\n"
GATE = "def update_gate(X, H, W_xz, W_hz, b_z):\n"


def _file(gate=INLINE, product=RIGHT, before=""):
    return HEAD + before + LOOP.format(gate=gate, product=product)


def _blocked_by(graded, function):
    rows = graded.catalog.functions[function].checks
    waiting = [graded.outcomes[row.id] for row in rows]
    return {name for o in waiting if o.check.kind != "timing" for name in o.blocked_by}


def test_a_wrong_loop_that_calls_nothing_is_failed(engine, tmp_path):
    """Everything in one function, and nothing else in the file: it waits for nobody."""
    graded = engine.grade(with_source(tmp_path, "gru", _file(product=WRONG)), ["gru"])
    assert graded.outcomes["gru.gru.values"].status == "failed"
    assert graded.outcomes["gru.gru.shape"].status == "passed"
    assert _blocked_by(graded, "gru.gru") == set()
    assert statuses(graded, "gru.update_gate") == {"not_started"}


@pytest.mark.parametrize(
    "body, status", [(STUB, "not_started"), (NO_BIAS, "failed"), (ENDLESS, "timeout")]
)
def test_a_loop_waits_for_what_it_called(engine, tmp_path, body, status):
    """A helper that is not begun, wrong or endless is to blame, not the right loop around it."""
    source = _file(gate="update_gate(X, H, W_xz, W_hz, b_z)", before=GATE + body)
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    assert status in statuses(graded, "gru.update_gate")
    assert graded.outcomes["gru.gru.values"].status == "blocked"
    assert _blocked_by(graded, "gru.gru") == {"update_gate"}


def test_what_it_passes_it_keeps(engine, tmp_path):
    """Only the checks that fail wait: the shape is right whatever the gate's values."""
    source = _file(gate="update_gate(X, H, W_xz, W_hz, b_z)", before=GATE + NO_BIAS)
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    assert graded.outcomes["gru.gru.shape"].status == "passed"
    assert graded.outcomes["gru.gru.split"].status == "passed"


def test_a_wrong_helper_that_is_not_called_excuses_nothing(engine, tmp_path):
    """A loop with a fault of its own is failed beside a gate that is wrong, too."""
    graded = engine.grade(
        with_source(tmp_path, "gru", _file(product=WRONG, before=GATE + NO_BIAS)), ["gru"]
    )
    assert graded.outcomes["gru.update_gate.values"].status == "failed"
    assert graded.outcomes["gru.gru.values"].status == "failed"


def test_a_helper_with_a_minor_fault_excuses_minor_rows_alone(engine, tmp_path):
    """A gate that only works in float32 does not explain why the reset acts too late."""
    body = "    X, H, W_xz, W_hz, b_z = (t.float() for t in (X, H, W_xz, W_hz, b_z))\n"
    gate = GATE + body + "    return (X @ W_xz + H @ W_hz + b_z).sigmoid()\n"
    source = _file("update_gate(X, H, W_xz, W_hz, b_z)", WRONG, gate)
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    assert graded.outcomes["gru.gru.values"].status == "failed"


TRAINING = (SOLUTIONS / "training.py").read_text(encoding="utf-8")
ALIASES = {
    "a name of its own": "from exercises.sequence_data import to_onehot as encode\n",
    "the module": "import exercises.sequence_data as data\n\n\ndef encode(*given):\n"
    "    return data.to_onehot(*given)\n",
    "inside the function": "def encode(*given):\n    from .sequence_data import to_onehot as f\n"
    "    return f(*given)\n",
}


@pytest.mark.parametrize("how", ALIASES)
def test_imports_count_under_any_name(engine, tmp_path, how):
    """train_epoch waits for a to_onehot of another file, however it came by it."""
    source = (SOLUTIONS / "sequence_data.py").read_text(encoding="utf-8")
    source += "\n\ndef to_onehot(X, n_class):\n    return [torch.zeros(len(X), n_class)]\n"
    folder = with_source(tmp_path, "sequence_data", source)
    (folder / "training.py").write_text(
        TRAINING.replace("import torch\n", "import torch\n" + ALIASES[how], 1).replace(
            "to_onehot(X", "encode(X"
        ),
        encoding="utf-8",
    )
    graded = engine.grade(folder, ["training"])
    row = graded.outcomes["training.train_epoch.step"]
    assert (row.status, row.blocked_by) == ("blocked", ["sequence_data.to_onehot"])


def test_an_exercise_that_is_no_need_is_looked_at_if_it_was_called(engine, tmp_path):
    """lstm.py may take its output parameters' zeros from gru.py: then gru.py may be to blame."""
    lstm = (SOLUTIONS / "lstm.py").read_text(encoding="utf-8")
    lstm += """

def init_lstm_state(batch_size, num_hiddens, device=None):
    from exercises.gru import init_gru_state as zeros
    return tuple(zeros(batch_size, num_hiddens, device)[0] for _ in range(2))
"""
    folder = with_source(tmp_path, "lstm", lstm)
    gru = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    gru += """

def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.ones((batch_size, num_hiddens), device=device),)
"""
    (folder / "gru.py").write_text(gru, encoding="utf-8")
    graded = engine.grade(folder, ["lstm"])
    row = graded.outcomes["lstm.init_lstm_state.values"]
    assert (row.status, row.blocked_by) == ("blocked", ["gru.init_gru_state"])


def test_functions_that_call_each_other_are_not_excused_by_that(engine, tmp_path):
    """A circle of wrong functions has somebody to blame."""
    source = """import torch


def reset_gate(X, H, W, U, b, deep=True):
    return (update_gate(X, H, W, U, b, False) if deep else X @ W + H @ U + b)


def update_gate(X, H, W, U, b, deep=True):
    return (reset_gate(X, H, W, U, b, False) if deep else X @ W + H @ U + b)
"""
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    first = graded.outcomes["gru.reset_gate.values"]
    second = graded.outcomes["gru.update_gate.values"]
    assert first.status == "failed"
    assert (second.status, second.blocked_by) == ("blocked", ["reset_gate"])


SHARED = {
    "a decorator": """
def logged(function):
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper


@logged
def reset_gate(X, H, W_xr, W_hr, b_r):
    return X @ W_xr


@logged
def update_gate(X, H, W_xz, W_hz, b_z):
    return X @ W_xz
""",
    "a factory": """
def make():
    def gate(X, H, W, U, b):
        return X @ W
    return gate


reset_gate, update_gate = make(), make()
""",
}


@pytest.mark.parametrize("how", SHARED)
def test_code_that_two_functions_share_is_no_call(engine, tmp_path, how):
    """Two wrong gates behind one decorator don't wait for each other; what calls them does."""
    source = _file(gate="update_gate(X, H, W_xz, W_hz, b_z)", before=SHARED[how] + "\n\n")
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    for name in ("reset_gate", "update_gate"):
        assert graded.outcomes[f"gru.{name}.values"].status == "failed"
    assert "update_gate" in graded.outcomes["gru.gru.values"].blocked_by


LIES = {
    "stops the watch": "    import sys\n    sys.setprofile(None)\n",
    "invents calls": "    import exercises.gru\n    exercises.gru.next_state = gru\n",
    "calls a stub besides": "    try:\n        next_state(1, 2, 3)\n"
    "    except Exception:\n        pass\n",
}


@pytest.mark.parametrize("how", LIES)
def test_a_lie_about_calls_earns_nothing(engine, tmp_path, how):
    """Whatever a wrong loop makes of the watch, what it fails is not paid."""
    source = _file(product=WRONG) + "\n\ndef next_state(Z, H, H_tilde):\n" + STUB
    source = source.replace(UNPACK, LIES[how] + UNPACK)
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    row = graded.outcomes["gru.gru.values"]
    assert row.status in ("failed", "blocked", "error")
    assert row.score == 0
