# attacks: gru.update_gate
# does: returns lists 100,000 deep
# gets: failed, error
def update_gate(X, H, W_xz, W_hz, b_z):
    result = []
    for _ in range(100_000):
        result = [result]
    return result
