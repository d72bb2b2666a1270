# attacks: gru.update_gate
# does: raises KeyboardInterrupt
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    raise KeyboardInterrupt
