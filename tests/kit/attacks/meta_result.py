# attacks: gru.update_gate
# does: returns the right shape without any data
# gets: failed
# at most: a fifth
def update_gate(X, H, W_xz, W_hz, b_z):
    return H.to("meta")
