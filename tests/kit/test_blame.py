"""Where blame falls when files are missing, broken, or wrong in several places."""

import shutil

from tests.kit.submissions import SOLUTIONS, score, statuses, with_source


def test_a_missing_file_costs_its_own_points_only(engine, tmp_path):
    """gru.py alone, importing from a parameters.py that is not there: only get_params waits."""
    shutil.copy(SOLUTIONS / "gru.py", tmp_path)
    graded = engine.grade(tmp_path, ["gru"])
    assert statuses(graded, "gru.get_params") == {"blocked"}
    assert statuses(graded, "gru.gru") == {"passed"}
    assert statuses(graded, "gru.update_gate") == {"passed"}
    blocked = graded.outcomes["gru.get_params.weights_normal"]
    assert blocked.blocked_by == ["parameters.gate_params"]  # the first that it called


def test_a_file_that_imports_a_broken_one_waits_for_it(engine, tmp_path):
    """A syntax error in parameters.py is not gru.py's fault, and costs what uses it alone."""
    folder = with_source(tmp_path, "parameters", "def normal_param(:\n")
    graded = engine.grade(folder, ["parameters", "gru", "sequence_data"])
    assert statuses(graded, "parameters.normal_param") == {"error"}
    assert statuses(graded, "gru.gru") == {"passed"}
    assert statuses(graded, "gru.get_params") == {"blocked"}
    assert statuses(graded, "sequence_data.one_hot") == {"passed"}


def test_an_empty_folder_is_not_started_throughout(engine, tmp_path):
    """Nothing handed in is a complete report with zero points."""
    graded = engine.grade(tmp_path)
    assert {outcome.status for outcome in graded.outcomes.values()} == {"not_started"}
    assert score(graded)[0] == 0


def test_a_function_that_is_right_by_itself_waits_for_no_helper(engine, tmp_path):
    """A fused GRU keeps its points while the gates are still stubs."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += """

def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H = Z * H + (1 - Z) * torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


def update_gate(X, H, W_xz, W_hz, b_z):
    raise NotImplementedError
"""
    graded = engine.grade(with_source(tmp_path, "gru", source), ["gru"])
    assert statuses(graded, "gru.update_gate") == {"not_started"}
    assert statuses(graded, "gru.gru") == {"passed"}


def test_two_faults_in_a_row_are_blamed_on_the_first(engine, tmp_path):
    """to_onehot waits for one_hot, and train_epoch for whichever of its helpers is wrong."""
    source = (SOLUTIONS / "sequence_data.py").read_text(encoding="utf-8")
    source += "\n\ndef one_hot(x, n_class, dtype=torch.float32):\n    return torch.zeros(1)\n"
    folder = with_source(tmp_path, "sequence_data", source)
    graded = engine.grade(folder, ["training"])
    blocked = graded.outcomes["training.train_epoch.step"]
    assert blocked.status == "blocked"
    assert blocked.blocked_by == ["sequence_data.one_hot"]
    assert statuses(graded, "training.sequence_loss") == {"passed"}
