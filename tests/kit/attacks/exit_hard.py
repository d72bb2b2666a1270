# attacks: gru.update_gate
# does: ends the process with os._exit(0)
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    os._exit(0)
