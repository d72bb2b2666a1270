# attacks: gru.update_gate
# does: spends its time in C code that no Python signal reaches
# gets: timeout, error
def update_gate(X, H, W_xz, W_hz, b_z):
    return 7 ** (7 ** 12)
