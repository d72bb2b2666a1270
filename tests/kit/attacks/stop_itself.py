# attacks: gru.update_gate
# does: sends SIGSTOP to itself
# gets: timeout
import os, signal
def update_gate(X, H, W_xz, W_hz, b_z):
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:
        pass
