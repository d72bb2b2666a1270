# attacks: gru.update_gate
# does: calls itself without end
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    return update_gate(X, H, W_xz, W_hz, b_z)
