# attacks: gru.update_gate
# does: imports the solutions, the checks and the grader's list of mistakes
# gets: failed, error
# at most: a fifth
def update_gate(X, H, W_xz, W_hz, b_z):
    import importlib
    for name in ("solutions.gru", "grader.misconceptions.gru", "grader.checking.subjects", "tests.checks.check_gru"):
        try:
            return importlib.import_module(name).update_gate(X, H, W_xz, W_hz, b_z)
        except Exception:
            pass
    return H * 0
