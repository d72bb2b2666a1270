# attacks: gru.update_gate
# does: returns infinity
# gets: failed
# at most: a fifth
def update_gate(X, H, W_xz, W_hz, b_z):
    return H.abs() * float("inf")
