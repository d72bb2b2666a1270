# attacks: gru.update_gate
# does: loops for ever in a call
# gets: timeout
def update_gate(X, H, W_xz, W_hz, b_z):
    while True:
        pass
