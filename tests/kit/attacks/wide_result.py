# attacks: gru.update_gate
# does: returns a list of ten million items
# gets: failed, error, timeout
def update_gate(X, H, W_xz, W_hz, b_z):
    return [0] * 10_000_000
