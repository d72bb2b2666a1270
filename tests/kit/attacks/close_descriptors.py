# attacks: gru.update_gate
# does: closes every descriptor
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    os.closerange(0, 1000)
