# attacks: gru.update_gate
# does: asks pytest to end the session with success
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    import pytest
    pytest.exit("done", returncode=0)
