# attacks: gru.update_gate
# does: takes all the memory it can get
# gets: error, timeout
def update_gate(X, H, W_xz, W_hz, b_z):
    kept = []
    while True:
        kept.append(bytearray(50_000_000))
