# attacks: gru.update_gate
# does: leaves work for the end of the process, which never comes
# gets: failed, error
# at most: a fifth
import atexit, os
def update_gate(X, H, W_xz, W_hz, b_z):
    atexit.register(lambda: os.write(3, b"x" * 100))
    return H * 0
