# attacks: gru.update_gate
# does: prints without end
# gets: timeout
def update_gate(X, H, W_xz, W_hz, b_z):
    while True:
        print("x" * 10_000)
