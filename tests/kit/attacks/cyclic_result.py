# attacks: gru.update_gate
# does: returns a list that holds itself
# gets: failed
def update_gate(X, H, W_xz, W_hz, b_z):
    result = []
    result.append(result)
    return result
