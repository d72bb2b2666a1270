# attacks: gru.update_gate
# does: asks pytest to skip the check
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    import pytest
    pytest.skip("not today")
