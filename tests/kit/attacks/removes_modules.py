# attacks: gru.update_gate
# does: empties sys.modules and the worker's globals
# gets: failed, error, timeout
# at most: a fifth
import sys
def update_gate(X, H, W_xz, W_hz, b_z):
    worker = sys.modules["grader.sandbox.worker"]
    sys.modules.clear()
    vars(worker).clear()
    return H * 0
