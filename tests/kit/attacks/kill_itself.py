# attacks: gru.update_gate
# does: sends SIGKILL to itself
# gets: error
import os, signal
def update_gate(X, H, W_xz, W_hz, b_z):
    os.kill(os.getpid(), signal.SIGKILL)
