# attacks: gru.update_gate
# does: aborts
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    os.abort()
