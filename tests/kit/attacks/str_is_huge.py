# attacks: gru.update_gate
# does: raises an exception with a text of 30 million characters
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    raise ValueError("x" * 30_000_000)
