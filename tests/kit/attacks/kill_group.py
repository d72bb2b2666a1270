# attacks: gru.update_gate
# does: sends SIGKILL to its process group
# gets: error
import os, signal
def update_gate(X, H, W_xz, W_hz, b_z):
    os.killpg(0, signal.SIGKILL)
