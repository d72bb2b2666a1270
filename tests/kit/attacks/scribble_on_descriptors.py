# attacks: gru.update_gate
# does: writes garbage to every descriptor
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    for descriptor in range(64):
        try:
            os.write(descriptor, b"garbage" * 10)
        except OSError:
            pass
    return X
